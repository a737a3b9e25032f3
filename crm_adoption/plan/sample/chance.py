"""Chance that repeats itself: the same seed and words give the same number on every machine."""

from __future__ import annotations

from hashlib import blake2b
from random import Random


class Chance:
    """Numbers that hang on a seed and the words asked with, so that adding a table changes no other table."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def share(self, *words: object) -> float:
        """A number from 0 to below 1 that belongs to these words."""
        return int.from_bytes(self._digest(words, 7), "big") / 2**56

    def stream(self, *words: object) -> Random:
        """A generator that belongs to these words."""
        return Random(int.from_bytes(self._digest(words, 8), "big"))  # noqa: S311

    def _digest(self, words: tuple[object, ...], size: int) -> bytes:
        return blake2b("\x1f".join(map(str, (self.seed, *words))).encode(), digest_size=size).digest()


def digits(pattern: str, dice: Random) -> str:
    """The pattern with every # replaced by a digit."""
    return "".join(str(dice.randrange(10)) if letter == "#" else letter for letter in pattern)
