"""The values of a merge: the survivor takes the chosen ones, and the CRM is told of each."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg2 import sql

from crm_adoption.people.models import Person
from dataquality.models import Correction
from dataquality.queries.merging import Plan
from dataquality.services.mending import derive_again, typed
from dataquality.statements import execute, fetch
from dataquality.subjects import Subject

MERGE_FIELD = "merged_into"  # what a correction that proposes a merge names as its field


def take_values(made: Plan) -> dict[str, tuple[str, str]]:
    """Copy the chosen cells, typed as they are stored, from the records they were chosen from.

    Field to the text that the CRM holds of it, and the text that it is now.
    """
    subject, survivor = made.subject, made.survivor.pk
    if not made.changed:
        return {}
    table = sql.Identifier(subject.db_table)
    sets: list[sql.Composable] = []
    told: list[sql.Composable] = []
    texts: list[str] = []
    for choice in made.changed:
        column = subject.stored_name(choice.field)
        told.append(sql.SQL("{}, coalesce(t.{}::text, '')").format(sql.Literal(column), sql.Identifier(column)))
        if choice.kept.record is None:
            sets.append(sql.SQL("{} = {}").format(sql.Identifier(column), typed(subject, column, "%s")))
            texts.append(choice.kept.value)
            sets += [sql.SQL("{} = NULL").format(sql.Identifier(key)) for key in _keys(subject, choice.field)]
            continue
        for name in (column, *_keys(subject, choice.field)):
            sets.append(
                sql.SQL("{0} = (SELECT o.{0} FROM {1} o WHERE o.id = {2})").format(
                    sql.Identifier(name), table, sql.Literal(choice.kept.record)
                )
            )
    columns = [sql.Identifier(subject.stored_name(choice.field)) for choice in made.changed]
    row = fetch(
        sql.SQL(TAKE).format(
            t=table, sets=sql.SQL(", ").join(sets), told=sql.SQL(", ").join(told),
            was=sql.SQL(", ").join(
                sql.SQL("coalesce(w.corrected->>{0}, w.{1}::text, '')").format(sql.Literal(name.string), name)
                for name in columns
            ),
            now=sql.SQL(", ").join(sql.SQL("coalesce(t.{}::text, '')").format(name) for name in columns),
        ),
        [*texts, survivor, survivor],
    )[0]  # fmt: skip
    derive_again(subject, [survivor])
    return {choice.field: texts for choice, texts in zip(made.changed, zip(*row, strict=True), strict=True)}


TAKE = """
    UPDATE {t} t SET {sets}, corrected = jsonb_build_object({told}) || t.corrected
      FROM (SELECT ARRAY[{was}] AS texts FROM {t} w WHERE w.id = %s) was
     WHERE t.id = %s RETURNING was.texts, ARRAY[{now}]"""


def _keys(subject: Subject, name: str) -> list[str]:
    """The foreign keys that the model stores of a pointer."""
    if name not in subject.pointers:
        return []
    kept = {field.name: str(field.column) for field in subject.model._meta.concrete_fields}
    return [kept[key] for key in subject.pointers[name].targets(name) if key in kept]


def propose(made: Plan, texts: Mapping[str, tuple[str, str]], *, by: Person | None, reason: str) -> None:
    """Tell the CRM: a change a field of the survivor, and for every loser of the same source that it is merged.

    A loser of another source stays in its own system; only here the two are one.
    """
    subject, survivor = made.subject, made.survivor
    rows = [
        ("change", survivor.pk, survivor.external_id, field, text, new) for field, (text, new) in texts.items()
    ] + [
        ("merge", loser.pk, loser.external_id, MERGE_FIELD, loser.external_id, survivor.external_id)
        for loser in made.losers
        if loser.source_id == survivor.source_id
    ]  # fmt: skip
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        said = [subject.slug, survivor.source_id, str(Correction.Origin.STEWARD), by.pk if by else None, reason.strip()]
        execute(PROPOSE, [*said, *columns])


PROPOSE = """
    INSERT INTO dataquality_correction (kind, "table", record_id, source_id, external_id, field, old, new, origin,
                                        made_by_id, reason, fate, created_at, updated_at)
    SELECT v.kind, s.slug, v.record_id, s.source_id, v.external_id, v.field, v.old, v.new, s.origin, s.made_by_id,
           s.reason, 'pending', now(), now()
      FROM (SELECT %s AS slug, %s AS source_id, %s AS origin, %s::bigint AS made_by_id, %s AS reason) s,
           unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
               v (kind, record_id, external_id, field, old, new)
    ON CONFLICT ("table", record_id, field) WHERE fate = 'pending'
    DO UPDATE SET new = EXCLUDED.new, origin = EXCLUDED.origin, made_by_id = EXCLUDED.made_by_id,
                  reason = EXCLUDED.reason, updated_at = now()"""
