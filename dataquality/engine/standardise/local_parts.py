"""Missing parts of a name, read from the local part of the record's e-mail address where it is plain."""

import polars as pl


def filled_from_address(rows: pl.DataFrame, local: pl.Series, seen: pl.DataFrame) -> pl.DataFrame:
    """`given` and `family` where one is missing or an initial, and the address says it with the other.

    `anna.schmidt`, `schmidt_anna` and `annaschmidt` give Anna to Schmidt, `aschmidt` gives the initial; a lone `anna`
    must be known as a given name. `local` is each row's local part without tag, null for roles. Where neither name is there, two words parted by a sign are taken for both.
    """
    short = pl.col("given").is_null() | (pl.col("given").str.len_chars() == 1)
    wanting = (short | pl.col("family").is_null()) & pl.col("local").is_not_null()
    asked = rows.with_columns(local=local).with_row_index("at").filter(wanting.fill_null(value=False))
    if not asked.height:
        return rows
    asked = asked.with_columns(
        parts=pl.col("local").str.strip_suffix("-").str.replace(r"[._-]*[0-9]+$", "").str.replace_all(r"[_-]+", ".")
    )
    asked = asked.filter(pl.col("parts").str.contains(r"^[a-z]+(?:\.[a-z]+)?$")).with_columns(
        one=pl.col("parts").str.extract(r"^([a-z]+)"), two=pl.col("parts").str.extract(r"\.([a-z]+)$")
    )
    if not asked.height:
        return rows
    sightings = asked.select(name="one").join(seen, on="name", how="left", maintain_order="left")
    turned = asked.select(name="two").join(seen, on="name", how="left", maintain_order="left")
    asked = asked.with_columns(
        known_given=(sightings.get_column("given").fill_null(0) > 3 * sightings.get_column("family").fill_null(0) + 1),
        known_family=(sightings.get_column("family").fill_null(0) > 3 * sightings.get_column("given").fill_null(0) + 1)
        & (turned.get_column("given").fill_null(0) > turned.get_column("family").fill_null(0)),
        family_key=pl.col("family").str.replace_all(" ", "", literal=True),
        given_key=pl.col("given").str.replace_all(" ", "", literal=True),
    )
    given = _other_part(pl.col("family_key"), known=pl.col("known_given"))
    starts = pl.col("given").is_null() | (pl.col("guess").str.slice(0, 1) == pl.col("given"))
    found_given = (
        asked.filter(
            pl.col("family").is_not_null() & (pl.col("given").is_null() | (pl.col("given").str.len_chars() == 1))
        )
        .with_columns(guess=given)
        .filter(pl.col("guess").is_not_null() & (pl.col("guess") != "") & starts)
        .select("at", "guess")
    )
    found_family = (
        asked.filter(pl.col("family").is_null() & (pl.col("given").str.len_chars() > 1))
        .with_columns(guess=_other_part(pl.col("given_key"), known=pl.lit(value=False)))
        .filter(pl.col("guess").str.len_chars() > 1)
        .select("at", "guess")
    )
    both = asked.filter(
        pl.col("family").is_null() & pl.col("given").is_null() & (pl.col("two").str.len_chars() > 1)
    ).select(
        "at",
        given=pl.when("known_family").then("two").otherwise("one"),
        family=pl.when("known_family").then("one").otherwise("two"),
    )
    given_column = rows.get_column("given")
    given_column = given_column.scatter(found_given.get_column("at"), found_given.get_column("guess"))
    given_column = given_column.scatter(both.get_column("at"), both.get_column("given"))
    family_column = rows.get_column("family")
    family_column = family_column.scatter(found_family.get_column("at"), found_family.get_column("guess"))
    family_column = family_column.scatter(both.get_column("at"), both.get_column("family"))
    return rows.with_columns(given=given_column, family=family_column)


def _other_part(key: pl.Expr, *, known: pl.Expr) -> pl.Expr:
    """What the local part holds beside a name it also holds."""
    ending = pl.col("one").str.strip_suffix(key)
    beginning = pl.col("one").str.strip_prefix(key)
    return (
        pl.when(pl.col("two") == key)
        .then("one")
        .when(pl.col("one") == key)
        .then("two")
        .when(pl.col("two").is_not_null())
        .then(None)
        .when(pl.col("one").str.ends_with(key))
        .then(ending)
        .when(pl.col("one").str.starts_with(key))
        .then(beginning)
        .when(known)
        .then("one")
    )
