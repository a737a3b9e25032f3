"""How a person is reached: e-mail addresses and telephone numbers, as each source writes them."""

from __future__ import annotations

import numpy as np
import polars as pl

from .names import Ints, World
from .people import Companies, People, bare_given, local_part


def mail(
    who: Ints, again: np.ndarray, moved: np.ndarray, company: Ints, employed: np.ndarray, source: Ints, people: People,
    companies: Companies, known: World, dice: np.random.Generator,
) -> pl.Series:  # fmt: skip
    n = len(who)
    chance = dice.random((4, n))
    frame = pl.DataFrame(
        {
            "given": bare_given(people, known, who),
            "family": known.families.bare.gather(people.family[who]),
            "domain": companies.domain.gather(np.maximum(company, 0)),
            "pattern": np.where(again & (chance[3] < 0.06), 0, companies.pattern[np.maximum(company, 0)]),
            "private": people.private.gather(who),
            "twin": np.where(moved, 0, people.number[who]),
            "at_work": employed & (chance[0] > 0.14),
            "none": chance[1] < np.where(source == 0, 0.03, np.where(source == 3, 0.28, 0.2)),
            "role": employed & (chance[2] < 0.015),
            "word": pl.Series(["info", "sales", "office", "contact"]).gather(dice.integers(0, 4, n)),
        }
    )
    local = (
        pl.when(pl.col("twin") > 0).then(pl.format("{}{}", local_part(), pl.col("twin") + 1)).otherwise(local_part())
    )
    return frame.select(
        pl.when("none").then(None).when("role").then(pl.format("{}@{}", "word", "domain"))
        .when("at_work").then(pl.format("{}@{}", local, "domain")).otherwise("private").alias("mail")
    )["mail"]  # fmt: skip


def phone(
    who: Ints, again: np.ndarray, moved: np.ndarray, company: Ints, employed: np.ndarray, source: Ints, people: People,
    companies: Companies, landlines: pl.Series, known: World, dice: np.random.Generator,
) -> pl.Series:  # fmt: skip
    n = len(who)
    usual = np.where(dice.random(n) < 0.72, people.reach[who], dice.choice(3, n, p=[0.35, 0.3, 0.35]))
    usual = np.where(moved, 2, usual)
    kind = np.where(employed, usual, np.where(dice.random(n) < 0.25, 3, 2))
    missing = dice.random(n) < np.where(source == 0, 0.36, np.where(source == 2, 0.4, 0.16))
    missing &= ~moved
    code = pl.Series([each["phone"][0] for each in known.facts]).gather(people.country[who])
    trunk = pl.Series([each["phone"][1] for each in known.facts]).gather(people.country[who])
    row = np.maximum(company, 0)
    frame = pl.DataFrame(
        {
            "code": code, "trunk": trunk, "kind": kind, "missing": missing,
            "board": companies.switchboard.gather(row), "mains": companies.mains.gather(row),
            "extension": people.extension[who] + np.where(moved, 7, 0), "mobile": people.mobile.gather(who),
            "landline": landlines.gather(people.landline[who]), "style": dice.integers(0, 9, n),
            "sign": pl.Series([" ", "-", " ", ".", ""]).gather(dice.integers(0, 5, n)),
        }
    )  # fmt: skip
    national = frame.with_columns(
        national=pl.when(pl.col("kind") == 0).then("board")
        .when(pl.col("kind") == 1)
        .then(pl.format("{}{}", "mains", pl.col("extension").cast(pl.String).str.zfill(3)))
        .when(pl.col("kind") == 2).then("mobile").otherwise("landline")
    )  # fmt: skip
    area, middle, last = (
        pl.col("national").str.slice(0, 3), pl.col("national").str.slice(3, 3), pl.col("national").str.slice(6)
    )  # fmt: skip
    grouped = pl.format("{}{}{}{}{}", area, "sign", middle, "sign", last)
    return national.select(
        pl.when("missing").then(None)
        .when(pl.col("style") <= 2).then(pl.format("+{} {}", "code", grouped))
        .when(pl.col("style") == 3).then(pl.format("+{}{}", "code", "national"))
        .when(pl.col("style") == 4).then(pl.format("00{} {}", "code", grouped))
        .when(pl.col("style") == 5).then(pl.format("({}{}) {}{}{}", "trunk", area, middle, "sign", last))
        .when(pl.col("style") == 6).then(pl.format("{}{}", "trunk", "national"))
        .otherwise(pl.format("{}{}", "trunk", grouped)).alias("phone")
    )["phone"]  # fmt: skip
