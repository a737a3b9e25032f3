"""Ways of writing that a column itself shows to be one: with ue and with ü, with a space and without."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from dataquality.engine.standardise.text import Dictionary, unscrambled

Fold = Callable[[pl.Series], pl.Series]
Spell = Callable[[Dictionary, pl.Series, Fold], pl.Series]
TWO_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"}
_FEW = 1_000
_REMEMBERED = 20_000


class Spellings:
    """What each column's names are brought to; `found` is what this table showed, by column."""

    def __init__(self, known: Mapping[str, Mapping[str, str]]) -> None:
        self.known = known
        self.found: dict[str, dict[str, str]] = {}

    def of(self, column: str) -> Spell:
        return lambda listed, names, fold: self._one(column, listed, names, fold)

    def _one(self, column: str, listed: Dictionary, names: pl.Series, fold: Fold) -> pl.Series:
        """The folded names of a column's distinct values, each in the spelling that stands for it."""
        two = umlauts(listed.values, fold)
        once = _replaced(names, two)
        parted = with_spaces(once, listed.counts())
        found = {name: parted.get(meant, meant) for name, meant in two.items()} | parted
        known = self.known.get(column, {})
        self.found[column] = dict(sorted((found | dict(known)).items())[:_REMEMBERED])
        return _replaced(_replaced(once, parted), known)


def umlauts(values: pl.Series, fold: Fold) -> dict[str, str]:
    """Names the column writes with ä, ö, ü, å or ø, as they fold when written with two letters, to how without."""
    lower = unscrambled(values).str.to_lowercase()
    marked = lower.filter(lower.str.contains("[äöüøåæ]").fill_null(value=False)).unique()
    if not len(marked):
        return {}
    folded = fold(marked)
    written = fold(marked.str.replace_many(list(TWO_LETTERS), list(TWO_LETTERS.values())))
    pairs = pl.DataFrame({"two": written, "one": folded}).filter(pl.col("two") != pl.col("one"))
    pairs = pairs.unique().group_by("two").agg(pl.col("one").min())
    return dict(pairs.iter_rows())


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


def as_written(listed: Dictionary, names: pl.Series, fold: Fold) -> pl.Series:
    """No other spelling stands for any."""
    return names
