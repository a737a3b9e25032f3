"""Missing parts of a name, read from the local part of the record's e-mail address where it is plain."""

import polars as pl

from dataquality.engine.standardise.text import put

SPOKEN = 3  # letters from which a piece of a name says more than an initial
MUCH = 3  # times as often a given name as a family name, or the other way round


def filled_from_address(rows: pl.DataFrame, local: pl.Series, seen: pl.DataFrame) -> pl.DataFrame:
    """`given` and `family` where one is missing or an initial, and the address says it with the other.

    `anna.schmidt`, `schmidt_anna`, `anna_sch` and `annaschmidt` give Anna to Schmidt, `aschmidt` gives the initial, and
    the other way round; a lone `anna` must be known as a given name. Where neither name is there, two words parted by a
    sign are taken for both. `local` is each row's local part without its tag, null where it is a role's.
    """
    short = pl.col("given").is_null() | (pl.col("given").str.len_chars() == 1)
    wanting = (short | pl.col("family").is_null()) & pl.col("local").is_not_null()
    rows_and_local = rows.with_columns(local=local)
    wanted = rows_and_local.select(wanting.fill_null(value=False)).to_series()
    if not wanted.any():
        return rows
    asked = rows_and_local.with_row_index("at").filter(wanted)
    asked = asked.with_columns(
        pl.col("local").str.replace(r"[._-]*[0-9]*[._-]*$", "").str.replace_all(r"[_-]+", ".").alias("local")
    ).filter(pl.col("local").str.contains(r"^[a-z]+(?:\.[a-z]+)?$"))
    if not asked.height:
        return rows
    asked = _witnessed(asked, seen).with_columns(
        given_key=pl.col("given").str.replace_all(" ", "", literal=True),
        family_key=pl.col("family").str.replace_all(" ", "", literal=True),
    )
    asked = asked.with_columns(given=pl.coalesce("given", _before_family()), family=_after_given())
    apart = asked.filter(pl.col("given").is_not_null() & pl.col("family").is_not_null())
    rows = rows.with_columns(
        given=put(rows.get_column("given"), apart.get_column("at"), apart.get_column("given")),
        family=put(rows.get_column("family"), apart.get_column("at"), apart.get_column("family")),
    )
    given = asked.filter(pl.col("family").is_not_null() & short).with_columns(guess=_given_beside(pl.col("family_key")))
    given = given.filter(
        (pl.col("guess") != "") & (pl.col("given").is_null() | pl.col("guess").str.starts_with(pl.col("given")))
    )
    family = asked.filter(pl.col("family").is_null() & ~short).with_columns(guess=_family_beside(pl.col("given_key")))
    family = family.filter(pl.col("guess").str.len_chars() >= SPOKEN)
    both = asked.filter(pl.col("family").is_null() & pl.col("given").is_null() & (pl.col("two").str.len_chars() > 1))
    both = both.with_columns(turned=pl.col("one_is_family") & pl.col("two_is_given"))
    first = both.select(pl.when("turned").then("two").otherwise("one")).to_series()
    last = both.select(pl.when("turned").then("one").otherwise("two")).to_series()
    given_column = put(rows.get_column("given"), given.get_column("at"), given.get_column("guess"))
    family_column = put(rows.get_column("family"), family.get_column("at"), family.get_column("guess"))
    return rows.with_columns(
        given=put(given_column, both.get_column("at"), first), family=put(family_column, both.get_column("at"), last)
    )


def _witnessed(asked: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """The words of the local part as `one` and `two`, and what each is known as."""
    asked = asked.with_columns(
        one=pl.col("local").str.extract(r"^([a-z]+)"), two=pl.col("local").str.extract(r"\.([a-z]+)$")
    )
    for word in ("one", "two"):
        found = asked.select(name=word).join(seen, on="name", how="left", maintain_order="left").fill_null(0)
        given, family = found.get_column("given"), found.get_column("family")
        asked = asked.with_columns(
            (given > MUCH * family + 1).alias(f"{word}_is_given"),
            (family > MUCH * given + 1).alias(f"{word}_is_family"),
        )
    return asked


BOTH = r"^(\S+) (?:\S )*(\S{3,})$"


def _are_both() -> pl.Expr:
    """The family column has both names: the local part has the first word, or its initial, beside the last."""
    first, last = pl.col("family").str.extract(BOTH, 1), pl.col("family").str.extract(BOTH, 2)
    one, two, initial = pl.col("one"), pl.col("two"), first.str.slice(0, 1)
    beside = (one == first) | (one == initial)
    return pl.col("given").is_null() & (
        (one == initial + last)
        | (beside & (last.str.starts_with(two) & (two.str.len_chars() >= SPOKEN)))
        | ((one == last) & ((two == initial) | (two == first)))
    ).fill_null(value=False)


def _before_family() -> pl.Expr:
    return pl.when(_are_both()).then(pl.col("family").str.extract(BOTH, 1))


def _after_given() -> pl.Expr:
    return pl.when(_are_both()).then(pl.col("family").str.extract(BOTH, 2)).otherwise("family")


def _given_beside(family: pl.Expr) -> pl.Expr:
    """What the local part holds beside a family name, or a beginning of it."""
    one, two = pl.col("one"), pl.col("two")
    return (
        pl.when((two == family) | ((two.str.len_chars() >= SPOKEN) & family.str.starts_with(two)))
        .then(one)
        .when(one == family)
        .then(two)
        .when(two.is_not_null())
        .then(None)
        .when(one.str.ends_with(family))
        .then(one.str.strip_suffix(family))
        .when(one.str.starts_with(family))
        .then(one.str.strip_prefix(family))
        .when(pl.col("one_is_given"))
        .then(one)
    )


def _family_beside(given: pl.Expr) -> pl.Expr:
    """What the local part holds beside a given name, or its initial."""
    one, two, initial = pl.col("one"), pl.col("two"), given.str.slice(0, 1)
    return (
        pl.when((two == given) | ((two == initial) & ~pl.col("one_is_given")))
        .then(one)
        .when((one == given) | (one == initial) | (one.str.starts_with(initial) & pl.col("two_is_family")))
        .then(two)
        .when(two.is_not_null())
        .then(None)
        .when(one.str.starts_with(given))
        .then(one.str.strip_prefix(given))
        .when(one.str.ends_with(given))
        .then(one.str.strip_suffix(given))
        .when(one.str.starts_with(initial) & ~pl.col("one_is_given"))
        .then(one.str.slice(1))
    )
