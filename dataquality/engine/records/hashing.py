"""Value hashes of 64 bits that never change: keys built from them are kept in the database.

`hash = mix(sum(code point i * P ** (i + 1)))` modulo 2**64, `mix` being the finaliser of splitmix64 (Steele, Lea and
Flood, *Fast splittable pseudorandom number generators*, 2014). 0 means missing.
"""

import numpy as np
from numpy.typing import NDArray

P = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)

Hashes = NDArray[np.uint64]


def mix(values: Hashes) -> Hashes:
    """Spread the bits; 0 never comes out."""
    x = values.copy()
    x ^= x >> np.uint64(30)
    x *= MIX_1
    x ^= x >> np.uint64(27)
    x *= MIX_2
    x ^= x >> np.uint64(31)
    x[x == 0] = 1
    return x


def powers(longest: int) -> Hashes:
    """P, P**2, … modulo 2**64."""
    return np.multiply.accumulate(np.full(max(longest, 1), P, dtype=np.uint64))


def hash_runs(
    codes: NDArray[np.uint32] | NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> Hashes:
    """The hash of each run `codes[start:end]`; 0 for an empty run. Runs are ordered and do not overlap."""
    lengths = ends - starts
    out = np.zeros(len(starts), dtype=np.uint64)
    filled = lengths > 0
    if not filled.any():
        return out
    starts, lengths = starts[filled], lengths[filled]
    first = np.cumsum(lengths) - lengths
    place = np.arange(int(lengths.sum()), dtype=np.int64) - np.repeat(first, lengths)
    terms = codes[np.repeat(starts, lengths) + place].astype(np.uint64) * powers(int(lengths.max()))[place]
    out[filled] = mix(np.add.reduceat(terms, first))
    return out


def combine(parts: list[Hashes], salt: int | Hashes) -> Hashes:
    """One key out of several: 0 wherever a part is missing; `salt` keeps the keys of different passes apart."""
    key = np.zeros(parts[0].shape, dtype=np.uint64) + np.uint64(salt)
    missing = np.zeros(parts[0].shape, dtype=bool)
    for part in parts:
        missing |= part == 0
        key = mix(key * P + part)
    key[missing] = 0
    return key
