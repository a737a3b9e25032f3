"""Comparing many pairs: one loop over pairs, every comparison fused into it. The same levels as `plain`."""

import numpy as np
from numba import njit

from dataquality.engine.compare import rules
from dataquality.engine.compare.measures import (
    begins,
    date_parts,
    edits,
    holds_word,
    overlap,
    same_exchange,
    same_letters,
)
from dataquality.engine.compare.measures import (
    near as near_texts,
)
from dataquality.engine.compare.plan import (
    CODE,
    COMPANY,
    DAY,
    EMAIL,
    HOST,
    NUMBER,
    PERSON,
    PHONE,
    PLACE,
    POSTCODE,
    STREET,
    TEXT,
    WORDS,
)
from dataquality.engine.records.hashing import P

# Machine code is kept until this very file changes, not when those change whose functions it calls: the beginning of
# the SHA-256 of rules.py and measures.py, one after the other, which a test compares.
CALLS = "872483e20495"
_KNOWN = rules.KNOWN
_P = np.uint64(P)
_inline = njit(nogil=True, cache=True, inline="never")
_given = _inline(rules.given_level)
_family = _inline(rules.family_level)
_namesakes = _inline(rules.namesake_level)
_surname = _inline(rules.surname_level)
_company = _inline(rules.company_level)
_email = _inline(rules.email_level)
_phone = _inline(rules.phone_level)
_host = _inline(rules.host_level)
_street = _inline(rules.street_level)
_place = _inline(rules.place_level)
_postcode = _inline(rules.postcode_level)
_day = _inline(rules.day_level)
_code = _inline(rules.code_level)
_text = _inline(rules.text_level)
_number = _inline(rules.number_level)

_GIVEN, _FAMILY = len(WORDS["given"]) + 1, len(WORDS["family"]) + 1
_NAMESAKES, _SURNAME = len(WORDS["namesakes"]) + 1, len(WORDS["surname"]) + 1
_LEVELS = np.ones(12, dtype=np.int64)
for _rule, _words in (
    (COMPANY, "company"),
    (EMAIL, "email"),
    (PHONE, "phone"),
    (HOST, "host"),
    (STREET, "street"),
    (PLACE, "place"),
    (POSTCODE, "postcode"),
    (DAY, "day"),
    (CODE, "code"),
    (TEXT, "text"),
    (NUMBER, "number"),
):
    _LEVELS[_rule] = len(WORDS[_words]) + 1


@njit(nogil=True, cache=True)
def _near(x, y, a, b, work, met, said):  # type: ignore[no-untyped-def]
    """How near two texts of hashes x < y are, remembered: names, places and companies come again and again."""
    key = (x * _P) ^ y
    slot = (key >> np.uint64(40)) & np.uint64(len(met) - 1)
    if met[slot] != key:
        met[slot] = key
        said[slot] = near_texts(a, b, work)
    return int(said[slot])


@njit(nogil=True, cache=True)
def _slot_level(rule, fa, fb, i, j, H, C, B, E, R, log_rows, words, W, S, T, X, V, work, used, met, said):  # type: ignore[no-untyped-def]
    """The level of one value of row i (first field fa) against one of row j (first field fb)."""
    x, y = H[i, fa], H[j, fb]
    if x == 0 or y == 0:
        return 0
    if x > y:  # the same order whichever row comes first
        i, j, fa, fb, x, y = j, i, fb, fa, y, x
    same = x == y
    rare = max(int(R[i, fa]), int(R[j, fb]))
    a = C[B[i] + (E[i, fa - 1] if fa > 0 else 0) : B[i] + E[i, fa]]
    b = C[B[j] + (E[j, fb - 1] if fb > 0 else 0) : B[j] + E[j, fb]]
    near = 4
    if rule == PHONE:
        tail = H[i, fa + 1] == H[j, fb + 1] and H[i, fa + 1] != 0
        return _phone(same, rare, tail, 0 if same or tail else edits(a, b, work), same_exchange(a, b))
    if rule == PLACE:
        return _place(same, rare, log_rows, 4 if same else _near(x, y, a, b, work, met, said))
    if rule in (COMPANY, TEXT):
        contained, alike, same_words = 0, 0, False
        if not same:
            near = _near(x, y, a, b, work, met, said)
            ta, tb = W[words[fa + 1], i : i + 2], W[words[fb + 1], j : j + 2]
            contained, alike = overlap(ta, tb, B[i], B[j], C, C, S, T, X, V, used, work)
            same_words = H[i, fa + 1] == H[j, fb + 1] and H[i, fa + 1] != 0
        if rule == TEXT:
            return _text(same, rare, near, 100 if same_words else contained, 100 if same_words else alike)
        acronym = (H[i, fa + 2] == y and y != 0) or (H[j, fb + 2] == x and x != 0)
        return _company(same, rare, same_words, acronym, near, contained, alike)
    if rule == EMAIL:
        role = H[i, fa + 3] != 0 or H[j, fb + 3] != 0
        local = H[i, fa + 1] == H[j, fb + 1] and H[i, fa + 1] != 0
        domain = H[i, fa + 2] == H[j, fb + 2] and H[i, fa + 2] != 0
        u, v = H[i, fa + 4], H[j, fb + 4]
        own = u != 0 and v != 0 and u != v
        near_local = 4
        figures = False
        if not same and not role and not own:
            near = 1 if edits(a, b, work) == 1 else 4
            if not local:
                c = C[B[i] + E[i, fa] : B[i] + E[i, fa + 1]]
                d = C[B[j] + E[j, fb] : B[j] + E[j, fb + 1]]
                if len(c) > 0 and len(d) > 0:
                    near_local = 1 if near == 1 else near_texts(c, d, work)
                    figures = same_letters(c, d)
        return _email(
            same, rare, role, near, figures, own, local, near_local, domain, (H[i, fa + 2] == 0) != (H[j, fb + 2] == 0)
        )
    if rule == HOST:
        return _host(same, rare, 4 if same else _near(x, y, a, b, work, met, said))
    if rule == STREET:
        within = False
        if not same:
            near = _near(x, y, a, b, work, met, said)
            if near > 2 and (holds_word(a, b) if len(a) > len(b) else holds_word(b, a)) and min(len(a), len(b)) >= 4:
                within = True
        p, q = H[i, fa + 1], H[j, fb + 1]
        near_number = False
        if p != 0 and q != 0 and p != q:
            c = C[B[i] + E[i, fa] : B[i] + E[i, fa + 1]]
            d = C[B[j] + E[j, fb] : B[j] + E[j, fb + 1]]
            near_number = edits(c, d, work) == 1 and max(len(c), len(d)) >= 2
        if H[i, fa + 2] == H[j, fb + 2]:
            rare = max(int(R[i, fa + 2]), int(R[j, fb + 2]))
        return _street(same, rare, near, within, int(p != 0) + int(q != 0), p == q, near_number)
    if rule == POSTCODE:
        area = H[i, fa + 1] == H[j, fb + 1] and H[i, fa + 1] != 0
        return _postcode(same, rare, area, 0 if same else edits(a, b, work))
    if rule == DAY:
        swapped, parts, year = date_parts(a, b)
        return _day(same, rare, log_rows, swapped, 0 if same else edits(a, b, work), parts, year)
    if rule == CODE:
        if same:
            return _code(True, rare, 4, 0)
        distance = edits(a, b, work)
        return _code(False, rare, 4 if distance == 1 else _near(x, y, a, b, work, met, said), distance)
    return _number(same, rare, 4 if same else _near(x, y, a, b, work, met, said))


@njit(nogil=True, cache=True)
def _person(f, i, j, H, C, B, E, R, around, work, met, said, out):  # type: ignore[no-untyped-def]
    """given, family, namesakes, surname into out[0:4]. Fields: first, formal, family, native, full, given_here,
    family_here."""
    if H[i, f] > H[j, f] or (H[i, f] == H[j, f] and H[i, f + 2] > H[j, f + 2]):
        i, j = j, i
    x, y, u, v = H[i, f], H[j, f], H[i, f + 2], H[j, f + 2]
    swapped = False
    if x != 0 and y != 0 and u != 0 and v != 0 and (x != y or u != v) and (x == v or y == u):
        swapped = x == v and y == u
        if not swapped:
            c, d = (f + 2, f) if x == v else (f, f + 2)  # the name of either side that is not the same crosswise
            a = C[B[i] + (E[i, c - 1] if c > 0 else 0) : B[i] + E[i, c]]
            b = C[B[j] + (E[j, d - 1] if d > 0 else 0) : B[j] + E[j, d]]
            swapped = near_texts(a, b, work) <= 2
    given = 0
    if x != 0 and y != 0:
        a = C[B[i] + (E[i, f - 1] if f > 0 else 0) : B[i] + E[i, f]]
        b = C[B[j] + (E[j, f - 1] if f > 0 else 0) : B[j] + E[j, f]]
        same = x == y
        initial = len(a) == 1 or len(b) == 1
        formal = H[i, f + 1] == H[j, f + 1] and H[i, f + 1] != 0
        script = H[i, f + 3] != 0 and H[j, f + 3] != 0 and H[i, f + 3] != H[j, f + 3]
        near = 4
        if not same and not initial and not formal and not swapped:
            near = _near(min(x, y), max(x, y), a, b, work, met, said)
        known = R[i, f] >= _KNOWN and R[j, f] >= _KNOWN
        given = _given(same, formal, script, swapped, initial, begins(a, b), a[0] == b[0], near, known)
    family = 0
    if u != 0 and v != 0 and given != 6:
        a = C[B[i] + E[i, f + 1] : B[i] + E[i, f + 2]]
        b = C[B[j] + E[j, f + 1] : B[j] + E[j, f + 2]]
        same = u == v
        initial = len(a) == 1 or len(b) == 1
        near = 4
        contained = False
        if not same and not initial:
            near = _near(min(u, v), max(u, v), a, b, work, met, said)
            contained = holds_word(a, b) if len(a) > len(b) else holds_word(b, a)
        known = R[i, f + 2] >= _KNOWN and R[j, f + 2] >= _KNOWN
        family = _family(same, initial, contained, a[0] == b[0], near, known)
    out[0], out[1] = given, family
    expected = max(int(R[i, f + 4]), int(R[j, f + 4]))
    most = 0
    for c in around:
        if H[i, c] != 0 and H[i, c] == H[j, c]:
            most = max(most, max(int(R[i, f + 5]), int(R[j, f + 5])) - max(int(R[i, c]), int(R[j, c])))
    out[2] = _namesakes(given, family, expected - most)
    out[3] = _surname(given, family, int(R[i, f + 2]))


@njit(nogil=True, cache=True)
def patterns(pa, pb, steps, around, H, C, B, E, R, log_rows, words, W, S, T, X, V, out):  # type: ignore[no-untyped-def]
    """The packed levels of every pair (pa, pb), as `plan.Program` lays them out.

    H, C, B, E, R: hashes, chars, begin, ends, rarity of `records.Records`; words: field -> row of W, the first words;
    S, T, X, V: start, end, hash and weight of the words.
    """
    work = np.zeros((3, 260), dtype=np.int64)
    used = np.zeros(64, dtype=np.int64)
    met = np.zeros(1 << 15, dtype=np.uint64)
    said = np.zeros(1 << 15, dtype=np.uint8)
    person = np.zeros(4, dtype=np.int64)
    grid = np.zeros((4, 4), dtype=np.int64)
    for p in range(len(pa)):
        i, j = pa[p], pb[p]
        pattern, radix = 0, 1
        s = 0
        while s < len(steps):
            rule, f, size = steps[s, 0], steps[s, 1], steps[s, 2]
            if rule == PERSON:
                _person(f, i, j, H, C, B, E, R, around, work, met, said, person)
                pattern += radix * person[0]
                radix *= _GIVEN
                pattern += radix * person[1]
                radix *= _FAMILY
                pattern += radix * person[2]
                radix *= _NAMESAKES
                pattern += radix * person[3]
                radix *= _SURNAME
                s += 1
                continue
            if size == 1:
                level = _slot_level(
                    rule, f, f, i, j, H, C, B, E, R, log_rows, words, W, S, T, X, V, work, used, met, said
                )
                pattern += radix * level
                radix *= _LEVELS[rule]
                s += 1
                continue
            for x in range(size):
                for y in range(size):
                    grid[x, y] = _slot_level(
                        rule, steps[s + x, 1], steps[s + y, 1], i, j,
                        H, C, B, E, R, log_rows, words, W, S, T, X, V, work, used, met, said,
                    )  # fmt: skip
            for _ in range(size):
                best, bx, by, bkey = 99, -1, -1, 99
                for x in range(size):
                    for y in range(size):
                        level = grid[x, y]
                        if level > 0:
                            key = min(x, y) * 4 + max(x, y)
                            if level < best or (level == best and key < bkey):
                                best, bx, by, bkey = level, x, y, key
                if bx >= 0:
                    pattern += radix * best
                    for k in range(size):
                        grid[bx, k] = 0
                        grid[k, by] = 0
                radix *= _LEVELS[rule]
            s += size
        out[p] = pattern


@njit(nogil=True, cache=True)
def number_patterns(patterns, table, places, out):  # type: ignore[no-untyped-def]
    """out[p] = number of the pattern in order of first appearance; returns how many there are, -1 if the table is full.

    table (filled with -1) and places have a size that is a power of two.
    """
    mask = len(table) - 1
    found = 0
    for p in range(len(patterns)):
        v = patterns[p]
        slot = (v ^ (v >> 17) ^ (v >> 31)) & mask
        while table[slot] != v and table[slot] != -1:
            slot = (slot + 1) & mask
        if table[slot] == -1:
            if found * 2 > mask:
                return -1
            table[slot] = v
            places[slot] = found
            found += 1
        out[p] = places[slot]
    return found
