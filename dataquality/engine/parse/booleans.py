"""Yes and no in the languages of the exports we read."""

import polars as pl

_YES = (
    "true",
    "t",
    "yes",
    "y",
    "1",
    "on",
    "x",
    "ja",
    "j",
    "wahr",
    "oui",
    "o",
    "vrai",
    "sí",
    "si",
    "s",
    "verdadero",
    "是",
    "真",
    "checked",
    "✓",
    "enabled",
    "active",
    "aktiv",
)
_NO = (
    "false",
    "f",
    "no",
    "n",
    "0",
    "off",
    "nein",
    "falsch",
    "non",
    "faux",
    "falso",
    "否",
    "假",
    "unchecked",
    "disabled",
    "inactive",
    "inaktiv",
)
_MEANING = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)


def parse_booleans(values: pl.Series) -> pl.Series:
    """True or false per cell; null where blank or not a yes-or-no word."""
    words = values.cast(pl.String).str.strip_chars().str.to_lowercase()
    return words.replace_strict(_MEANING, default=None, return_dtype=pl.Boolean)


def boolean_codes(values: pl.Series) -> pl.Series:
    """The fault code of each cell: `boolean_unreadable` where there is text that says neither yes nor no."""
    text = values.cast(pl.String).str.strip_chars()
    wrong = (text != "").fill_null(value=False) & parse_booleans(values).is_null()
    return pl.select(pl.when(wrong).then(pl.lit("boolean_unreadable"))).to_series()
