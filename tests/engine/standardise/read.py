"""One column, or one person, read by standardise as lists."""

from typing import Any

import polars as pl

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise import standardise


def column(kind: Kind, *values: str | None) -> dict[str, list[Any]]:
    """The parts of a column of that kind alone."""
    table = pl.DataFrame({"it": pl.Series(list(values), dtype=pl.String)})
    return parts(table, {"it": kind})


def parts(table: pl.DataFrame, kinds: dict[str, Kind]) -> dict[str, list[Any]]:
    """The parts of the first slot of a table."""
    return {name: part.to_list() for name, part in standardise(table, kinds).slots[0].parts.items()}


def people(*names: tuple[str | None, str | None], mail: list[str | None] | None = None) -> dict[str, list[Any]]:
    """The person of rows with a given and a family name, and perhaps an address."""
    table = pl.DataFrame(
        {
            "given": pl.Series([given for given, _ in names], dtype=pl.String),
            "family": pl.Series([family for _, family in names], dtype=pl.String),
        }
    )
    kinds = {"given": Kind.GIVEN, "family": Kind.FAMILY}
    if mail:
        table, kinds = table.with_columns(mail=pl.Series(mail, dtype=pl.String)), kinds | {"mail": Kind.EMAIL}
    return parts(table, kinds)
