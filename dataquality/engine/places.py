"""The country of each row, for rules that depend on it."""

import polars as pl

from dataquality.engine.countries import iso2


def region_column(frame: pl.DataFrame, country_field: str | None, default: str | None) -> pl.Expr:
    """The alpha-2 code of each row's country: as written in its country field, else the default, else null.

    A country that is written but not understood is null: the default would be a guess about it.
    """
    fallback = pl.lit(default and default.upper(), dtype=pl.String)
    if not country_field or country_field not in frame.columns:
        return fallback
    written = frame.get_column(country_field).cast(pl.String)
    known = {text: iso2(text) for text in written.unique().drop_nulls().to_list() if text.strip()}
    country = pl.col(country_field).cast(pl.String)
    blank = country.is_null() | (country.str.strip_chars() == "")
    return (
        pl.when(blank)
        .then(fallback)
        .otherwise(country.replace_strict(known, default=None, return_dtype=pl.String) if known else None)
    )
