"""Whole columns of telephone numbers at once: those that `numbering.settle` would settle as valid in the usual way.

It says nothing of any other number, and never says anything else than `settle` does.
"""

import phonenumbers
import polars as pl

from dataquality.engine.rules.numbering import (
    NORTH_AMERICAN,
    Numbering,
    Pattern,
    Plan,
    calling_code,
    numbering_of,
    plan_of,
)

_NSN, _BARE = pl.col("nsn"), pl.col("bare")


def plain_numbers(rows: pl.DataFrame) -> pl.Series:
    """The E.164 form of each row (`digits`, `region`, `plus`), null where `settle` has to be asked."""
    digits = pl.col("digits")
    heads = rows.filter("plus").get_column("digits").str.slice(0, 3).unique().drop_nulls().to_list()
    codes = {head: f"+{code}" for head in heads if (code := calling_code(head))}
    abroad = digits.str.slice(0, 3).replace_strict(codes, default=None, return_dtype=pl.String)
    way = pl.when(digits.is_null()).then(None).when("plus").then(abroad).otherwise("region")
    indexed = rows.with_columns(way=way).with_row_index()
    parts = [
        _numbers_of(part, str(name)) if name is not None else part.select("index", number=pl.lit(None, pl.String))
        for (name,), part in indexed.partition_by("way", as_dict=True).items()
    ]
    if not parts:
        return pl.Series([], dtype=pl.String)
    return pl.concat(parts).sort("index").get_column("number")


def _numbers_of(rows: pl.DataFrame, way: str) -> pl.DataFrame:
    """`way` is a region, or a plus sign and the calling code that all these numbers begin with."""
    plus = way.startswith("+")
    region = phonenumbers.region_code_for_country_code(int(way)) if plus else way
    plan = plan_of(region)
    if plan is None:
        return rows.select("index", number=pl.lit(None, pl.String))
    digits = pl.col("digits")
    if plus:
        nsn, known = digits.str.slice(len(plan.calling)), pl.lit(value=True)
    else:
        nsn, known = digits, ~(digits.str.starts_with("00") | _begins(digits, plan.dial_out.pattern))
        if plan.calling != NORTH_AMERICAN:
            known &= ~digits.str.starts_with(plan.calling)
    parted = rows.select("index", nsn=nsn, known=known & nsn.str.len_bytes().is_between(4, 15))
    return parted.with_columns(**_without_prefix(plan)).select(
        "index",
        number=pl.when(pl.col("known") & _has(numbering_of(int(plan.calling)), _BARE)).then(
            pl.concat_str(pl.lit(f"+{plan.calling}"), _BARE)
        ),
    )


def _without_prefix(plan: Plan) -> dict[str, pl.Expr]:
    """`bare`, the number without its trunk prefix, and whether it is still `known` how the library reads it."""
    if plan.prefix is None:
        return {"bare": _NSN}
    prefix = f"^(?:{plan.prefix.pattern})"
    written = _NSN.str.contains(prefix)
    if plan.transforms or plan.calling == NORTH_AMERICAN:
        return {"bare": _NSN, "known": pl.col("known") & ~written}
    bare = _NSN.str.replace(prefix, "")
    return {"bare": bare, "known": pl.col("known") & (~written | _fits(plan.general, bare))}


def _has(numbering: Numbering, nsn: pl.Expr) -> pl.Expr:
    """Valid in a region that is not told by its first digits alone."""
    led = _begins(nsn, numbering.leading.pattern) if numbering.led else pl.lit(value=False)
    free = [
        _fits(region.general, nsn) & pl.any_horizontal(_fits(kind, nsn) for kind in region.types)
        for region in numbering.free
        if region.types
    ]
    return ~led & pl.any_horizontal(free) if free else pl.lit(value=False)


def _fits(pattern: Pattern, nsn: pl.Expr) -> pl.Expr:
    return nsn.str.len_bytes().is_in(sorted(pattern.lengths)) & nsn.str.contains(f"^(?:{pattern.digits.pattern})$")


def _begins(text: pl.Expr, pattern: str) -> pl.Expr:
    return text.str.contains(f"^(?:{pattern})")
