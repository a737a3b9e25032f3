"""Compare what the systems say of the accounts that more than one of them holds, cell by cell (T9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl
from django.db import transaction

from accounts.models import Agreement, AgreementSetting, Disagreement
from accounts.queries.agreement import masters
from accounts.services.linking import compared_fields, linked_accounts, plainly, said_by_sources
from dataquality.services.copying import copy

CELLS = {"account": pl.Int64, "record_id": pl.Int64, "source_id": pl.Int64, "field": pl.String,
         "value": pl.String, "plain": pl.String}  # fmt: skip
DIFFERING = [
    "account",
    "record_id",
    "external_id",
    "source_id",
    "field",
    "value",
    "against_id",
    "against_external_id",
    "against_source_id",
    "against_value",
    "by_master",
]


@transaction.atomic
def compare_sources(now: datetime) -> Agreement:
    """Compare every account that two sources or more hold; what disagrees takes the place of what disagreed before.

    A cell is compared where two sources fill it: with what its master says, where one is declared and fills it, else
    each with each. Spelling does not count: phones, addresses, names of companies and figures are compared as what
    they mean.
    """
    linked = linked_accounts(AgreementSetting.now().keys)
    cells = _cells(linked)
    pairs = _pairs(cells, masters())
    differing = _named(pairs.filter("differs").sort("account", "record_id", "field", "against_id"))
    by_cell = pairs.group_by("account", "field").agg(pl.col("differs").any())
    Disagreement.objects.all().delete()
    copy(Disagreement._meta.db_table, DIFFERING, differing.select(DIFFERING))
    return Agreement.objects.create(
        taken_at=now, linked=linked.get_column("account").n_unique(), cells=by_cell.height,
        agreed=by_cell.filter(~pl.col("differs")).height, figures=_figures(linked, cells, pairs),
    )  # fmt: skip


def _cells(linked: pl.DataFrame) -> pl.DataFrame:
    """The filled cells of the linked accounts, as they are written and in one spelling."""
    if not linked.height:
        return pl.DataFrame(schema=CELLS)
    names = compared_fields()
    rows = said_by_sources(names, linked.get_column("record_id").to_list())
    rows = rows.join(linked.select("record_id", "account"), on="record_id", maintain_order="left")
    parts = [
        rows.select(
            "account", "record_id", "source_id", field=pl.lit(name), value=pl.col(name), plain=plainly(name, rows)
        ).filter(pl.col("value").is_not_null())
        for name in names
    ]
    return pl.concat(parts)


def _pairs(cells: pl.DataFrame, by_field: Mapping[str, int]) -> pl.DataFrame:
    """Two filled cells of one account and field, and whether they differ; `against` is the master, if it speaks."""
    master = pl.col("field").replace_strict(by_field, default=None, return_dtype=pl.Int64)
    cells = cells.with_columns(is_master=(pl.col("source_id") == master).fill_null(value=False))
    cells = cells.with_columns(has_master=pl.col("is_master").any().over("account", "field"))
    against = cells.select(
        "account", "field", against_id="record_id", against_source_id="source_id", against_value="value",
        against_plain="plain", by_master="is_master",
    )  # fmt: skip
    both = cells.join(against, on=["account", "field"])
    beside = ~pl.col("has_master") & (pl.col("source_id") > pl.col("against_source_id"))
    below = pl.col("by_master") & ~pl.col("is_master")
    return both.filter(below | beside).with_columns(differs=pl.col("plain") != pl.col("against_plain"))


def _named(differing: pl.DataFrame) -> pl.DataFrame:
    """With the ids that the records have in their sources, and what the account is called."""
    ids = pl.concat([differing.get_column("record_id"), differing.get_column("against_id")]).unique().to_list()
    known = said_by_sources(["name"], ids).select("record_id", "external_id", "name")
    there = known.rename({"record_id": "against_id", "external_id": "against_external_id", "name": "against_name"})
    both = differing.join(known, on="record_id", how="left", maintain_order="left")
    both = both.join(there, on="against_id", how="left", maintain_order="left")
    called = pl.coalesce("against_name", "name", "against_external_id")
    return both.with_columns(account=called)


def _figures(linked: pl.DataFrame, cells: pl.DataFrame, pairs: pl.DataFrame) -> list[dict[str, int | str]]:
    """By field and source: accounts in which the source was compared, those in which it agreed with all it was
    compared with, and those of which it alone leaves the cell blank or another fills it."""
    sides: Sequence[str] = ("source_id", "against_source_id")
    ends = [pairs.select("account", "field", "differs", source=pl.col(side)) for side in sides]
    each = pl.concat(ends).group_by("account", "field", "source").agg(pl.col("differs").any())
    compared = each.group_by("field", "source").agg(compared=pl.len(), agreed=(~pl.col("differs")).sum())
    filled = cells.select("account", "field").unique()
    wanted = filled.join(linked.select("account", source="source_id"), on="account")
    blank = wanted.join(
        cells.select("account", "field", source="source_id"), on=["account", "field", "source"], how="anti"
    )
    blanks = blank.group_by("field", "source").agg(blank=pl.len())
    rows = compared.join(blanks, on=["field", "source"], how="full", coalesce=True).fill_null(0).sort("field", "source")
    return rows.to_dicts()


@transaction.atomic
def set_agreement(setting: AgreementSetting) -> AgreementSetting:
    """Say when accounts agree well enough; the next comparison counts so."""
    setting.pk = 1
    setting.save()
    return setting
