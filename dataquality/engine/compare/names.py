"""The four levels of two people's names for a batch of pairs, in compiled code: the same as `plain.person_levels`."""

from dataquality.engine.compare import rules
from dataquality.engine.compare.batches import loop, text
from dataquality.engine.compare.levels import near
from dataquality.engine.compare.measures import begins, holds_word
from dataquality.engine.compare.measures import near as near_texts

_KNOWN = rules.KNOWN
_given = loop(rules.given_level)
_family = loop(rules.family_level)
_namesakes = loop(rules.namesake_level)
_surname = loop(rules.surname_level)


@loop
def names(pa, pb, f, around, table, work, out):  # type: ignore[no-untyped-def]
    """given, family, namesakes, surname into out[0:4, pair]. Fields: first, formal, family, native, full, given_here,
    family_here."""
    H, R = table.hashes, table.rarity
    for q in range(len(pa)):
        i, j = pa[q], pb[q]
        if H[i, f] > H[j, f] or (H[i, f] == H[j, f] and H[i, f + 2] > H[j, f + 2]):
            i, j = j, i
        swapped = _swapped(i, j, f, table, work)
        given = _given_of(i, j, f, swapped, table, work)
        family = _family_of(i, j, f, table, work) if given != 6 else 0
        expected = max(int(R[i, f + 4]), int(R[j, f + 4]))
        most = 0
        for c in around:
            if H[i, c] != 0 and H[i, c] == H[j, c]:
                most = max(most, max(int(R[i, f + 5]), int(R[j, f + 5])) - max(int(R[i, c]), int(R[j, c])))
        out[0, q], out[1, q] = given, family
        out[2, q] = _namesakes(given, family, expected - most)
        out[3, q] = _surname(given, family, int(R[i, f + 2]))


@loop
def _swapped(i, j, f, table, work):  # type: ignore[no-untyped-def]
    """Whether the names stand in each other's place, one of them perhaps with a slip."""
    H = table.hashes
    x, y, u, v = H[i, f], H[j, f], H[i, f + 2], H[j, f + 2]
    if x == 0 or y == 0 or u == 0 or v == 0 or (x == y and u == v) or (x != v and y != u):
        return False
    if x == v and y == u:
        return True
    c, d = (f + 2, f) if x == v else (f, f + 2)  # the name of either side that is not the same crosswise
    return near_texts(text(table, i, c), text(table, j, d), work.edits) <= 2


@loop
def _given_of(i, j, f, swapped, table, work):  # type: ignore[no-untyped-def]
    H, R = table.hashes, table.rarity
    x, y = H[i, f], H[j, f]
    if x == 0 or y == 0:
        return 0
    a, b = text(table, i, f), text(table, j, f)
    same = x == y
    initial = len(a) == 1 or len(b) == 1
    formal = H[i, f + 1] == H[j, f + 1] and H[i, f + 1] != 0
    script = H[i, f + 3] != 0 and H[j, f + 3] != 0 and H[i, f + 3] != H[j, f + 3]
    how_near = 4
    if not same and not initial and not formal and not swapped:
        how_near = near(min(x, y), max(x, y), a, b, work)
    known = R[i, f] >= _KNOWN and R[j, f] >= _KNOWN
    return _given(same, formal, script, swapped, initial, begins(a, b), a[0] == b[0], how_near, known)


@loop
def _family_of(i, j, f, table, work):  # type: ignore[no-untyped-def]
    H, R = table.hashes, table.rarity
    u, v = H[i, f + 2], H[j, f + 2]
    if u == 0 or v == 0:
        return 0
    a, b = text(table, i, f + 2), text(table, j, f + 2)
    same = u == v
    initial = len(a) == 1 or len(b) == 1
    how_near, contained = 4, False
    if not same and not initial:
        how_near = near(min(u, v), max(u, v), a, b, work)
        contained = holds_word(a, b) if len(a) > len(b) else holds_word(b, a)
    known = R[i, f + 2] >= _KNOWN and R[j, f + 2] >= _KNOWN
    return _family(same, initial, contained, a[0] == b[0], how_near, known)
