"""Which accounts of different sources are one: by confirmed duplicates and merges, and by the keys that are set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl
from psycopg2 import sql

from accounts.models import Account, AgreementSetting
from dataquality import subjects
from dataquality.engine.columns import Kind
from dataquality.engine.folding import fold
from dataquality.engine.standardise.companies import company_parts
from dataquality.engine.standardise.mail import host_parts
from dataquality.engine.standardise.phones import phone_parts
from dataquality.engine.standardise.places import city_parts, country_codes, country_parts, postcode_parts, region_parts
from dataquality.engine.standardise.streets import street_parts
from dataquality.models import Pair, Record, Source
from dataquality.queries.merging import chosen_fields
from dataquality.services.matching.frames import copied
from dataquality.statements import fetch

SLUG = Account._meta.label_lower
FIGURES = (Kind.INTEGER, Kind.MONEY, Kind.NUMBER, Kind.PERCENT)
LINKED = {"record_id": pl.Int64, "source_id": pl.Int64, "account": pl.Int64}


def linked_accounts(keys: Sequence[str] = ()) -> pl.DataFrame:
    """(record_id, source_id, account) of the accounts that two sources or more hold, one record a source.

    `account` is the smallest number of its records. Where a source holds it twice, the live record speaks, then the
    one with the smallest number.
    """
    subject = subjects.get(SLUG)
    table = sql.Identifier(subject.db_table)
    edges = fetch(
        "SELECT a, b FROM dataquality_pair WHERE table_a = %s AND table_b = %s AND state = %s",
        [SLUG, SLUG, Pair.State.SAME],
    )
    edges += fetch(sql.SQL("SELECT id, merged_into_id FROM {} WHERE state = 'merged'").format(table))
    for key in keys:
        edges += _sharing(key)
    home = _joined(edges)
    standing = (Record.State.LIVE, Record.State.MERGED)
    rows = Account.objects.filter(pk__in=home, state__in=standing).values_list("pk", "source_id", "state")
    frame = pl.DataFrame(
        [(pk, source, home[pk], state != Record.State.LIVE) for pk, source, state in rows],
        {**LINKED, "is_merged": pl.Boolean}, orient="row",
    )  # fmt: skip
    one_each = frame.sort("account", "source_id", "is_merged", "record_id").unique(
        ["account", "source_id"], keep="first", maintain_order=True
    )
    return one_each.filter(pl.len().over("account") > 1).select(list(LINKED))


def _joined(edges: Iterable[tuple[int, int | None]]) -> dict[int, int]:
    """Record to the smallest record that edges lead to from it."""
    head: dict[int, int] = {}

    def find(one: int) -> int:
        while head.setdefault(one, one) != one:
            head[one] = head[head[one]]
            one = head[one]
        return one

    for a, b in edges:
        if b is not None:
            low, high = sorted((find(a), find(b)))
            head[high] = low
    return {one: find(one) for one in head}


def _sharing(key: str) -> list[tuple[int, int]]:
    """Pairs of live accounts of different sources that alone in their source hold a value of this key."""
    rows = said_by_sources([] if key == AgreementSetting.Key.EXTERNAL_ID else [key])
    if key == AgreementSetting.Key.EXTERNAL_ID:
        rows = rows.with_columns(plain=pl.col("external_id"))
    else:
        rows = rows.with_columns(plain=plainly(key, rows))
    alone = rows.filter(pl.col("is_live") & pl.col("plain").is_not_null()).filter(
        pl.len().over("source_id", "plain") == 1
    )
    firsts = alone.with_columns(first=pl.col("record_id").min().over("plain"))
    return list(firsts.filter(pl.col("first") != pl.col("record_id")).select("first", "record_id").iter_rows())


def compared_fields() -> list[str]:
    """The columns in which systems are compared: all but the systems' own stamps."""
    return chosen_fields(subjects.get(SLUG))


def said_by_sources(names: Sequence[str], ids: Sequence[int] | None = None) -> pl.DataFrame:
    """`record_id`, `source_id`, `external_id`, `is_live`, `country_of` and the columns as text, null where blank, as
    each source says them: without corrections that it has not taken over yet.

    A parent is the name of the account that it leads to, an owner that of the person, where they are known.
    """
    subject = subjects.get(SLUG)
    picks = [
        sql.SQL("nullif(coalesce({led}t.corrected->>{key}, t.{column}::text, ''), '') AS {name}").format(
            led=sql.SQL({"parent": "p.name, ", "owner": "o.name, "}.get(name, "")),
            key=sql.Literal(subject.stored_name(name)), column=sql.Identifier(subject.stored_name(name)),
            name=sql.Identifier(name),
        )
        for name in names
    ]  # fmt: skip
    chosen = sql.SQL("true") if ids is None else sql.SQL("t.id = ANY({}::bigint[])").format(sql.Literal(list(ids)))
    schema: dict[str, type[pl.DataType]] = {
        "record_id": pl.Int64, "source_id": pl.Int64, "external_id": pl.String, "live": pl.String,
        "country_of": pl.String,
    }  # fmt: skip
    rows = copied(
        sql.SQL(
            "SELECT t.id, t.source_id, t.external_id, t.state, nullif(t.country, ''){picks} FROM {t} t"
            " LEFT JOIN {t} p ON p.id = t.parent_id LEFT JOIN people_person o ON o.id = t.owner_id"
            " WHERE {chosen} ORDER BY t.id"
        ).format(
            t=sql.Identifier(subject.db_table), chosen=chosen,
            picks=sql.SQL("").join(sql.SQL(", {}").format(pick) for pick in picks),
        ),
        {**schema, **dict.fromkeys(names, pl.String)},
    )  # fmt: skip
    return rows.with_columns(is_live=pl.col("live") == Record.State.LIVE).drop("live")


def plainly(name: str, rows: pl.DataFrame) -> pl.Series:
    """A column in one spelling, so that what differs only in how it is written is the same."""
    values = rows.get_column(name)
    kind = Kind.COMPANY if name == "parent" else subjects.get(SLUG).columns[name].kind
    folded = values.replace_strict({text: fold(text) for text in values.unique().drop_nulls()}, return_dtype=pl.String)
    if kind in FIGURES:
        return values.cast(pl.Float64, strict=False).cast(pl.String).fill_null(folded)
    if kind is Kind.PHONE:
        plain = phone_parts(values, _regions(rows))["number"]
    elif kind is Kind.STREET:
        parts = street_parts(values)
        plain = pl.select(pl.concat_str(parts["street"], parts["number"], separator=" ", ignore_nulls=True)).to_series()
    elif kind is Kind.POSTCODE:
        plain = postcode_parts(values, _regions(rows))[0]["code"]
    elif kind in ONE_PART:
        make, part = ONE_PART[kind]
        plain = make(values)[part]
    else:
        plain = folded
    return plain.set(plain == "", None).fill_null(folded)


ONE_PART = {
    Kind.COMPANY: (company_parts, "name"), Kind.URL: (host_parts, "host"), Kind.CITY: (city_parts, "name"),
    Kind.REGION: (region_parts, "name"), Kind.COUNTRY: (country_parts, "name"),
}  # fmt: skip


def _regions(rows: pl.DataFrame) -> pl.Series:
    """Each row's country as alpha-2 in lower case: its own, else that of its source."""
    distinct = rows.get_column("country_of").unique().drop_nulls()
    codes = dict(zip(distinct.to_list(), country_codes(distinct).to_list(), strict=True))
    own = rows.get_column("country_of").replace_strict(codes, default=None, return_dtype=pl.String)
    homes = {pk: code.lower() or None for pk, code in Source.objects.values_list("pk", "default_country")}
    return own.fill_null(rows.get_column("source_id").replace_strict(homes, default=None, return_dtype=pl.String))
