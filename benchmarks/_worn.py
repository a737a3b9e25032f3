"""Tables made worse: the people, places and firms of other tables, written down again and again by careless hands."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from benchmarks.matching_data import make_contacts
from benchmarks.matching_data.damage import typo


def worn(
    table: pl.DataFrame,
    times: Sequence[int],
    *,
    slips: float,
    blanks: float,
    others: Mapping[str, float],
    seed: int,
    first_too: bool = False,
) -> pl.DataFrame:
    """Each row written down again `times[k]` times in all, in random order; the column truth says which row it was.

    slips: the share of cells of further records with a typing slip, every third of them with two; blanks: with
    nothing; others: column -> the share that has the value of another row altogether; first_too: so the first records.
    """
    dice = np.random.default_rng(seed)
    row = np.repeat(np.arange(len(table)), times)
    again = np.concatenate([[first_too], (row[1:] == row[:-1]) | first_too])
    made: dict[str, list[str | None]] = {"truth": [str(one) for one in row]}
    for name in (column for column in table.columns if column != "truth"):
        values = table[name].gather(row).to_list()
        elsewhere = table[name].gather(dice.integers(0, len(table), len(row))).to_list()
        chance = dice.random((4, len(row)))
        for at in np.flatnonzero(again):
            if chance[0, at] < others.get(name, 0.0):
                values[at] = elsewhere[at]
            if chance[1, at] < blanks:
                values[at] = None
            elif values[at] and chance[2, at] < slips:
                values[at] = typo(values[at], dice)
                if values[at] and chance[3, at] < 1 / 3:
                    values[at] = typo(values[at], dice)
        made[name] = values
    return pl.DataFrame(made, schema=dict.fromkeys(made, pl.String))[dice.permutation(len(row))]


def once(table: pl.DataFrame) -> pl.DataFrame:
    """The first record of each truth."""
    return table.unique("truth", keep="first", maintain_order=True)


def twice(rows: int, share: float, seed: int) -> list[int]:
    """How often to write each of `rows` down so that about the share of them comes twice, a few of these oftener."""
    dice = np.random.default_rng(seed)
    again = dice.random(rows) < share
    often: list[int] = (1 + again + (again & (dice.random(rows) < 0.15))).tolist()
    return often


def people(rows: int, seed: int) -> pl.DataFrame:
    """Contacts that differ, one record each."""
    return once(make_contacts(rows, duplicates=0.0, seed=seed)).filter(
        pl.col("first_name").is_not_null() & pl.col("last_name").is_not_null()
    )


def crowd(rows: int, seed: int) -> pl.DataFrame:
    """People out of small pools: some hundred names in any combination, employers of a dozen, sixty towns."""
    dice = np.random.default_rng(seed)
    pool = people(rows, seed)
    some = {name: pool[name].drop_nulls().unique(maintain_order=True).head(400) for name in ("first_name", "last_name")}
    given, family = (some[name].gather(dice.integers(0, len(some[name]), rows)) for name in some)
    employers = firms(max(rows // 12, 20), seed)
    work = dice.integers(0, len(employers), rows)
    towns = pool.drop_nulls(["city", "country"]).unique("city", maintain_order=True).head(60)
    lives = dice.integers(0, len(towns), rows)
    letters = [(given.str.to_lowercase() + "." + family.str.to_lowercase()).str.replace_all(r"[^a-z.]", "")]
    return pl.DataFrame(
        {
            "truth": np.arange(rows).astype(str),
            "name": given + " " + family,
            "email": letters[0] + "@" + employers["website"].gather(work),
            "phone": [f"+1 {one} {two:03} {three:04}" for one, two, three in zip(
                dice.integers(210, 980, rows), dice.integers(200, 999, rows), dice.integers(0, 9999, rows), strict=True
            )],
            "company": employers["company"].gather(work),
            "city": towns["city"].gather(lives),
            "region": pl.Series(lives % 23).cast(pl.String).str.replace(r"^", "District "),
            "country": towns["country"].gather(lives),
        }
    )  # fmt: skip


def firms(rows: int, seed: int) -> pl.DataFrame:
    """Firms that differ: name, web domain, phone, address and trade."""
    domain = pl.col("email").str.split("@").list.last()
    found = (
        make_contacts(rows * 6, duplicates=0.0, seed=seed)
        .filter(pl.col("company").str.contains(" ") & pl.col("street").is_not_null() & pl.col("email").is_not_null())
        .filter(pl.len().over(domain) <= 12)
        .unique("email", keep="first", maintain_order=True)
        .filter((pl.int_range(pl.len()).over(domain) == 0) & (pl.int_range(pl.len()).over("company") == 0))
        .head(rows)
    )
    dice = np.random.default_rng(seed)
    trades = np.array(["trade", "transport", "building", "food", "software", "health", "energy", "finance"])
    return found.select(
        "truth",
        "company",
        domain.alias("website"),
        "phone",
        "street",
        "city",
        "postcode",
        "country",
        pl.Series("trade", trades[dice.integers(0, len(trades), len(found))]),
    )


def parish(rows: int, seed: int) -> pl.DataFrame:
    """People of a few villages: few names, kin under one roof, the same date of birth only by chance."""
    dice = np.random.default_rng(seed)
    pool = people(rows, seed)
    men = pool["first_name"].value_counts(sort=True)["first_name"].head(60).to_numpy()
    kin = pool["last_name"].value_counts(sort=True)["last_name"].head(90).to_numpy()
    villages = pool["city"].drop_nulls().unique(maintain_order=True).head(25).to_numpy()
    trades = np.array(["farmer", "servant", "smith", "weaver", "miller", "widow", "labourer", "cooper", "none"])
    house = np.sort(dice.integers(0, rows // 4, rows))
    surname = kin[np.minimum(dice.zipf(1.35, rows // 4) - 1, len(kin) - 1)][house]
    lives = villages[dice.integers(0, len(villages), rows // 4)][house]
    born = np.datetime64("1820-01-01") + dice.integers(0, 28_000, rows).astype("timedelta64[D]")
    return pl.DataFrame(
        {
            "truth": np.arange(rows).astype(str),
            "given": men[np.minimum(dice.zipf(1.4, rows) - 1, len(men) - 1)],
            "surname": surname,
            "born": born.astype(str),
            "birthplace": np.where(dice.random(rows) < 0.7, lives, villages[dice.integers(0, len(villages), rows)]),
            "lives": lives,
            "trade": trades[dice.integers(0, len(trades), rows)],
            "sex": np.array(["f", "m"])[dice.integers(0, 2, rows)],
        }
    ).with_columns(pl.all().cast(pl.String))
