"""How near two texts are, in compiled code; `plain` has the same measures by rapidfuzz."""

# ruff: noqa: SIM110 - numba compiles loops, not generators
import numpy as np

from dataquality.engine.compare import rules
from dataquality.engine.compare.batches import loop

_nearness = loop(rules.nearness)
LEAST = 8500  # of likeness, below which it says nothing
_BIT = np.uint64(1)


@loop
def edits(a, b, work):  # type: ignore[no-untyped-def]
    """Optimal string alignment distance, counted to 3."""
    la, lb = len(a), len(b)
    if abs(la - lb) > 2:
        return 3
    left = 0
    while left < la and left < lb and a[left] == b[left]:
        left += 1
    while la > left and lb > left and a[la - 1] == b[lb - 1]:
        la -= 1
        lb -= 1
    m, n = la - left, lb - left
    if m == 0 or n == 0:
        return min(m + n, 3)
    one, two, three = 0, 1, 2
    for j in range(n + 1):
        work[one, j] = j
    for i in range(1, m + 1):
        least = i
        work[two, 0] = i
        low, high = max(1, i - 3), min(n, i + 3)
        if low > 1:
            work[two, low - 1] = 9
        ca = a[left + i - 1]
        for j in range(low, high + 1):
            cb = b[left + j - 1]
            d = work[one, j - 1] + (0 if ca == cb else 1)
            if j <= i + 2 or j == n:
                up = work[one, j] + 1 if j < i + 3 else 9
                d = min(d, up)
            d = min(d, work[two, j - 1] + 1)
            if i > 1 and j > 1 and ca == b[left + j - 2] and a[left + i - 2] == cb:
                d = min(d, work[three, j - 2] + 1)
            work[two, j] = d
            least = min(least, d)
        if high < n:
            work[two, high + 1] = 9
        if least > 2:
            return 3
        one, two, three = two, three, one
    return min(work[one, n], 3)


@loop
def winkler(a, b, flags):  # type: ignore[no-untyped-def]
    """Jaro-Winkler similarity in ten-thousandths, as rapidfuzz counts it."""
    la, lb = len(a), len(b)
    if la == 0 or lb == 0:
        return 0
    window = max(max(la, lb) // 2 - 1, 0)
    for i in range(la):
        flags[0, i] = 0
    for j in range(lb):
        flags[1, j] = 0
    common = 0
    for j in range(lb):
        c = b[j]
        for i in range(max(0, j - window), min(la, j + window + 1)):
            if flags[0, i] == 0 and a[i] == c:
                flags[0, i] = 1
                flags[1, j] = 1
                common += 1
                break
    if common == 0:
        return 0
    crossed = 0
    i = 0
    for j in range(lb):
        if flags[1, j] == 1:
            while flags[0, i] == 0:
                i += 1
            if a[i] != b[j]:
                crossed += 1
            i += 1
    crossed //= 2
    similarity = (common / la + common / lb + (common - crossed) / common) / 3.0
    if similarity > 0.7:
        prefix = 0
        while prefix < 4 and prefix < la and prefix < lb and a[prefix] == b[prefix]:
            prefix += 1
        similarity += prefix * 0.1 * (1.0 - similarity)
    return int(similarity * 10000 + 1e-6)


@loop
def strangers(a, b):  # type: ignore[no-untyped-def]
    """How many characters of a surely stand nowhere in b: no more than the edits between them."""
    known = np.uint64(0)
    for c in b:
        known |= _BIT << np.uint64(c & 63)
    count = 0
    for c in a:
        count += int((known >> np.uint64(c & 63)) & _BIT == 0)
    return count


@loop
def near(a, b, work):  # type: ignore[no-untyped-def]
    """How near two texts are; most are far apart, which their characters show before edits and likeness are counted."""
    la, lb = len(a), len(b)
    if la == 0 or lb == 0:
        return 4
    only_a, only_b = strangers(a, b), strangers(b, a)
    distance = 3 if max(only_a, only_b) > 2 else edits(a, b, work)
    common = min(la - only_a, lb - only_b)
    most = (common / la + common / lb + 1.0) / 3.0
    prefix = 0
    while prefix < 4 and prefix < la and prefix < lb and a[prefix] == b[prefix]:
        prefix += 1
    most += prefix * 0.1 * (1.0 - most)
    similarity = winkler(a, b, work) if most * 10000 >= LEAST - 1 else 0
    return _nearness(distance, similarity, min(la, lb), max(la, lb))


@loop
def holds_word(long, short):  # type: ignore[no-untyped-def]
    """Whether `short` stands in `long` as whole words."""
    n, m = len(long), len(short)
    for start in range(n - m + 1):
        if (start == 0 or long[start - 1] == 32 or long[start - 1] == 45) and (
            start + m == n or long[start + m] == 32 or long[start + m] == 45
        ):
            same = True
            for i in range(m):
                if long[start + i] != short[i]:
                    same = False
                    break
            if same:
                return True
    return False


@loop
def begins(a, b):  # type: ignore[no-untyped-def]
    """Whether the shorter, of 3 characters or more, begins the longer."""
    n = min(len(a), len(b))
    if n < 3:
        return False
    for i in range(n):
        if a[i] != b[i]:
            return False
    return True


@loop
def same_letters(a, b):  # type: ignore[no-untyped-def]
    """Whether two unequal texts are the same but for their figures."""
    i, j = 0, 0
    while True:
        while i < len(a) and 48 <= a[i] <= 57:
            i += 1
        while j < len(b) and 48 <= b[j] <= 57:
            j += 1
        if i == len(a) or j == len(b):
            return i == len(a) and j == len(b)
        if a[i] != b[j]:
            return False
        i += 1
        j += 1


@loop
def same_exchange(a, b):  # type: ignore[no-untyped-def]
    """Whether two numbers of the same length, 7 digits or more, differ in no more than their last four."""
    if len(a) != len(b) or len(a) < 7:
        return False
    for i in range(len(a) - 4):
        if a[i] != b[i]:
            return False
    return True


@loop
def date_parts(a, b):  # type: ignore[no-untyped-def]
    """(day and month swapped, how many of year, month and day agree, same year) of two texts YYYYMMDD."""
    if len(a) != 8 or len(b) != 8:
        n = min(len(a), len(b), 4)
        year = n == 4
        for i in range(n):
            if a[i] != b[i]:
                year = False
        return False, 0, year
    year = a[0] == b[0] and a[1] == b[1] and a[2] == b[2] and a[3] == b[3]
    month = a[4] == b[4] and a[5] == b[5]
    day = a[6] == b[6] and a[7] == b[7]
    swapped = year and a[4] == b[6] and a[5] == b[7] and a[6] == b[4] and a[7] == b[5]
    return swapped, int(year) + int(month) + int(day), year


@loop
def overlap(ta, tb, ra, rb, ca, cb, start, end, hashes, weight, used, work):  # type: ignore[no-untyped-def]
    """(contained, alike) in percent of the weight of words shared by two word lists; words one edit apart count 3/4."""
    all_a, all_b, shared = 0, 0, 0
    for i in range(ta[0], ta[1]):
        all_a += int(weight[i])
    n = tb[1] - tb[0]
    for j in range(n):
        used[j] = 0
        all_b += int(weight[tb[0] + j])
    for i in range(ta[0], ta[1]):
        hit = False
        for j in range(n):
            if used[j] == 0 and hashes[i] == hashes[tb[0] + j]:
                used[j] = 1
                shared += 4 * int(weight[i])
                hit = True
                break
        used[32 + i - ta[0]] = 1 if hit else 0
    for i in range(ta[0], ta[1]):
        if used[32 + i - ta[0]] == 1 or end[i] - start[i] < 5:
            continue
        for j in range(n):
            k = tb[0] + j
            if used[j] == 1 or end[k] - start[k] < 5:
                continue
            if edits(ca[ra + start[i] : ra + end[i]], cb[rb + start[k] : rb + end[k]], work) <= 1:
                used[j] = 1
                shared += 3 * min(int(weight[i]), int(weight[k]))
                break
    least = min(all_a, all_b)
    if least == 0:
        return 0, 0
    return shared * 25 // least, shared * 100 // max(4 * (all_a + all_b) - shared, 1)
