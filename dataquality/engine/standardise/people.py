"""The person of a record: given and family name from whichever columns have them, mended by what the table shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dataquality.engine.standardise.local_parts import filled_from_address
from dataquality.engine.standardise.names import (
    SYLLABLES,
    eastern_families,
    family_names,
    formal_names,
    given_names,
    in_own_script,
    name_words,
    romanised_given,
    whole_names,
)
from dataquality.engine.standardise.romanise import in_latin, is_foreign, romanised_family
from dataquality.engine.standardise.spellings import Spellings
from dataquality.engine.standardise.standard import NAMES_SEEN
from dataquality.engine.standardise.text import Dictionary

_SURE = 100.0  # how much likelier the other way round a name must be, when one name in a hundred is turned round
_LIKELY = 3.0
_REMEMBERED = 20_000  # names kept for reading single records later


@dataclass(frozen=True)
class Person:
    parts: dict[str, pl.Series]
    names: pl.DataFrame  # NAMES_SEEN


def person(
    full: pl.Series | None,
    given: Sequence[pl.Series],
    family: Sequence[pl.Series],
    local: pl.Series | None,
    known: pl.DataFrame,
    spellings: Spellings | None = None,
) -> Person:
    """The parts of a PERSON slot from its columns; `local` are the local parts of the rows' addresses.

    `known` are names seen in an earlier table; what this one shows counts beside them.
    """
    rows = _rows(full, given, family, spellings or Spellings({}))
    rows = _of_syllables(rows)
    seen = _seen(rows, known)
    rows = _split_where_shown(rows, seen)
    rows = _turned_where_shown(rows, seen)
    if local is not None:
        rows = filled_from_address(rows, local, seen)
    return Person(
        _parts(rows), seen.sort(["given", "family", "name"], descending=[True, True, False]).head(_REMEMBERED)
    )


def _rows(
    full: pl.Series | None, given: Sequence[pl.Series], family: Sequence[pl.Series], spellings: Spellings
) -> pl.DataFrame:
    """`given`, `family` in Latin letters and `given_native`, `family_native`, one row a record."""
    made: dict[str, pl.Series] = {}
    if given or family:
        for name, columns in (("given", given), ("family", family)):
            if columns:
                listed = Dictionary.of(_joined(columns))
                fold = given_names if name == "given" else family_names
                latin = spellings.of(f"person.{name}")(listed, fold(listed.values), fold)
                made[name], made[f"{name}_native"] = (
                    listed.laid_out(latin),
                    listed.laid_out(in_own_script(listed.values)),
                )
    if full is not None:
        listed = Dictionary.of(full)
        split = whole_names(name_words(listed.values))
        for name in ("given", "family"):
            names = split.get_column(name)
            native = names.set(~is_foreign(names), None)
            latin = in_latin(names, romanised_given if name == "given" else romanised_family)
            for column, series in ((name, listed.laid_out(latin)), (f"{name}_native", listed.laid_out(native))):
                made[column] = made[column].fill_null(series) if column in made else series
    height = len(next(iter(made.values())))
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, height)
    return pl.DataFrame({name: made.get(name, empty) for name in ("given", "family", "given_native", "family_native")})


def _of_syllables(rows: pl.DataFrame) -> pl.DataFrame:
    """Chinese and Korean given names of two syllables in one word: `xiao ming` Wang is xiaoming."""
    eastern = pl.col("given").str.contains(SYLLABLES) & pl.col("family").is_in(sorted(eastern_families()))
    joined = pl.col("given").str.replace(" ", "", literal=True)
    return rows.with_columns(given=pl.when(eastern.fill_null(value=False)).then(joined).otherwise("given"))


def _joined(columns: Sequence[pl.Series]) -> pl.Series:
    if len(columns) == 1:
        return columns[0]
    frame = pl.DataFrame({str(place): column.cast(pl.String) for place, column in enumerate(columns)})
    return frame.select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()


def _seen(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """How often each name stands as a first given name and as a family name, here and in `known`."""
    counted = []
    for column, name in (("given", pl.col("given").str.extract("^([^ ]+)")), ("family", pl.col("family"))):
        counted.append(
            rows.filter(pl.col("given").is_not_null() & pl.col("family").is_not_null())
            .group_by(column)
            .agg(n=pl.len().cast(pl.Int64))
            .group_by(name=name)
            .agg(pl.col("n").sum())
            .select(
                "name", given=pl.col("n") if column == "given" else 0, family=pl.col("n") if column == "family" else 0
            )
        )
    together = pl.concat([*counted, known], how="vertical_relaxed").filter(pl.col("name").str.len_chars() > 1)
    return together.group_by("name").agg(pl.col("given").sum(), pl.col("family").sum()).cast(pl.Schema(NAMES_SEEN))


class _Leaning:
    """How much a name leans to being a given name: the log of how much likelier it is there than as a family name."""

    def __init__(self, seen: pl.DataFrame) -> None:
        self.seen = seen
        self.given = max(1, int(seen.get_column("given").sum()))
        self.family = max(1, int(seen.get_column("family").sum()))

    def of(self, names: pl.Series, *, less_given: int = 0, less_family: int = 0) -> npt.NDArray[np.float64]:
        """Of distinct names, leaving out so many sightings: a record is no witness in its own case."""
        found = names.alias("name").to_frame().join(self.seen, on="name", how="left", maintain_order="left")
        given = found.get_column("given").fill_null(0).to_numpy() - less_given
        family = found.get_column("family").fill_null(0).to_numpy() - less_family
        as_given = (np.maximum(given, 0) + 0.5) / (self.given + 1)
        as_family = (np.maximum(family, 0) + 0.5) / (self.family + 1)
        return np.asarray(np.log(as_given / as_family), dtype=np.float64)


def _split_where_shown(rows: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Both names in one column, told apart where the first word is mostly a given name, or the last a family name."""
    leaning = _Leaning(seen)
    rows = rows.with_row_index("at")
    several = pl.col("family").str.contains(" ", literal=True) & pl.col("given").is_null()
    other = pl.col("given").str.contains(" ", literal=True) & pl.col("family").is_null()
    for column, where in (("family", several), ("given", other)):
        odd = rows.filter(where.fill_null(value=False)).select("at", name=column)
        if not odd.height:
            continue
        parted = odd.with_columns(
            first=pl.col("name").str.extract("^([^ ]+) "),
            last=pl.col("name").str.extract(" ([^ ]+)$"),
            rest=pl.col("name").str.extract(r"^[^ ]+ (?:\S )*(.+)$"),
            front=pl.col("name").str.extract("^(.+) [^ ]+$"),
        )
        first, last = leaning.of(parted.get_column("first")), leaning.of(parted.get_column("last"))
        sure = np.log(_LIKELY)
        straight = (first - last > sure) & (first > -sure)
        turned = (last - first > sure) & (last > sure)
        parted = parted.with_columns(straight=pl.Series(straight), turned=pl.Series(turned)).filter(
            pl.col("straight") | pl.col("turned")
        )
        given = pl.when("straight").then("first").otherwise("last")
        family = pl.when("straight").then("rest").otherwise("front")
        rows = _mended(rows, parted.select("at", given=given, family=family))
    return rows.drop("at")


def _turned_where_shown(rows: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Given and family name in each other's column, where both are known far better the other way round."""
    leaning = _Leaning(seen)
    given, family = Dictionary.of(rows.get_column("given")), Dictionary.of(rows.get_column("family"))
    if not len(given.values) or not len(family.values):
        return rows
    first = given.values.str.extract("^([^ ]+)")
    one_word = ~family.values.str.contains(" ", literal=True).to_numpy()
    # infinitely unlike a turned name where a part is missing
    against = np.append(leaning.of(first, less_given=1), np.inf)
    towards = np.append(np.where(one_word, leaning.of(family.values, less_family=1), -np.inf), -np.inf)
    at_given = given.codes.fill_null(len(given.values)).to_numpy()
    at_family = family.codes.fill_null(len(family.values)).to_numpy()
    turned = towards[at_family] - against[at_given] > np.log(_SURE)
    turned &= (towards[at_family] > np.log(_LIKELY)) & (against[at_given] < -np.log(_LIKELY))
    if not turned.any():
        return rows
    at = pl.Series(turned)
    return rows.with_columns(
        given=rows.get_column("family").zip_with(at, rows.get_column("given")),
        family=rows.get_column("given").zip_with(at, rows.get_column("family")),
        given_native=rows.get_column("family_native").zip_with(at, rows.get_column("given_native")),
        family_native=rows.get_column("given_native").zip_with(at, rows.get_column("family_native")),
    )


def _mended(rows: pl.DataFrame, mended: pl.DataFrame) -> pl.DataFrame:
    at = mended.get_column("at")
    return rows.with_columns(
        rows.get_column(name).scatter(at, mended.get_column(name)).alias(name) for name in ("given", "family")
    )


def _parts(rows: pl.DataFrame) -> dict[str, pl.Series]:
    listed = Dictionary.of(rows.get_column("given"))
    first = listed.values.str.extract("^([^ ]+)")
    native = rows.select(
        native=pl.when(pl.col("given_native").is_not_null() | pl.col("family_native").is_not_null()).then(
            pl.concat_str("family_native", "given_native", separator=" ", ignore_nulls=True)
        )
    ).to_series()
    return {
        "given": rows.get_column("given"),
        "first": listed.laid_out(first),
        "formal": listed.laid_out(formal_names(first)),
        "family": rows.get_column("family"),
        "initial": listed.laid_out(first.str.slice(0, 1)),
        "native": native,
    }
