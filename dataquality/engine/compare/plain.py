"""Comparing few pairs without compiled code: rapidfuzz measures, the same rules decide."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler

from dataquality.engine.compare import rules
from dataquality.engine.compare.plan import (
    CODE,
    COMPANY,
    DAY,
    EMAIL,
    HOST,
    PERSON,
    PHONE,
    PLACE,
    POSTCODE,
    STREET,
    TEXT,
    WORDS,
    Program,
)
from dataquality.engine.records.buffer import Records

Side = tuple[Records, int]


def edits(a: bytes, b: bytes) -> int:
    """Optimal string alignment distance, counted to 3."""
    return min(int(OSA.distance(a, b, score_cutoff=2)), 3)


def winkler(a: bytes, b: bytes) -> int:
    """Jaro-Winkler similarity in ten-thousandths."""
    return int(JaroWinkler.similarity(a, b) * 10000 + 1e-6) if a and b else 0


def near(a: bytes, b: bytes) -> int:
    """How near two unequal texts are (`rules.nearness`)."""
    return rules.nearness(edits(a, b), winkler(a, b), min(len(a), len(b)), max(len(a), len(b)))


def holds_word(long: bytes, short: bytes) -> bool:
    """Whether `short` stands in `long` as whole words."""
    start = long.find(short)
    while start >= 0:
        end = start + len(short)
        if (start == 0 or long[start - 1] in b" -") and (end == len(long) or long[end] in b" -"):
            return True
        start = long.find(short, start + 1)
    return False


def begins(a: bytes, b: bytes) -> bool:
    """Whether the shorter, of 3 characters or more, begins the longer."""
    short, long = sorted((a, b), key=len)
    return len(short) >= 3 and long.startswith(short)


def same_exchange(a: bytes, b: bytes) -> bool:
    """Whether two numbers of the same length, 7 digits or more, differ in no more than their last four."""
    return len(a) == len(b) >= 7 and a[:-4] == b[:-4]


def date_parts(a: bytes, b: bytes) -> tuple[bool, int, bool]:
    """(day and month swapped, how many of year, month and day agree, same year) of two texts YYYYMMDD."""
    if len(a) != 8 or len(b) != 8:
        return False, 0, min(len(a), len(b)) >= 4 and a[:4] == b[:4]
    year, month, day = a[:4] == b[:4], a[4:6] == b[4:6], a[6:] == b[6:]
    return year and a[4:6] == b[6:] and a[6:] == b[4:6], year + month + day, year


def overlap(left: Side, right: Side, place: int, other: int) -> tuple[int, int]:
    """(contained, alike) in percent of the weight of words shared; words one edit apart count 3/4."""
    (one, a), (two, b) = _words(left, place), _words(right, other)
    free = list(range(len(two)))
    rest = []
    shared = 0
    for word, weight, value in one:
        hit = next((j for j in free if two[j][2] == value), None)
        if hit is None:
            rest.append((word, weight))
        else:
            free.remove(hit)
            shared += 4 * weight
    for word, weight in rest:
        if len(word) < 5:
            continue
        hit = next((j for j in free if len(two[j][0]) >= 5 and edits(word, two[j][0]) <= 1), None)
        if hit is not None:
            free.remove(hit)
            shared += 3 * min(weight, two[hit][1])
    least = min(a, b)
    return (shared * 25 // least, shared * 100 // max(4 * (a + b) - shared, 1)) if least else (0, 0)


def _words(side: Side, place: int) -> tuple[list[tuple[bytes, int, int]], int]:
    records, row = side
    tokens = records.tokens[place]
    begin = int(records.begin[row])
    found = [
        (
            records.chars[begin + int(tokens.start[k]) : begin + int(tokens.end[k])].tobytes(),
            int(tokens.weight[k]),
            int(tokens.hashes[k]),
        )
        for k in range(int(tokens.first[row]), int(tokens.first[row + 1]))
    ]
    return found, sum(weight for _, weight, _ in found)


def slot_level(rule: int, left: Side, fa: int, right: Side, fb: int, log_rows: int) -> int:
    """The level of one value of the left row (first field fa) against one of the right row (first field fb)."""
    x, y = int(left[0].hashes[left[1], fa]), int(right[0].hashes[right[1], fb])
    if not x or not y:
        return 0
    if x > y:  # the same order whichever row comes first
        left, right, fa, fb, x, y = right, left, fb, fa, y, x
    same = x == y
    rare = max(int(left[0].rarity[left[1], fa]), int(right[0].rarity[right[1], fb])) if same else 0

    def text(side: Side, place: int) -> bytes:
        return side[0].text(side[1], place)

    def agree(part: int) -> bool:
        value = int(left[0].hashes[left[1], fa + part])
        return value != 0 and value == int(right[0].hashes[right[1], fb + part])

    a, b = text(left, fa), text(right, fb)
    if rule == PHONE:
        tail = agree(1)
        return rules.phone_level(same, rare, tail, 0 if same or tail else edits(a, b), same_exchange(a, b))
    if rule == PLACE:
        return rules.place_level(same, rare, log_rows, 4 if same else near(a, b))
    if rule in (COMPANY, TEXT):
        (contained, alike), close, same_words = (0, 0), 4, False
        if not same:
            close, same_words = near(a, b), agree(1)
            contained, alike = overlap(left, right, fa + 1, fb + 1)
        if rule == TEXT:
            return rules.text_level(same, rare, close, 100 if same_words else contained, 100 if same_words else alike)
        acronym = int(left[0].hashes[left[1], fa + 2]) == y or int(right[0].hashes[right[1], fb + 2]) == x
        return rules.company_level(same, rare, same_words, acronym, close, contained, alike)
    if rule == EMAIL:
        role = bool(left[0].hashes[left[1], fa + 3] or right[0].hashes[right[1], fb + 3])
        local, close, close_local, figures = agree(1), 4, 4, False
        u, v = int(left[0].hashes[left[1], fa + 4]), int(right[0].hashes[right[1], fb + 4])
        own = bool(u and v and u != v)
        if not same and not role and not own:
            close = 1 if edits(a, b) == 1 else 4
            c, d = text(left, fa + 1), text(right, fb + 1)
            if not local and c and d:
                close_local = 1 if close == 1 else near(c, d)
                figures = c.translate(None, b"0123456789") == d.translate(None, b"0123456789")
        mixed = bool(left[0].hashes[left[1], fa + 2]) != bool(right[0].hashes[right[1], fb + 2])
        return rules.email_level(same, rare, role, close, figures, own, local, close_local, agree(2), mixed)
    if rule == HOST:
        return rules.host_level(same, rare, 4 if same else near(a, b))
    if rule == STREET:
        contained, close = False, 4
        if not same:
            close = near(a, b)
            short, long = (b, a) if len(a) > len(b) else (a, b)
            contained = close > 2 and len(short) >= 4 and holds_word(long, short)
        c, d = text(left, fa + 1), text(right, fb + 1)
        whole = int(left[0].hashes[left[1], fa + 2]) == int(right[0].hashes[right[1], fb + 2])
        if whole:
            rare = max(int(left[0].rarity[left[1], fa + 2]), int(right[0].rarity[right[1], fb + 2]))
        return rules.street_level(
            same, rare, close, contained, bool(c) + bool(d), c == d,
            bool(c and d and c != d and edits(c, d) == 1 and max(len(c), len(d)) >= 2),
        )  # fmt: skip
    if rule == POSTCODE:
        return rules.postcode_level(same, rare, agree(1), 0 if same else edits(a, b))
    if rule == DAY:
        swapped, parts, year = date_parts(a, b)
        return rules.day_level(same, rare, log_rows, swapped, 0 if same else edits(a, b), parts, year)
    if rule == CODE:
        if same:
            return rules.code_level(True, rare, 4, 0)
        distance = edits(a, b)
        return rules.code_level(False, rare, 4 if distance == 1 else near(a, b), distance)
    return rules.number_level(same, rare, 4 if same else near(a, b))


def person_levels(left: Side, right: Side, f: int, around: Sequence[int]) -> tuple[int, int, int, int]:
    """given, family, namesakes, surname. Fields: first, formal, family, native, full, given_here,
    family_here."""
    one, two = left[0].hashes[left[1], f : f + 4], right[0].hashes[right[1], f : f + 4]
    if (one[0], one[2]) > (two[0], two[2]):
        left, right, one, two = right, left, two, one
    x, y, u, v = (int(value) for value in (one[0], two[0], one[2], two[2]))
    swapped = False
    if x and y and u and v and (x != y or u != v) and (x == v or y == u):
        c, d = (f + 2, f) if x == v else (f, f + 2)  # the name of either side that is not the same crosswise
        swapped = (x == v and y == u) or near(left[0].text(left[1], c), right[0].text(right[1], d)) <= 2

    def known(place: int) -> bool:
        return bool(min(left[0].rarity[left[1], place], right[0].rarity[right[1], place]) >= rules.KNOWN)

    given = 0
    if x and y:
        a, b = left[0].text(left[1], f), right[0].text(right[1], f)
        initial = len(a) == 1 or len(b) == 1
        formal = bool(one[1] != 0 and one[1] == two[1])
        script = bool(one[3] and two[3] and one[3] != two[3])
        close = 4 if x == y or initial or formal or swapped else near(a, b)
        given = rules.given_level(x == y, formal, script, swapped, initial, begins(a, b), a[0] == b[0], close, known(f))
    family = 0
    if u and v and given != 6:
        a, b = left[0].text(left[1], f + 2), right[0].text(right[1], f + 2)
        initial = len(a) == 1 or len(b) == 1
        close, contained = 4, False
        if u != v and not initial:
            close = near(a, b)
            contained = holds_word(a, b) if len(a) > len(b) else holds_word(b, a)
        family = rules.family_level(u == v, initial, contained, a[0] == b[0], close, known(f + 2))
    shared = max(int(left[0].rarity[left[1], f + 2]), int(right[0].rarity[right[1], f + 2])) if u == v else 0
    expected, of = (
        max(int(left[0].rarity[left[1], place]), int(right[0].rarity[right[1], place])) for place in (f + 4, f + 5)
    )
    most = 0
    for place in around:
        value = int(left[0].hashes[left[1], place])
        if value and value == int(right[0].hashes[right[1], place]):
            shared_by = max(int(left[0].rarity[left[1], place]), int(right[0].rarity[right[1], place]))
            most = max(most, of - shared_by)
    return (
        given,
        family,
        rules.namesake_level(given, family, expected - most),
        rules.surname_level(given, family, shared),
    )


def patterns(
    left: Records, right: Records, a: Sequence[int] | NDArray[np.int32], b: Sequence[int] | NDArray[np.int32],
    program: Program, log_rows: int,
) -> NDArray[np.int64]:  # fmt: skip
    """The packed levels of row a[k] of `left` against row b[k] of `right`."""
    levels_of = {number: len(WORDS[rule]) + 1 for number, rule in RULE_NAMES.items()}
    out = np.zeros(len(a), dtype=np.int64)
    steps, around = program.steps.tolist(), program.around.tolist()
    for k in range(len(a)):
        one, two = (left, int(a[k])), (right, int(b[k]))
        pattern, radix = 0, 1
        s = 0
        while s < len(steps):
            rule, f, size = steps[s]
            if rule == PERSON:
                for level, words in zip(person_levels(one, two, f, around), PERSON_RULES, strict=True):
                    pattern += radix * level
                    radix *= len(WORDS[words]) + 1
                s += 1
                continue
            members = [step[1] for step in steps[s : s + size]]
            for level in _aligned(rule, one, two, members, log_rows):
                pattern += radix * level
                radix *= levels_of[rule]
            s += size
        out[k] = pattern
    return out


PERSON_RULES = ("given", "family", "namesakes", "surname")
RULE_NAMES = {
    COMPANY: "company", EMAIL: "email", PHONE: "phone", HOST: "host", STREET: "street", PLACE: "place",
    POSTCODE: "postcode", DAY: "day", CODE: "code", TEXT: "text", 11: "number",
}  # fmt: skip


def _aligned(rule: int, left: Side, right: Side, members: list[int], log_rows: int) -> list[int]:
    """Levels of the best pairing of several columns of one kind, best first; 0 for what finds no partner."""
    if len(members) == 1:
        return [slot_level(rule, left, members[0], right, members[0], log_rows)]
    grid = [
        (slot_level(rule, left, fa, right, fb, log_rows), min(x, y) * 4 + max(x, y), x, y)
        for x, fa in enumerate(members)
        for y, fb in enumerate(members)
    ]
    found: list[int] = []
    left_used: set[int] = set()
    right_used: set[int] = set()
    for level, _, x, y in sorted(cell for cell in grid if cell[0]):
        if x not in left_used and y not in right_used:
            found.append(level)
            left_used.add(x)
            right_used.add(y)
    return found + [0] * (len(members) - len(found))
