"""Put a checked batch into the mirror: set-based, keyed on (source, external id), all in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from psycopg2 import sql

from dataquality import subjects
from dataquality.models import Batch, Merge, Source
from dataquality.services.staging import changes, ids_table
from dataquality.statements import execute, q
from dataquality.subjects import PERSON, Subject

TEMPORARY = "pg_temp"


def lock(batch: Batch) -> None:
    """One batch of a source at a time; merges and corrections wait for it."""
    execute("SELECT pg_advisory_xact_lock(hashtext('dataquality.apply'), %s)", [batch.source_id])


def write_records(batch: Batch, subject: Subject, stored: Sequence[str]) -> None:
    """Insert the new rows, write versions of the changed ones and update them; unchanged rows are not touched."""
    found = _find_targets(batch, subject, stored)
    _insert(batch, subject, stored, found)
    _write_versions(batch, subject, stored)
    _update(batch, subject, stored, found)
    _update(batch, subject, stored, found, fate="merged")
    for name in found:
        execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(TEMPORARY, f"found_{name}")))


def _find_targets(batch: Batch, subject: Subject, stored: Sequence[str]) -> list[str]:
    """For each pointer in the file a temporary table: distinct text to the keys of what it means."""
    found = []
    for name in subject.pointers:
        if f"{name}_ref" not in stored:
            continue
        refs = sql.SQL("SELECT DISTINCT {0} AS ref FROM {1} WHERE {0} <> ''").format(
            sql.Identifier(f"{name}_ref"), sql.Identifier(batch.staging_table)
        )
        if make_found(subject, name, refs, batch.source):
            found.append(name)
    return found


def make_found(subject: Subject, name: str, refs: sql.Composable, source: Source) -> bool:
    """Create pg_temp.found_<name>(ref, one column a foreign key); False when the model stores no key for it."""
    joins: list[sql.Composable] = []
    picks: list[sql.Composable] = []
    before: list[sql.Composable] = []
    for n, (key, slug) in enumerate(_keys(subject, name).items()):
        alias = sql.Identifier(f"a{n}")
        joins.append(sql.SQL("LEFT JOIN LATERAL ({}) {} ON true").format(_lookup(slug, source), alias))
        pick = sql.SQL("{}.id").format(alias)
        earlier = sql.SQL(" AND ").join(sql.SQL("{}.id IS NULL").format(other) for other in before)
        if before:
            pick = sql.SQL("CASE WHEN {} THEN {} END").format(earlier, pick)
        picks.append(sql.SQL("{} AS {}").format(pick, sql.Identifier(f"{key}_id")))
        before.append(alias)
    if not joins:
        return False
    execute(
        sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT r.ref, {} FROM ({}) r {}").format(
            sql.Identifier(f"found_{name}"), sql.SQL(", ").join(picks), refs, sql.SQL(" ").join(joins)
        )
    )
    execute(sql.SQL("ANALYZE {}").format(sql.Identifier(TEMPORARY, f"found_{name}")))
    return True


def _keys(subject: Subject, name: str) -> dict[str, str]:
    """Foreign key to slug, for the targets that the model stores a key of."""
    fields = {f.name for f in subject.model._meta.get_fields()}
    return {key: slug for key, slug in subject.pointers[name].targets(name).items() if key in fields}


def _lookup(slug: str, source: Source) -> sql.Composable:
    """The one record that the text r.ref means: by its id, else by a name that only one live record bears.

    The id of a merged record means the one it was merged into.
    """
    if slug == PERSON:
        return sql.SQL(
            "SELECT person_id AS id FROM dataquality_identity WHERE source_id = {s}"
            " AND (external_id = r.ref OR name = r.ref) ORDER BY (external_id = r.ref) DESC, id LIMIT 1"
        ).format(s=sql.Literal(source.pk))
    target = subjects.get(slug)
    by_id = sql.SQL(
        "SELECT coalesce(merged_into_id, id) FROM {t} WHERE source_id = {s} AND external_id = r.ref AND state <> 'gone'"
    ).format(t=sql.Identifier(target.db_table), s=sql.Literal(source.pk))
    by_name = [
        sql.SQL(
            "SELECT min(id) FROM {t} WHERE source_id = {s} AND {n} = r.ref AND state = 'live' HAVING count(*) = 1"
        ).format(t=sql.Identifier(target.db_table), s=sql.Literal(source.pk), n=sql.Identifier(column))
        for column in target.name_columns[:1]
        if target.found_by_name
    ]
    parts = [sql.SQL("({})").format(part) for part in (by_id, *by_name)]
    return sql.SQL("SELECT coalesce({}) AS id").format(sql.SQL(", ").join(parts))


def _insert(batch: Batch, subject: Subject, stored: Sequence[str], found: Sequence[str]) -> None:
    keys, picked, joins = _found_columns(subject, found)
    values = sql.SQL(", ").join(
        [*(sql.SQL("s.{}").format(sql.Identifier(name)) for name in stored), *picked]
    )  # fmt: skip
    defaults = _blank_defaults(subject, stored, keys)
    names = [*stored, *keys, *defaults]
    execute(
        sql.SQL(
            "INSERT INTO {t} (id, source_id, external_id, row_number, first_batch_id, last_batch_id, extra, {names})"
            " SELECT i.record_id, {source}, s.external_id, s.row_number, {batch}, {batch}, jsonb_strip_nulls(s.extra),"
            " {values}{blank} FROM {s} s JOIN {ids} i USING (row_number) {joins} WHERE i.fate = 'new'"
        ).format(
            t=sql.Identifier(subject.db_table), names=q(*names), source=sql.Literal(batch.source_id),
            batch=sql.Literal(batch.pk), values=values,
            blank=sql.SQL("").join(sql.SQL(", ''") for _ in defaults),
            s=sql.Identifier(batch.staging_table), ids=sql.Identifier(ids_table(batch)), joins=joins,
        )
    )  # fmt: skip


def _blank_defaults(subject: Subject, stored: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Text columns the file does not speak of, which the database wants to be empty and not null."""
    own = {"external_id", "state", *stored, *keys}
    return [
        str(f.column)
        for f in subject.model._meta.local_concrete_fields
        if f.column not in own
        and not f.null
        and not f.has_db_default()
        and f.get_internal_type() in ("TextField", "CharField")
    ]


def _found_columns(subject: Subject, found: Sequence[str]) -> tuple[list[str], list[sql.Composable], sql.Composable]:
    keys, picked, joins = [], [], []
    for name in found:
        alias = sql.Identifier(f"f_{name}")
        joins.append(
            sql.SQL("LEFT JOIN {} {} ON {}.ref = s.{}").format(
                sql.Identifier(TEMPORARY, f"found_{name}"), alias, alias, sql.Identifier(f"{name}_ref")
            )
        )
        for key in _keys(subject, name):
            keys.append(f"{key}_id")
            picked.append(sql.SQL("{}.{}").format(alias, sql.Identifier(f"{key}_id")))
    return keys, picked, sql.SQL(" ").join(joins)


def _write_versions(batch: Batch, subject: Subject, stored: Sequence[str]) -> None:
    execute(
        sql.SQL(
            "INSERT INTO dataquality_version (\"table\", record_id, batch_id, changed)"
            " SELECT {slug}, t.id, {batch}, {changes} FROM {s} s JOIN {ids} i USING (row_number)"
            " JOIN {t} t ON t.id = i.record_id WHERE i.fate IN ('changed', 'merged')"
        ).format(
            slug=sql.Literal(subject.slug), batch=sql.Literal(batch.pk), changes=changes(stored),
            s=sql.Identifier(batch.staging_table), ids=sql.Identifier(ids_table(batch)),
            t=sql.Identifier(subject.db_table),
        )
    )  # fmt: skip


def _update(
    batch: Batch, subject: Subject, stored: Sequence[str], found: Sequence[str], *, fate: str = "changed"
) -> None:
    """Take what the batch says; a cell under correction whose CRM text is unchanged keeps the corrected value.

    A merged record hears what the CRM still says of it, and stays merged: its survivor is offered the difference.
    """
    keys, picked, joins = _found_columns(subject, found)
    sets = [
        sql.SQL(
            "{0} = CASE WHEN t.corrected ? {1} AND coalesce(s.{0}::text, '') = t.corrected->>{1}"
            " THEN t.{0} ELSE s.{0} END"
        ).format(sql.Identifier(name), sql.Literal(name))
        for name in stored
    ]
    owner_of = {key: name for name in found for key in (f"{k}_id" for k in _keys(subject, name))}
    sets += [
        sql.SQL("{0} = CASE WHEN t.corrected ? {1} AND s.{2} = t.corrected->>{1} THEN t.{0} ELSE {3} END").format(
            sql.Identifier(key), sql.Literal(f"{owner_of[key]}_ref"), sql.Identifier(f"{owner_of[key]}_ref"), pick
        )
        for key, pick in zip(keys, picked, strict=True)
    ]
    execute(
        sql.SQL(
            "UPDATE {t} t SET {sets}, extra = t.extra || jsonb_strip_nulls(s.extra), state = {state},"
            " last_batch_id = {batch}, row_number = s.row_number"
            " FROM {s} s JOIN {ids} i USING (row_number) {joins} WHERE i.fate = {fate} AND t.id = i.record_id"
        ).format(
            fate=sql.Literal(fate), state=sql.Literal("merged" if fate == "merged" else "live"),
            t=sql.Identifier(subject.db_table), sets=sql.SQL(", ").join(sets), batch=sql.Literal(batch.pk),
            s=sql.Identifier(batch.staging_table), ids=sql.Identifier(ids_table(batch)), joins=joins,
        )
    )  # fmt: skip


def mark_gone(batch: Batch, subject: Subject) -> int:
    """Records of this source that a full export no longer holds are gone; never deleted. Returns how many.

    A record that took up another one stays while the export holds that other: the CRM has kept it under that id.
    """
    return execute(
        sql.SQL(
            "UPDATE {t} t SET state = 'gone', last_batch_id = {batch} WHERE t.source_id = {source} AND t.state = 'live'"
            " AND NOT EXISTS (SELECT 1 FROM {s} s WHERE s.external_id = t.external_id)"
            " AND NOT EXISTS (SELECT 1 FROM {t} l JOIN {s} s USING (external_id)"
            " WHERE l.merged_into_id = t.id AND l.source_id = t.source_id)"
        ).format(
            t=sql.Identifier(subject.db_table), batch=sql.Literal(batch.pk), source=sql.Literal(batch.source_id),
            s=sql.Identifier(batch.staging_table),
        )
    )  # fmt: skip


def resolve_waiting(source: Source, *, slugs: Sequence[str]) -> list[Subject]:
    """Resolve pointers into these tables that were waiting for a row to come; returns the tables that gained some."""
    gained = []
    for subject in subjects.every():
        for name, pointer in subject.pointers.items():
            keys = _keys(subject, name)
            if not keys or not set(pointer.targets(name).values()) & set(slugs):
                continue
            waiting = sql.SQL("t.source_id = {s} AND t.{ref} <> '' AND {empty}").format(
                s=sql.Literal(source.pk), ref=sql.Identifier(f"{name}_ref"),
                empty=sql.SQL(" AND ").join(sql.SQL("t.{} IS NULL").format(sql.Identifier(f"{k}_id")) for k in keys),
            )  # fmt: skip
            refs = sql.SQL("SELECT DISTINCT t.{} AS ref FROM {} t WHERE {}").format(
                sql.Identifier(f"{name}_ref"), sql.Identifier(subject.db_table), waiting
            )
            make_found(subject, name, refs, source)
            temporary = sql.Identifier(TEMPORARY, f"found_{name}")
            if _point(subject, name, list(keys), waiting, temporary) and subject not in gained:
                gained.append(subject)
            execute(sql.SQL("DROP TABLE {}").format(temporary))
    return gained


def _point(subject: Subject, name: str, keys: Sequence[str], waiting: sql.Composable, found: sql.Composable) -> int:
    hit = sql.SQL(" OR ").join(sql.SQL("f.{} IS NOT NULL").format(sql.Identifier(f"{key}_id")) for key in keys)
    sets = sql.SQL(", ").join(sql.SQL("{0} = f.{0}").format(sql.Identifier(f"{key}_id")) for key in keys)
    return execute(
        sql.SQL("UPDATE {t} t SET {sets} FROM {f} f WHERE {w} AND f.ref = t.{ref} AND ({hit})").format(
            t=sql.Identifier(subject.db_table), sets=sets, f=found, w=waiting,
            ref=sql.Identifier(f"{name}_ref"), hit=hit,
        )
    )  # fmt: skip


def applied_since(batch: Batch, moment: datetime) -> bool:
    """Was another batch of this table applied, or a merge made or undone, after `moment`, so that the fates must be
    found anew?"""
    applied = Batch.objects.applied().filter(source=batch.source, table=batch.table, applied_at__gte=moment)
    merged = Merge.objects.filter(Q(merged_at__gte=moment) | Q(undone_at__gte=moment), table=batch.table)
    return applied.exclude(pk=batch.pk).exists() or merged.exists()


def analyze(table: str) -> None:
    """Fresh statistics after a large write, for what follows in this transaction and for the pages.

    Left out while another transaction does the same: it would have to wait for its end.
    """
    execute(sql.SQL("ANALYZE (SKIP_LOCKED) {}").format(sql.Identifier(table)))


def as_long_work() -> None:
    """This transaction may take longer than a page may, and sort and join a whole table in memory (128 MB)."""
    execute("SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '128MB'")
