"""The names, places and numbers of `locales.toml` as arrays that a draw can point into."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from text_unidecode import unidecode  # type: ignore[import-untyped]

Ints = npt.NDArray[np.int64]
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
DEEP = 12_000  # family names a country has beyond the common ones, where it has a long tail


@dataclass(frozen=True)
class Names:
    """A list of names of all countries, one after the other: as written in Latin, in their own script, and bare."""

    latin: pl.Series
    native: pl.Series
    bare: pl.Series
    start: Ints  # of each country
    size: Ints
    common: Ints  # how many of them are the common ones

    def draw(self, country: Ints, dice: np.random.Generator, *, bend: float, tail: float = 0.0) -> Ints:
        """A name for each of the countries: the commonest often (Zipf with the exponent `bend`), a tail of the rest."""
        found = np.empty(len(country), dtype=np.int64)
        for at in range(len(self.start)):
            here = np.flatnonzero(country == at)
            heads, rest = int(self.common[at]), int(self.size[at] - self.common[at])
            chosen = zipf(dice, heads, bend, len(here))
            if rest and tail:
                far = np.flatnonzero(dice.random(len(here)) < tail)
                chosen[far] = heads + zipf(dice, rest, 0.5, len(far))
            found[here] = self.start[at] + chosen
        return found


def zipf(dice: np.random.Generator, n: int, bend: float, draws: int) -> Ints:
    """Ranks 0 … n-1, rank r with a probability in proportion to 1 / (r + 3) ** bend."""
    weights = (np.arange(n) + 3.0) ** -bend
    return np.searchsorted(np.cumsum(weights) / weights.sum(), dice.random(draws), side="right").clip(0, n - 1)


def bare(name: str, country: str = "") -> str:
    """A name as it stands in an e-mail address: a to z only."""
    return re.sub(r"[^a-z]", "", unidecode(name.translate(GERMAN) if country == "de" else name).lower())


@dataclass(frozen=True)
class World:
    """Everything that can be drawn."""

    codes: list[str]
    facts: list[dict[str, Any]]
    weights: npt.NDArray[np.float64]
    women: Names
    men: Names
    families: Names
    words: dict[str, Any]
    short: dict[str, list[str]]


@cache
def world() -> World:
    said = tomllib.loads((Path(__file__).parent / "locales.toml").read_text("utf-8"))
    words, short = said.pop("words"), said.pop("short")
    codes, facts = list(said), list(said.values())
    weights = np.array([float(each["weight"]) for each in facts])
    forms: dict[str, list[str]] = {}
    for line in short["forms"].split("|"):
        formal, *others = line.split()
        forms.setdefault(formal, []).extend(others)
    return World(
        codes, facts, weights / weights.sum(),
        _given(codes, [_listed(each["women"]) for each in facts]),
        _given(codes, [_listed(each["men"]) for each in facts]),
        _names(codes, [_listed(each["families"]) for each in facts], [_deep(each["tail"]) for each in facts]),
        words, forms,
    )  # fmt: skip


def _listed(text: str) -> list[str]:
    return text.split("|") if "|" in text else text.split()


def _deep(parts: list[str]) -> list[str]:
    """Made-up family names: a beginning and an end, later two beginnings and an end."""
    if not parts:
        return []
    first, last = parts[0].split(), parts[1].split()
    dice = np.random.default_rng(len(first) * 1000 + len(last))
    twos = [_put_together(a, b) for a in first for b in last]
    if ":" in parts[0]:
        return [twos[at] for at in dice.permutation(len(twos))]
    threes = [a + b.lower() + c for a in first for b in first for c in last if a != b]
    kept = dice.permutation(len(threes))[: max(0, DEEP - len(twos))]
    return [twos[at] for at in dice.permutation(len(twos))] + [threes[at] for at in kept]


def _put_together(first: str, last: str) -> str:
    """Two pieces as one name, in both scripts where they have two."""
    (a, _, own_a), (b, _, own_b) = first.partition(":"), last.partition(":")
    return f"{a}{b.lower()}:{own_a}{own_b}" if own_a else a + b


def _given(codes: list[str], common: list[list[str]]) -> Names:
    tails = [_pairs(names) if code == "cn" else [] for code, names in zip(codes, common, strict=True)]
    return _names(codes, common, tails)


def _pairs(names: list[str]) -> list[str]:
    """Chinese given names of two characters, each of which is a name: there are far more of them than of one."""
    ones = [name for name in names if len(name.partition(":")[2]) == 1]
    dice = np.random.default_rng(len(ones))
    both = [_put_together(a, b) for a in ones for b in ones if a != b]
    return [both[at] for at in dice.permutation(len(both))]


def _names(codes: list[str], common: list[list[str]], tail: list[list[str]] | None = None) -> Names:
    tail = tail or [[] for _ in common]
    latin, native, plain, size = [], [], [], []
    for code, heads, rest in zip(codes, common, tail, strict=True):
        for name in [*heads, *rest]:
            written, _, own = name.partition(":")
            latin.append(written)
            native.append(own or written)
            plain.append(bare(written, code) or "x")
        size.append(len(heads) + len(rest))
    return Names(
        pl.Series(latin), pl.Series(native), pl.Series(plain),
        np.cumsum([0, *size[:-1]]).astype(np.int64), np.array(size), np.array([len(heads) for heads in common]),
    )  # fmt: skip


def digits(shape: str, n: int, dice: np.random.Generator) -> npt.NDArray[np.str_]:
    """`n` strings of a shape: # is any digit, [2-9] one of those, anything else itself."""
    places = re.findall(r"\[[^\]]+\]|.", shape)
    if not places:
        return np.full(n, "", dtype="U1")
    letters = np.empty((n, len(places)), dtype="U1")
    for at, place in enumerate(places):
        choice = _choice(place)
        letters[:, at] = np.array(choice)[dice.integers(0, len(choice), n)]
    return letters.view(f"U{len(places)}").reshape(-1)


def _choice(place: str) -> list[str]:
    if place == "#":
        return list("0123456789")
    if place == "A":
        return list("ABDEFGHJLNPQRSTUWXYZ")
    if not place.startswith("["):
        return [place]
    spans = re.findall(r"(\d)-(\d)|(\d)", place)
    return [digit for low, high, one in spans for digit in ([one] if one else map(str, range(int(low), int(high) + 1)))]
