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
from dataquality.engine.standardise.text import Dictionary, put

SURE = 100.0  # how much likelier the other way round a name must be, when one name in a hundred is turned round
LIKELY = 3.0
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
    rows, given_names_of, family_names_of = _rows(full, given, family, spellings or Spellings({}))
    seen = _seen(given_names_of, family_names_of, known)
    turned = _turned(given_names_of, family_names_of, seen)
    rows = _split_where_shown(_exchanged(rows, turned), seen)
    if local is not None:
        rows = filled_from_address(rows, local, seen)
    rows = _of_syllables(rows)
    return Person(
        _parts(rows), seen.sort(["given", "family", "name"], descending=[True, True, False]).head(_REMEMBERED)
    )


def _rows(
    full: pl.Series | None, given: Sequence[pl.Series], family: Sequence[pl.Series], spellings: Spellings
) -> tuple[pl.DataFrame, Dictionary, Dictionary]:
    """`given`, `family` in Latin letters and `given_native`, `family_native`, one row a record; and the dictionaries
    of the first two, in which a name may stand several times."""
    made: dict[str, pl.Series] = {}
    listed: dict[str, Dictionary] = {}
    for name, columns, fold in (("given", given, given_names), ("family", family, family_names)):
        if columns:
            cells = Dictionary.of(_joined(columns))
            spelling = spellings.of(f"person.{name}")
            latin = spelling.of(cells, fold(spelling.texts(cells.values)))
            listed[name] = Dictionary(cells.codes, latin)
            made[name], made[f"{name}_native"] = cells.laid_out(latin), cells.laid_out(in_own_script(cells.values))
    if full is not None:
        cells = Dictionary.of(full)
        split = whole_names(name_words(cells.values))
        for name, spell in (("given", romanised_given), ("family", romanised_family)):
            names = split.get_column(name)
            latin, native = in_latin(names, spell), names.set(~is_foreign(names), None)
            for column, series in ((name, cells.laid_out(latin)), (f"{name}_native", cells.laid_out(native))):
                made[column] = made[column].fill_null(series) if column in made else series
            listed[name] = Dictionary.of(made[name]) if name in listed else Dictionary(cells.codes, latin)
    height = len(next(iter(made.values())))
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, height)
    rows = pl.DataFrame({name: made.get(name, empty) for name in ("given", "family", "given_native", "family_native")})
    return rows, listed.get("given") or Dictionary.of(empty), listed.get("family") or Dictionary.of(empty)


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


def _seen(given: Dictionary, family: Dictionary, known: pl.DataFrame) -> pl.DataFrame:
    """How often each name stands as a first given name and as a family name, here and in `known`, in whole names."""
    both = _present(given) & _present(family)
    counted = []
    for name, listed in (("given", given), ("family", family)):
        there = listed.codes.filter(both).to_numpy()
        n = np.bincount(there, minlength=len(listed.values)).astype(np.int64)
        names = listed.values.str.extract("^([^ ]+)") if name == "given" else listed.values
        zero = pl.lit(0, dtype=pl.Int64)
        counted.append(
            pl.DataFrame({"name": names, "n": n}, schema={"name": pl.String, "n": pl.Int64})
            .filter(pl.col("n") > 0)
            .select(
                "name", given=pl.col("n") if name == "given" else zero, family=pl.col("n") if name == "family" else zero
            )
        )
    together = pl.concat([*counted, known]).filter(pl.col("name").str.len_chars() > 1)
    return together.group_by("name").agg(pl.col("given").sum(), pl.col("family").sum())


def _present(listed: Dictionary) -> pl.Series:
    """Rows whose name is not null."""
    return listed.laid_out(listed.values.is_not_null()).fill_null(value=False)


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
        sure = np.log(LIKELY)
        straight = (first - last > sure) & (first > -sure)
        turned = (last - first > sure) & (last > sure)
        parted = parted.with_columns(straight=pl.Series(straight), turned=pl.Series(turned)).filter(
            pl.col("straight") | pl.col("turned")
        )
        given = pl.when("straight").then("first").otherwise("last")
        family = pl.when("straight").then("rest").otherwise("front")
        rows = _mended(rows, parted.select("at", given=given, family=family))
    return rows.drop("at")


def _turned(given: Dictionary, family: Dictionary, seen: pl.DataFrame) -> pl.Series:
    """Rows with the names in each other's column, where both are known far better the other way round."""
    if not len(given.values) or not len(family.values):
        return pl.Series(np.zeros(len(given.codes), dtype=bool))
    leaning = _Leaning(seen)
    first = leaning.of(given.values.str.extract("^([^ ]+)"), less_given=1)
    last = leaning.of(family.values, less_family=1)
    one_word = ~family.values.str.contains(" ", literal=True).fill_null(value=True).to_numpy()
    # infinitely unlike a turned name where a part is missing
    against = np.append(np.where(given.values.is_not_null().to_numpy(), first, np.inf), np.inf)
    towards = np.append(np.where(one_word, last, -np.inf), -np.inf)
    forward = against[given.codes.fill_null(len(given.values)).to_numpy()]
    backward = towards[family.codes.fill_null(len(family.values)).to_numpy()]
    sure = (backward - forward > np.log(SURE)) & (backward > np.log(LIKELY)) & (forward < -np.log(LIKELY))
    return pl.Series(sure)


def _exchanged(rows: pl.DataFrame, turned: pl.Series) -> pl.DataFrame:
    if not turned.any():
        return rows
    at = turned.arg_true()
    given, family = rows.get_column("given"), rows.get_column("family")
    own_given, own_family = rows.get_column("given_native"), rows.get_column("family_native")
    return rows.with_columns(
        given=put(given, at, family.gather(at)),
        family=put(family, at, given.gather(at)),
        given_native=put(own_given, at, own_family.gather(at)),
        family_native=put(own_family, at, own_given.gather(at)),
    )


def _mended(rows: pl.DataFrame, mended: pl.DataFrame) -> pl.DataFrame:
    at = mended.get_column("at")
    return rows.with_columns(
        put(rows.get_column(name), at, mended.get_column(name)).alias(name) for name in ("given", "family")
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
