"""Building records with compiled code: the same arrays as `plain`, for millions of rows."""

import numpy as np
from numba import njit

from dataquality.engine.records.buffer import LONGEST, MOST_TOKENS
from dataquality.engine.records.hashing import MIX_1, MIX_2, P
from dataquality.engine.records.plain import SOUNDS

_P, _M1, _M2 = np.uint64(P), np.uint64(MIX_1), np.uint64(MIX_2)
_30, _27, _31, _0, _1 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(0), np.uint64(1)
_LONGEST, _MOST_TOKENS = LONGEST, MOST_TOKENS
_SOUNDS = SOUNDS.copy()


@njit(nogil=True, cache=True, inline="always")
def mixed(x):  # type: ignore[no-untyped-def]
    x ^= x >> _30
    x *= _M1
    x ^= x >> _27
    x *= _M2
    x ^= x >> _31
    return _1 if x == _0 else x


@njit(nogil=True, cache=True)
def split(data, hashes, chars, begin, ends):  # type: ignore[no-untyped-def]
    """Reads UTF-8 made by `rows_as_text` into hashes, chars, begin, ends; returns the number of characters."""
    row = 0
    place = 0
    written = 0
    kept = 0
    h = _0
    power = _P
    i = 0
    begin[0] = 0
    size = len(data)
    while i < size:
        c = np.uint32(data[i])
        if c == 31 or c == 30:
            hashes[row, place] = mixed(h) if power != _P else _0
            ends[row, place] = written - begin[row]
            place += 1
            h = _0
            power = _P
            kept = 0
            if c == 30:
                row += 1
                place = 0
                begin[row] = written
            i += 1
            continue
        if c < 128:
            i += 1
        elif c < 0xE0:
            c = ((c & np.uint32(0x1F)) << np.uint32(6)) | (np.uint32(data[i + 1]) & np.uint32(0x3F))
            i += 2
        elif c < 0xF0:
            c = (
                ((c & np.uint32(0x0F)) << np.uint32(12))
                | ((np.uint32(data[i + 1]) & np.uint32(0x3F)) << np.uint32(6))
                | (np.uint32(data[i + 2]) & np.uint32(0x3F))
            )
            i += 3
        else:
            c = (
                ((c & np.uint32(0x07)) << np.uint32(18))
                | ((np.uint32(data[i + 1]) & np.uint32(0x3F)) << np.uint32(12))
                | ((np.uint32(data[i + 2]) & np.uint32(0x3F)) << np.uint32(6))
                | (np.uint32(data[i + 3]) & np.uint32(0x3F))
            )
            i += 4
        h += np.uint64(c) * power
        power *= _P
        if kept < _LONGEST:
            chars[written] = np.uint8(c) if c < 128 else np.uint8(128 + (c & np.uint32(127)))
            written += 1
            kept += 1
    return written


@njit(nogil=True, cache=True)
def words(chars, begin, ends, place, first, start, end, hashes):  # type: ignore[no-untyped-def]
    """Fills first (rows + 1), start, end, hashes with the words of a field; returns how many there are.

    With empty `start` it only counts.
    """
    n = 0
    write = len(start) > 0
    for row in range(len(ends)):
        first[row] = n
        left = int(ends[row, place - 1]) if place > 0 else 0
        right = int(ends[row, place])
        offset = begin[row]
        taken = 0
        i = left
        while i < right and taken < _MOST_TOKENS:
            if chars[offset + i] == 32:
                i += 1
                continue
            j = i
            h = _0
            power = _P
            while j < right and chars[offset + j] != 32:
                h += np.uint64(chars[offset + j]) * power
                power *= _P
                j += 1
            if write:
                start[n] = i
                end[n] = j
                hashes[n] = mixed(h)
            n += 1
            taken += 1
            i = j
    first[len(ends)] = n
    return n


@njit(nogil=True, cache=True)
def derive(chars, begin, ends, place, how, out):  # type: ignore[no-untyped-def]
    """The same hashes as `plain.derive`."""
    piece = np.zeros(5, dtype=np.uint8)
    for row in range(len(ends)):
        start = begin[row] + (int(ends[row, place - 1]) if place > 0 else 0)
        stop = begin[row] + int(ends[row, place])
        size = stop - start
        out[row] = _0
        if how > 0:
            if size < how:
                continue
            h = _0
            power = _P
            for i in range(how):
                h += np.uint64(chars[start + i]) * power
                power *= _P
            out[row] = mixed(h)
            continue
        if size < 2:
            continue
        n = 0
        last = 0
        for i in range(size):
            c = int(chars[start + i])
            sound = 0
            if 97 <= c <= 122:
                sound = int(_SOUNDS[c - 97])
                if sound == 48 or (sound == 104 and i > 0):
                    sound = 0
            elif c >= 128:
                sound = c
            if i == 0:
                piece[0] = sound if sound != 0 else c
                n = 1
            elif sound != 0 and sound != last:
                piece[n] = sound
                n += 1
            if sound != 0:
                last = sound
            if n == 5:
                break
        h = _0
        power = _P
        for i in range(n):
            h += np.uint64(piece[i]) * power
            power *= _P
        out[row] = mixed(h)


@njit(nogil=True, cache=True)
def mixed_in(part, salt, first, keys):  # type: ignore[no-untyped-def]
    """One step of `hashing.combine`: mixes a part into the keys, the first one into the salt."""
    for i in range(len(part)):
        if part[i] == _0 or (not first and keys[i] == _0):
            keys[i] = _0
        else:
            keys[i] = mixed((salt if first else keys[i]) * _P + part[i])


@njit(nogil=True, cache=True)
def rows_mixed(hashes, factor, out):  # type: ignore[no-untyped-def]
    """A number for each row that follows from all its hashes, in their order."""
    for row in range(len(hashes)):
        found = _0
        for place in range(hashes.shape[1]):
            found = mixed(found * factor + hashes[row, place])
        out[row] = found


@njit(nogil=True, cache=True)
def first_there(hashes, places, out):  # type: ignore[no-untyped-def]
    """The first hash of those places that a row has; 0 where it has none."""
    for row in range(len(hashes)):
        out[row] = _0
        for place in places:
            if hashes[row, place] != _0:
                out[row] = hashes[row, place]
                break


@njit(nogil=True, cache=True)
def both(one, factor, other, needed, out):  # type: ignore[no-untyped-def]
    """mix(one x factor + other); 0 where there is no `one`, or no `other` though it is needed."""
    for i in range(len(one)):
        missing = one[i] == _0 or (needed and other[i] == _0)
        out[i] = _0 if missing else mixed(one[i] * factor + other[i])
