"""Values that only one record may hold, and more than one does; and records that stand for the same one."""

from __future__ import annotations

from psycopg2 import sql

from dataquality.queries.pointers import foreign_keys
from dataquality.rules import CONFIRMED
from dataquality.services.relations.confirmed import judge_confirmed
from dataquality.services.relations.judging import Judging
from dataquality.subjects import Subject

NAMED = 8  # records that hold the same value, by their ids in the CRM


def judge_unique(judging: Judging) -> None:
    """All but the first record of each value repeat it, as all but the survivor of a duplicate cluster are wrong.

    Case and space are overlooked, and a blank is no value; `with` in the rule's parameters names further fields that
    make up the key together with the rule's own. The candidates are the ids of the records that hold the value.
    """
    if judging.rule.params.get("as") == CONFIRMED:
        judge_confirmed(judging)
        return
    fields = [judging.rule.field, *judging.rule.params.get("with", ())]
    keys = [_key(judging.subject, name) for name in fields]
    judging.found(
        sql.SQL(
            "WITH keyed AS (SELECT id, external_id, value, key, row_number() OVER (PARTITION BY key ORDER BY id) AS n"
            " FROM (SELECT t.id, t.external_id, t.{c}::text AS value, ARRAY[{keys}] AS key FROM {t} t"
            " WHERE {live}) k WHERE array_position(key, '') IS NULL),"
            " held AS (SELECT key, to_jsonb(array_agg(external_id ORDER BY n) FILTER (WHERE n <= {most})) AS holders"
            " FROM keyed GROUP BY key HAVING count(*) > 1)"
            " SELECT k.id, 'unique_repeated', k.value, h.holders FROM keyed k JOIN held h USING (key) WHERE k.n > 1"
        ).format(
            c=judging.column, keys=sql.SQL(", ").join(keys), t=judging.table, live=judging.live,
            most=sql.Literal(NAMED),
        )
    )  # fmt: skip


def _key(subject: Subject, name: str) -> sql.Composable:
    """SQL: what tells a value of this field apart; of a pointer the record that it leads to, where it leads to one."""
    column = sql.Identifier(subject.stored_name(name))
    text = sql.SQL(
        r"casefold(btrim(regexp_replace(normalize(coalesce(t.{}::text, ''), NFC), '\s+', ' ', 'g'))"
        ' COLLATE "pg_unicode_fast")'
    ).format(column)
    if name not in subject.pointers:
        return text
    keys = [
        sql.SQL("{} || t.{}::text").format(sql.Literal(f"{key} "), sql.Identifier(key))
        for key in foreign_keys(subject, name)
    ]
    return sql.SQL("coalesce({})").format(sql.SQL(", ").join([*keys, text]))
