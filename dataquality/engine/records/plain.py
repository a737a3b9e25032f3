"""Building records without compiled code: for few rows, where waiting for a compiler would be the longest part."""

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.records.buffer import FIELD_END, LONGEST, MOST_TOKENS, ROW_END
from dataquality.engine.records.hashing import Hashes, hash_runs

SPACE = 32


def split(
    text: bytes, rows: int, fields: int
) -> tuple[Hashes, NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint16]]:
    """hashes (rows, fields), chars, begin (rows + 1), ends (rows, fields) of text made by `rows_as_text`."""
    codes = np.frombuffer(text.decode().encode("utf-32-le"), dtype=np.uint32)
    stops = np.flatnonzero((codes == ord(FIELD_END)) | (codes == ord(ROW_END))).astype(np.int64)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), stops[:-1] + 1])
    hashes = hash_runs(codes, starts, stops).reshape(rows, fields)
    kept = np.minimum(stops - starts, LONGEST)
    mapped = np.where(codes < 128, codes, 128 + codes % 128).astype(np.uint8)
    first = np.cumsum(kept) - kept
    inside = np.arange(int(kept.sum()), dtype=np.int64) - np.repeat(first, kept)
    chars = mapped[np.repeat(starts, kept) + inside]
    ends = np.cumsum(kept.reshape(rows, fields), axis=1)
    begin = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(ends[:, -1])])
    return hashes, chars, begin, ends.astype(np.uint16)


def words(
    chars: NDArray[np.uint8], begin: NDArray[np.int64], ends: NDArray[np.uint16], place: int
) -> tuple[NDArray[np.int64], NDArray[np.uint16], NDArray[np.uint16], Hashes]:
    """first (rows + 1), start, end, hashes of the words of one field, at most MOST_TOKENS a row."""
    first, starts, stops = [0], [], []
    runs: list[tuple[int, int]] = []
    for row in range(len(ends)):
        start = int(ends[row, place - 1]) if place else 0
        stop = int(ends[row, place])
        offset = int(begin[row])
        taken = 0
        for word in chars[offset + start : offset + stop].tobytes().split(b" "):
            if word and taken < MOST_TOKENS:
                starts.append(start)
                stops.append(start + len(word))
                runs.append((offset + start, offset + start + len(word)))
                taken += 1
            start += len(word) + 1
        first.append(len(starts))
    bounds = np.array(runs, dtype=np.int64).reshape(-1, 2)
    return (
        np.array(first, dtype=np.int64),
        np.array(starts, dtype=np.uint16),
        np.array(stops, dtype=np.uint16),
        hash_runs(chars, bounds[:, 0], bounds[:, 1]),
    )


def derive(
    chars: NDArray[np.uint8], begin: NDArray[np.int64], ends: NDArray[np.uint16], place: int, how: int
) -> Hashes:
    """Hash of a field's beginning (`how` characters), or of its consonants (`how` 0); 0 where it is too short."""
    out = np.zeros(len(ends), dtype=np.uint64)
    for row in range(len(ends)):
        start = int(begin[row]) + (int(ends[row, place - 1]) if place else 0)
        text = chars[start : int(begin[row]) + int(ends[row, place])].tobytes()
        piece = skeleton(text) if how == 0 else (text[:how] if len(text) >= how else b"")
        if piece:
            codes = np.frombuffer(piece, dtype=np.uint8)
            out[row] = hash_runs(codes, np.zeros(1, dtype=np.int64), np.array([len(piece)], dtype=np.int64))[0]
    return out


# Letters that sound alike share a sign; 0 is not heard. For a to z.
SOUNDS = np.frombuffer(b"0bkd0fgh0gklmn0pkrst0fws0s", dtype=np.uint8)


def skeleton(text: bytes) -> bytes:
    """First letter and the consonants heard after it, without repetitions, at most five: `thompson` gives `tmpsn`."""
    if len(text) < 2:
        return b""
    out = bytearray()
    last = 0
    for place, char in enumerate(text):
        if 97 <= char <= 122:
            sound = int(SOUNDS[char - 97])
            if sound == 48 or (sound == 104 and place > 0):
                sound = 0
        else:
            sound = char if char >= 128 else 0
        if place == 0:
            out.append(sound or char)
        elif sound and sound != last:
            out.append(sound)
        last = sound or last
        if len(out) == 5:
            break
    return bytes(out)
