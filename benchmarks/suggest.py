"""Suggestions for dangling pointers: `python -m benchmarks.suggest [VALUES]`, each compared with as many names.

Prints a line for each size: distinct dangling values, distinct names, seconds, suggestions found, peak memory in MB.
"""

from __future__ import annotations

import resource
import sys
import time
from random import Random

import polars as pl

from dataquality.engine.suggest import pointer_suggestions

SYLLABLES = [consonant + vowel for consonant in "bdfghklmnprst" for vowel in "aeiou"]
FORMS = ("GmbH", "Ltd", "Inc", "SARL", "AG")


def names(n: int, dice: Random) -> list[str]:
    """Distinct made-up companies."""
    found: set[str] = set()
    while len(found) < n:
        words = ["".join(dice.choices(SYLLABLES, k=dice.randrange(2, 5))).title() for _ in range(2)]
        found.add(f"{words[0]} {words[1]} {dice.choice(FORMS)}")
    return sorted(found)


def slip(name: str, dice: Random) -> str:
    """One letter lost, one doubled, or two neighbours exchanged."""
    at = dice.randrange(1, len(name) - 2)
    before, here, following, after = name[:at], name[at], name[at + 1], name[at + 2 :]
    return before + dice.choice((following, here + here + following, following + here)) + after


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for n in sorted({most // 4, most // 2, most}):
        dice = Random(n)
        targets = names(n, dice)
        dangling = [slip(name, dice) for name in targets]
        began = time.perf_counter()
        found = pointer_suggestions(pl.Series(dangling), pl.Series(targets))
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{len(set(dangling)):>9,} values x {n:>9,} names: {seconds:6.1f} s,"
            f" {found['suggestion'].drop_nulls().len():,} suggested, {peak:,.0f} MB"
        )


if __name__ == "__main__":
    main()
