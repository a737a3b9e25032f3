"""The levels of a batch of pairs, comparison by comparison, in compiled code: the same as `plain.slot_level` gives."""

import numpy as np

from dataquality.engine.compare import rules
from dataquality.engine.compare.batches import agree, inlined, loop, text
from dataquality.engine.compare.measures import (
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
    PHONE,
    PLACE,
    POSTCODE,
    STREET,
    TEXT,
)
from dataquality.engine.records.hashing import P

_P = np.uint64(P)
_company = loop(rules.company_level)
_email = loop(rules.email_level)
_phone = loop(rules.phone_level)
_host = loop(rules.host_level)
_street = loop(rules.street_level)
_place = loop(rules.place_level)
_postcode = loop(rules.postcode_level)
_day = loop(rules.day_level)
_code = loop(rules.code_level)
_text = loop(rules.text_level)
_number = loop(rules.number_level)


@loop
def near(x, y, a, b, work):  # type: ignore[no-untyped-def]
    """How near two texts of hashes x < y are, remembered: names, places and companies come again and again."""
    key = (x * _P) ^ y
    slot = (key >> np.uint64(40)) & np.uint64(len(work.met) - 1)
    if work.met[slot] != key:
        work.met[slot] = key
        work.said[slot] = near_texts(a, b, work.edits)
    return int(work.said[slot])


@loop
def levels(rule, at, count, table, listed, log_rows, work, out):  # type: ignore[no-untyped-def]
    """out[k] = the level of pair k of those laid out."""
    if rule == PHONE:
        _phones(at, count, table, work, out)
    elif rule in (COMPANY, TEXT):
        _wordings(rule, at, count, table, listed, work, out)
    elif rule == EMAIL:
        _emails(at, count, table, work, out)
    elif rule == STREET:
        _streets(at, count, table, work, out)
    elif rule == POSTCODE:
        _postcodes(at, count, table, work, out)
    elif rule == DAY:
        _days(at, count, table, log_rows, work, out)
    elif rule == CODE:
        _codes(at, count, table, work, out)
    else:
        _others(rule, at, count, table, log_rows, work, out)


@inlined
def _texts(at, k, table):  # type: ignore[no-untyped-def]
    return table.chars[at.a[k] : at.a[k] + at.m[k]], table.chars[at.b[k] : at.b[k] + at.n[k]]


@loop
def _rarity(at, k, table, part):  # type: ignore[no-untyped-def]
    """Of a value that both have, perhaps in different columns."""
    return max(int(table.rarity[at.i[k], at.f[k] + part]), int(table.rarity[at.j[k], at.g[k] + part]))


@loop
def _others(rule, at, count, table, log_rows, work, out):  # type: ignore[no-untyped-def]
    """Places, hosts and numbers."""
    for k in range(count):
        a, b = _texts(at, k, table)
        same = at.x[k] == at.y[k]
        rare = _rarity(at, k, table, 0)
        alike = 4 if same else near(at.x[k], at.y[k], a, b, work)
        if rule == PLACE:
            out[k] = _place(same, rare, log_rows, alike)
        elif rule == HOST:
            out[k] = _host(same, rare, alike)
        else:
            out[k] = _number(same, rare, alike)


@loop
def _phones(at, count, table, work, out):  # type: ignore[no-untyped-def]
    for k in range(count):
        a, b = _texts(at, k, table)
        i, f, j, g = at.i[k], at.f[k], at.j[k], at.g[k]
        same = at.x[k] == at.y[k]
        tail = agree(table, i, f + 1, j, g + 1)
        distance = 0 if same or tail else edits(a, b, work.edits)
        out[k] = _phone(same, _rarity(at, k, table, 0), tail, distance, not same and same_exchange(a, b))


@loop
def _wordings(rule, at, count, table, listed, work, out):  # type: ignore[no-untyped-def]
    """Companies and texts."""
    H, B, C = table.hashes, table.begin, table.chars
    for k in range(count):
        i, f, j, g = at.i[k], at.f[k], at.j[k], at.g[k]
        x, y = at.x[k], at.y[k]
        same = x == y
        rare = _rarity(at, k, table, 0)
        how_near, contained, alike, same_words = 4, 0, 0, False
        if not same:
            a, b = _texts(at, k, table)
            how_near = near(x, y, a, b, work)
            ta, tb = listed.first[listed.of[f + 1], i : i + 2], listed.first[listed.of[g + 1], j : j + 2]
            contained, alike = overlap(
                ta, tb, B[i], B[j], C, C, listed.start, listed.end, listed.hashes, listed.weight, work.used, work.edits
            )
            same_words = agree(table, i, f + 1, j, g + 1)
        if rule == TEXT:
            out[k] = _text(same, rare, how_near, 100 if same_words else contained, 100 if same_words else alike)
        else:
            acronym = (H[i, f + 2] == y and y != 0) or (H[j, g + 2] == x and x != 0)
            out[k] = _company(same, rare, same_words, acronym, how_near, contained, alike)


@loop
def _emails(at, count, table, work, out):  # type: ignore[no-untyped-def]
    H = table.hashes
    for k in range(count):
        a, b = _texts(at, k, table)
        i, f, j, g = at.i[k], at.f[k], at.j[k], at.g[k]
        same = at.x[k] == at.y[k]
        role = H[i, f + 3] != 0 or H[j, g + 3] != 0
        local, domain = agree(table, i, f + 1, j, g + 1), agree(table, i, f + 2, j, g + 2)
        u, v = H[i, f + 4], H[j, g + 4]
        own = u != 0 and v != 0 and u != v
        how_near, near_local, figures = 4, 4, False
        if not same and not role and not own:
            how_near = 1 if edits(a, b, work.edits) == 1 else 4
            if not local:
                c, d = text(table, i, f + 1), text(table, j, g + 1)
                if len(c) > 0 and len(d) > 0:
                    near_local = 1 if how_near == 1 else near_texts(c, d, work.edits)
                    figures = same_letters(c, d)
        one_free = (H[i, f + 2] == 0) != (H[j, g + 2] == 0)
        rare = _rarity(at, k, table, 0)
        out[k] = _email(same, rare, role, how_near, figures, own, local, near_local, domain, one_free)


@loop
def _streets(at, count, table, work, out):  # type: ignore[no-untyped-def]
    H = table.hashes
    for k in range(count):
        i, f, j, g = at.i[k], at.f[k], at.j[k], at.g[k]
        x, y = at.x[k], at.y[k]
        how_near, within = 4, False
        if x != y:
            a, b = _texts(at, k, table)
            how_near = near(x, y, a, b, work)
            if how_near > 2 and min(len(a), len(b)) >= 4:
                within = holds_word(a, b) if len(a) > len(b) else holds_word(b, a)
        p, q = H[i, f + 1], H[j, g + 1]
        near_number = False
        if p != 0 and q != 0 and p != q:
            c, d = text(table, i, f + 1), text(table, j, g + 1)
            near_number = edits(c, d, work.edits) == 1 and max(len(c), len(d)) >= 2
        rare = _rarity(at, k, table, 2 if H[i, f + 2] == H[j, g + 2] else 0)
        out[k] = _street(x == y, rare, how_near, within, int(p != 0) + int(q != 0), p == q, near_number)


@loop
def _postcodes(at, count, table, work, out):  # type: ignore[no-untyped-def]
    for k in range(count):
        a, b = _texts(at, k, table)
        same = at.x[k] == at.y[k]
        area = agree(table, at.i[k], at.f[k] + 1, at.j[k], at.g[k] + 1)
        rare = _rarity(at, k, table, 0)
        out[k] = _postcode(same, rare, area, 0 if same else edits(a, b, work.edits))


@loop
def _days(at, count, table, log_rows, work, out):  # type: ignore[no-untyped-def]
    for k in range(count):
        a, b = _texts(at, k, table)
        same = at.x[k] == at.y[k]
        swapped, parts, year = date_parts(a, b)
        rare = _rarity(at, k, table, 0)
        out[k] = _day(same, rare, log_rows, swapped, 0 if same else edits(a, b, work.edits), parts, year)


@loop
def _codes(at, count, table, work, out):  # type: ignore[no-untyped-def]
    for k in range(count):
        a, b = _texts(at, k, table)
        same = at.x[k] == at.y[k]
        distance = 0 if same else edits(a, b, work.edits)
        how_near = 4 if same or distance == 1 else near(at.x[k], at.y[k], a, b, work)
        out[k] = _code(same, _rarity(at, k, table, 0), how_near, distance)
