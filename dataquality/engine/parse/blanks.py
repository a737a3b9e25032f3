"""What counts as no value: decided per column kind, so that Ms Null keeps her name."""

from collections.abc import Iterable

import polars as pl

from dataquality.engine.kinds import Kind

# Written by machines for a missing value; nobody and nothing is called this.
_MACHINE = frozenset({r"\n", "#n/a", "#n/v", "#null!", "<null>", "(null)", "[null]", "<na>", "(blank)", "(leer)"})
# Words and signs that people and exports write for "nothing", and that are also surnames, products or plain text.
_HUMAN = frozenset(
    {
        "null",
        "nil",
        "none",
        "--none--",
        "n/a",
        "n.a.",
        "n.a",
        "na",
        "nan",
        "-",
        "--",
        "---",
        "–",
        "—",
        "?",
        ".",
        "undefined",
        "unknown",
        "k.a.",
        "keine angabe",
        "ninguno",
        "aucun",
        "s/o",
        "无",
        "空",
    }
)
NULL_TOKENS = _MACHINE | _HUMAN

# Kinds in which every word may be a name or a sentence: only the machine's own tokens are blank there.
_WORDS = frozenset({Kind.TEXT, Kind.PERSON, Kind.GIVEN, Kind.FAMILY, Kind.COMPANY, Kind.STREET, Kind.CITY, Kind.REGION})
# "na" is Namibia, "." and "?" may be codes, "unknown" may be a listed answer.
_KEPT = {
    Kind.COUNTRY: frozenset({"na"}),
    Kind.CHOICE: frozenset({"unknown", "na"}),
    Kind.IDENTIFIER: frozenset({"unknown", "na", "nan", "none", "nil", "undefined"}),
    Kind.POINTER: frozenset({"na"}),
}


def blank_tokens(kind: Kind, values_tally: pl.DataFrame) -> frozenset[str]:
    """The exact spellings in a column's tally (`value`, perhaps `n`) that mean "no value" for a column of this kind.

    The caller applies them only where the column's rule says so; text that a person could mean stays.
    """
    tokens = _MACHINE if kind in _WORDS else NULL_TOKENS - _KEPT.get(kind, frozenset())
    spelled = values_tally.get_column("value").drop_nulls().cast(pl.String)
    likely = spelled.filter(spelled.str.strip_chars().str.to_lowercase().is_in(list(tokens))).unique()
    return frozenset(value for value in likely.to_list() if value.strip().casefold() in tokens)


def without_tokens(values: pl.Series, tokens: Iterable[str]) -> pl.Series:
    """The column with those exact tokens turned to null."""
    listed = list(tokens)
    if not listed:
        return values
    return values.set(values.is_in(listed), None)


def clean_text(values: pl.Series) -> pl.Series:
    """The text of each cell as meant: no space around it, Excel's `="01067"` unwrapped, empty text null.

    Nothing inside a value is changed: identifiers, phones and postcodes stay text with all their zeros.
    """
    text = values.cast(pl.String).str.strip_chars()
    if text.str.starts_with('="').any():
        text = text.str.replace(r'^="([^"=]*)"$', "$1")
    return text.set(text == "", None)
