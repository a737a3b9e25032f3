"""Kinds for a table that nobody declared: which columns say who or what a record is about."""

import polars as pl

from dataquality.engine.columns import guess_kind
from dataquality.engine.headings import heading_words
from dataquality.engine.kinds import Kind

# Headings of what a system notes of a record, not of whom it is about.
_RECORD_KEEPING = frozenset(
    "created modified updated changed imported synced exported inserted deleted source owner status stage rating score "
    "truth cluster label erstellt geandert creado creation modification".split()
)
_SAYS_NOTHING = frozenset({Kind.BOOLEAN, Kind.POINTER, Kind.CURRENCY, Kind.PERCENT, Kind.MONEY})


def guess_kinds(table: pl.DataFrame) -> dict[str, Kind]:
    """The columns worth comparing and what they hold, by heading and data.

    Left out: blank columns, what a system notes about the record, and keys that are different in every row, which no
    two records of the table can share.
    """
    guessed: dict[str, Kind] = {}
    for column in table.columns:
        values = table.get_column(column)
        kind, _ = guess_kind(column, values)
        if not _useful(column, values, kind):
            continue
        guessed[column] = kind
    return guessed


def _useful(column: str, values: pl.Series, kind: Kind) -> bool:
    if kind in _SAYS_NOTHING or set(heading_words(column).split()) & _RECORD_KEEPING:
        return False
    text = values.cast(pl.String).str.strip_chars()
    filled = text.filter((text != "").fill_null(value=False))
    distinct = filled.n_unique()
    if distinct < 2:
        return False
    return not (kind in {Kind.IDENTIFIER, Kind.INTEGER, Kind.NUMBER} and distinct == len(filled))
