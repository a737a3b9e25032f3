"""What makes a level: plain functions of whole numbers, run as they are for few pairs and compiled for many.

Level 0 is *missing* everywhere (no evidence), 1 the best, the last *different*. `near` is how near two unequal texts
are: 1 one edit apart, 2 near, 3 similar, 4 different (see `nearness`). `rare` is 8 x log2(rows that share the value).
"""

KNOWN = 20  # rarity from which a spelling is no slip: six records have it


def nearness(distance: int, winkler: int, shorter: int, longer: int) -> int:
    """From the edits (optimal string alignment, counted to 3) and Jaro-Winkler similarity in ten-thousandths."""
    if distance == 1 and longer >= 4:
        return 1
    if (distance == 2 and shorter >= 7) or winkler >= 9200:
        return 2
    if winkler >= 8500 or (distance <= 2 and shorter >= 4):
        return 3
    return 4


def given_level(
    same: bool,
    same_formal: bool,
    other_script: bool,
    swapped: bool,
    initial: bool,
    begins: bool,
    first_letter: bool,
    near: int,
    known: bool,
) -> int:
    """1 same, 2 nickname, 3 a slip, 4 initial, 5 near or shortened, 6 swapped with the family name, 7 two known names
    one letter apart, 8 different with the same first letter, 9 different. known: many records have either
    spelling."""
    if same:
        return 5 if other_script else 1
    if swapped:
        return 6
    if same_formal:
        return 2
    if initial:
        return 4 if first_letter else 9
    if near == 1:
        return 7 if known else 3
    if begins or near == 2:
        return 7 if known and not begins else 5
    return 8 if first_letter else 9


def family_level(same: bool, initial: bool, contained: bool, first_letter: bool, near: int, known: bool) -> int:
    """1 same, 2 a slip, 3 one part of a double name, 4 initial, 5 near, 6 two known names that are near, 7 similar, 8
    different."""
    if same:
        return 1
    if initial:
        return 4 if first_letter else 8
    if near == 1:
        return 6 if known else 2
    if contained:
        return 3
    if near == 2:
        return 6 if known else 5
    return 7 if near == 3 else 8


def namesake_level(given: int, family: int, expected: int) -> int:
    """Namesakes to expect of a name that agrees, among those who share what the two share besides: 1 below 1/1024, 2
    below 1/128, 3 below 1/16, 4 below 1/4, 5 below 1, 6 below 8, 7 more; 0 where the names do not agree. expected:
    128 + 8 x log2(namesakes)."""
    if not ((given == 1 or given == 2) and family == 1) and given != 6:
        return 0
    if expected < 48:
        return 1
    if expected < 72:
        return 2
    if expected < 96:
        return 3
    if expected < 112:
        return 4
    if expected < 128:
        return 5
    return 6 if expected < 152 else 7


def surname_level(given: int, family: int, rare_family: int) -> int:
    """Where only the family names agree: shared by 1 up to 4, 2 up to 16, 3 up to 64, 4 up to 256, 5 more."""
    if family != 1 or given == 1 or given == 2 or given == 6:
        return 0
    if rare_family <= 16:
        return 1
    if rare_family <= 32:
        return 2
    if rare_family <= 48:
        return 3
    return 4 if rare_family <= 64 else 5


def company_level(same: bool, rare: int, same_words: bool, acronym: bool, near: int, contained: int, alike: int) -> int:
    """1-4 same (few to many share it), 5 one edit or the same words, 6 one holds the other, or is its acronym, 7
    mostly the same words or near, 8 half of the words, 9 some words or similar, 10 different. contained, alike in
    percent."""
    if same:
        if rare <= 16:
            return 1
        if rare <= 28:
            return 2
        return 3 if rare <= 45 else 4
    if near == 1 or same_words:
        return 5
    if contained >= 95 or acronym:
        return 6
    if alike >= 50 or contained >= 75 or near == 2:
        return 7
    if alike >= 30 or contained >= 50:
        return 8
    return 9 if alike >= 12 or contained >= 30 or near == 3 else 10


def email_level(
    same: bool,
    rare: int,
    role: bool,
    near: int,
    digits: bool,
    own_names: bool,
    same_local: bool,
    near_local: int,
    same_domain: bool,
    private_and_work: bool,
) -> int:
    """1 same, 2 same but of many or of a role, 3 one edit, 4 same name at another domain, 5 near name at the same
    domain, 6 same domain, 7 near name at another domain, 8 figures apart at the same work domain, where they tell
    namesakes apart, 9 a private and a work address, 10 different. own_names: each address bears the family name of its
    own record, and these differ; digits: what differs are figures."""
    if same:
        return 2 if role or rare > 8 else 1
    if role or own_names:
        if same_domain:
            return 6
        return 9 if private_and_work else 10
    if digits and (near == 1 or near_local <= 2):
        return 8 if same_domain else 5 if near == 1 else 7
    if near == 1:
        return 3
    if same_local:
        return 4
    if near_local <= 2:
        return 5 if same_domain else 7
    if same_domain:
        return 6
    return 9 if private_and_work else 10


def phone_level(same: bool, rare: int, same_tail: bool, distance: int, same_exchange: bool) -> int:
    """1-4 same (few to many share it), 5 the same last digits, 6 one digit apart, 7 alike but for the last digits, as
    in one office, 8 different."""
    if same:
        if rare <= 8:
            return 1
        if rare <= 18:
            return 2
        return 3 if rare <= 32 else 4
    if same_tail:
        return 5
    if distance == 1:
        return 6
    return 7 if same_exchange else 8


def host_level(same: bool, rare: int, near: int) -> int:
    """1-4 same (few to many share it), 5 one edit, 6 different."""
    if same:
        if rare <= 16:
            return 1
        if rare <= 28:
            return 2
        return 3 if rare <= 45 else 4
    return 5 if near == 1 else 6


def street_level(
    same: bool, rare: int, near: int, contained: bool, numbers: int, same_number: bool, near_number: bool
) -> int:
    """1-3 same street and number (up to 4, up to 16, more share the address), 4 near street, same number, 5 street
    same or near, a number missing, 6 street same or near, numbers nearly alike, 7 street same or near, other number,
    8 number same, other street, 9 different. numbers: how many of the two have one."""
    if not (same or near <= 2 or contained):
        return 8 if same_number and numbers == 2 else 9
    if numbers == 1:
        return 5
    if numbers == 0 or same_number:
        if not same:
            return 4
        if rare <= 16:
            return 1
        return 2 if rare <= 32 else 3
    return 6 if near_number else 7


def place_level(same: bool, rare: int, all_rows: int, near: int) -> int:
    """1 same and rare (below 1 in 512 rows), 2 same (below 1 in 32), 3 same and common, 4 near, 5 different."""
    if same:
        if rare < all_rows - 72:
            return 1
        return 2 if rare < all_rows - 40 else 3
    return 4 if near <= 2 else 5


def postcode_level(same: bool, rare: int, same_area: bool, distance: int) -> int:
    """1 same (up to 8 share it), 2 same (up to 64), 3 same, 4 one edit, 5 same area, 6 different."""
    if same:
        if rare <= 24:
            return 1
        return 2 if rare <= 48 else 3
    if distance == 1:
        return 4
    return 5 if same_area else 6


def day_level(same: bool, rare: int, all_rows: int, swapped: bool, distance: int, parts: int, same_year: bool) -> int:
    """1 same, 2 same and common (above 1 in 128 rows), 3 day and month swapped or one slip, 4 two of day, month and
    year, 5 same year, 6 different."""
    if same:
        return 2 if rare > all_rows - 56 and rare > 24 else 1
    if swapped or distance == 1:
        return 3
    if parts >= 2:
        return 4
    return 5 if same_year else 6


def code_level(same: bool, rare: int, near: int, distance: int) -> int:
    """1 same (up to 2 share it), 2 same (up to 16), 3 same, 4 one edit, 5 near, 6 different."""
    if same:
        if rare <= 8:
            return 1
        return 2 if rare <= 32 else 3
    if distance == 1:
        return 4
    return 5 if near <= 2 else 6


def text_level(same: bool, rare: int, near: int, contained: int, alike: int) -> int:
    """1 same (up to 4 share it), 2 same, 3 nearly all words, 4 most words, 5 some, 6 few, 7 different."""
    if same:
        return 1 if rare <= 16 else 2
    if near == 1 or alike >= 75:
        return 3
    if alike >= 45 or contained >= 95:
        return 4
    if alike >= 20:
        return 5
    return 6 if alike >= 7 else 7


def number_level(same: bool, rare: int, near: int) -> int:
    """1 same (up to 8 share it), 2 same, 3 one edit, 4 different."""
    if same:
        return 1 if rare <= 24 else 2
    return 3 if near == 1 else 4
