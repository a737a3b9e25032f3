"""Kinds for a table that nobody declared: which columns say who or what a record is about."""

import polars as pl

from dataquality.engine.columns import guess_kind
from dataquality.engine.headings import heading_words, kinds_of_heading
from dataquality.engine.kinds import Kind
from dataquality.engine.standardise.facts import table as facts_table
from dataquality.engine.standardise.facts import words
from dataquality.engine.standardise.names import eastern_families, name_words
from dataquality.engine.standardise.romanise import in_latin, romanised

_SAMPLE = 2_000
_SAYS_NOTHING = frozenset({Kind.BOOLEAN, Kind.POINTER, Kind.CURRENCY, Kind.PERCENT, Kind.MONEY})
_KEYS = frozenset({Kind.IDENTIFIER, Kind.INTEGER, Kind.NUMBER})
_KNOWN_NAMES = 0.3  # of a column of people's names begin with a name that the nickname table knows, at least
_ADDRESSES = frozenset({Kind.STREET, Kind.CITY, Kind.REGION, Kind.PHONE, Kind.GIVEN, Kind.FAMILY, Kind.PERSON})


def guess_kinds(table: pl.DataFrame) -> dict[str, Kind]:
    """The columns worth comparing and what they hold, by heading and data.

    Left out: blank columns, what a system notes about the record, and keys that are different in every row, which no
    two records of the table can share.
    """
    guessed: dict[str, Kind] = {}
    for column in table.columns:
        values = _filled(table.get_column(column))
        if values.n_unique() < 2 or set(heading_words(column).split()) & words("headings", "record_keeping"):
            continue
        kind = _kind(column, values)
        if kind in _SAYS_NOTHING or (kind in _KEYS and values.n_unique() == len(values)):
            continue
        guessed[column] = kind
    return guessed


def _filled(values: pl.Series) -> pl.Series:
    text = values.cast(pl.String).str.strip_chars()
    return text.filter((text != "").fill_null(value=False))


def _kind(column: str, values: pl.Series) -> Kind:
    kind, _ = guess_kind(column, values)
    said = [each for each in kinds_of_heading(column) if each in _ADDRESSES]
    if not said and set(heading_words(column).split()) & words("headings", "streets"):
        said = [Kind.STREET]
    if kind in {Kind.TEXT, Kind.CHOICE, Kind.IDENTIFIER, Kind.INTEGER} and said:
        return said[0]  # slips in the data made it doubtful; what is compared is read more kindly than what is checked
    if kind in {Kind.TEXT, Kind.CHOICE} and set(heading_words(column).split()) & words("headings", "names"):
        return Kind.PERSON if _are_people(values) else Kind.COMPANY
    return kind


def _are_people(values: pl.Series) -> bool:
    """Many of the names begin with a given name of the table, or with a Chinese or Korean family name."""
    sample = in_latin(name_words(values.unique(maintain_order=True).head(_SAMPLE)).drop_nulls(), romanised)
    first = sample.str.extract(r"^([^ ]+) [^ ]")
    nicknames = facts_table("nicknames")
    known = {*nicknames, *nicknames.values(), *eastern_families()}
    share = first.is_in(sorted(known)).fill_null(value=False).mean()
    return isinstance(share, float) and share >= _KNOWN_NAMES
