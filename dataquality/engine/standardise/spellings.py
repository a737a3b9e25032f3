"""Ways of writing that a column itself shows to be one: with ue and with ü, with a space and without."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from dataquality.engine.standardise.text import Dictionary, unscrambled

TWO_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"}
_FEW = 1_000
_REMEMBERED = 20_000


class Spelling:
    """Of one column's names, in two steps: what is to be folded, and then the folded names brought to one spelling.

    This one leaves every name as it is written.
    """

    def texts(self, values: pl.Series) -> pl.Series:
        """The distinct values of a column, to be folded; others may follow them."""
        return values

    def of(self, listed: Dictionary, folded: pl.Series) -> pl.Series:
        """The folded names of the column's distinct values, each in the spelling that stands for it."""
        return folded.head(len(listed.values))


class Spellings:
    """What each column's names are brought to; `found` is what this table showed, by column."""

    def __init__(self, known: Mapping[str, Mapping[str, str]]) -> None:
        self.known = known
        self.found: dict[str, dict[str, str]] = {}

    def of(self, column: str) -> Spelling:
        return _Shown(self, column)


class _Shown(Spelling):
    """By what a column shows itself; names with an umlaut are folded a second time, with two letters in its place."""

    def __init__(self, spellings: Spellings, column: str) -> None:
        self.spellings, self.column = spellings, column
        self.marked = pl.Series([], dtype=pl.UInt32)

    def texts(self, values: pl.Series) -> pl.Series:
        lower = unscrambled(values).str.to_lowercase()
        self.marked = lower.str.contains("[äöüøåæ]").arg_true()
        if not len(self.marked):
            return values
        written = lower.gather(self.marked).str.replace_many(list(TWO_LETTERS), list(TWO_LETTERS.values()))
        return pl.concat([values.cast(pl.String), written])

    def of(self, listed: Dictionary, folded: pl.Series) -> pl.Series:
        names = folded.head(len(listed.values))
        two = _meant(folded.slice(len(names)), names.gather(self.marked))
        once = _replaced(names, two)
        parted = with_spaces(once, listed.counts())
        found = {name: parted.get(meant, meant) for name, meant in two.items()} | parted
        known = self.spellings.known.get(self.column, {})
        self.spellings.found[self.column] = dict(sorted((found | dict(known)).items())[:_REMEMBERED])
        return _replaced(_replaced(once, parted), known)


def _meant(two: pl.Series, one: pl.Series) -> dict[str, str]:
    """Folded names with two letters for an umlaut, to how they fold with it."""
    if not len(two):
        return {}
    pairs = pl.DataFrame({"two": two, "one": one}).filter(pl.col("two") != pl.col("one"))
    return dict(pairs.group_by("two").agg(pl.col("one").min()).iter_rows())


def with_spaces(names: pl.Series, n: npt.NDArray[np.int64]) -> dict[str, str]:
    """Names also written with other spaces, to the commonest way; of equals, to the one with more spaces."""
    spaced = names.filter(names.str.contains(" ", literal=True).fill_null(value=False)).unique()
    spaced = spaced.filter(~spaced.str.contains(r"(?:^| )\S(?: |$)"))  # an initial is a word of its own
    if not len(spaced):
        return {}
    keys = spaced.str.replace_all(" ", "", literal=True).unique()
    listed = pl.DataFrame({"name": names, "n": n, "key": names.str.replace_all(" ", "", literal=True)}).drop_nulls()
    several = (
        listed.join(keys.alias("key").to_frame(), on="key", how="semi").group_by("key", "name").agg(pl.col("n").sum())
    )
    several = several.filter(pl.len().over("key") > 1)
    if not several.height:
        return {}
    ranked = several.sort("key", "n", pl.col("name").str.len_chars(), "name", descending=[False, True, True, False])
    ranked = ranked.with_columns(meant=pl.col("name").first().over("key", order_by=None))
    return dict(ranked.filter(pl.col("name") != pl.col("meant")).select("name", "meant").iter_rows())


def _replaced(names: pl.Series, meant: Mapping[str, str]) -> pl.Series:
    if not meant:
        return names
    if len(names) < _FEW:
        return pl.Series([meant.get(name, name) for name in names.to_list()], dtype=pl.String)
    return names.replace(dict(meant))
