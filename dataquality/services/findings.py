"""Open, refresh and close findings: set-based, inside the caller's transaction, one finding a rule and record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psycopg2 import sql

from dataquality.engine.figures import SEVERITIES
from dataquality.engine.rules import WHOLE_TABLE
from dataquality.models import Batch, Finding, Source
from dataquality.rules import MILD, table_slugs
from dataquality.statements import execute
from dataquality.subjects import Subject

SETTLING = "settling_faults"  # temporary: the faults that stand now, one a rule and record
UNSETTLED = tuple(str(state) for state in (Finding.State.OPEN, Finding.State.CORRECTED, Finding.State.WAIVED))
PENDING = sql.SQL(
    'EXISTS (SELECT 1 FROM dataquality_correction c WHERE c."table" = {table} AND c.record_id = {alias}.record_id'
    " AND c.field = {alias}.field AND c.fate = 'pending')"
)
EVERY_RECORD = sql.SQL("true")


def settle_findings(
    subject: Subject,
    *,
    source: Source,
    batch: Batch,
    now: datetime,
    faults_table: str | None,
    ids_table: str | None,
    fields: Sequence[str],
) -> dict[str, int]:
    """Settle the row-local findings of the records that a batch holds; counts opened, closed and gone.

    `faults_table` has row_number, rule, field, severity, code, value and suggestion; `ids_table` row_number, record_id.
    A finding closes only where its field was in the file, and one whose correction is pending stays corrected while
    the CRM still says the old value: settle the corrections before the findings.
    """
    make_settling_table()
    if faults_table and ids_table:
        _ensure_rules(subject, faults_table)
        take_faults(faults_table, ids_table)
    counts = {"opened": 0, "closed": 0}
    if ids_table:
        judged = sql.SQL("{} AND f.field = ANY({})").format(judged_by_row(subject), sql.Literal(list(fields)))
        present = sql.SQL("f.record_id IN (SELECT record_id FROM {})").format(sql.Identifier(ids_table))
        counts = settle(
            subject, source=source, batch=batch, now=now, judged=judged, among=present, mirror=False
        )  # fmt: skip
    drop_settling_table()
    return {**counts, "gone": let_go(subject, source=source, batch=batch, now=now)}


def judged_by_table(subject: Subject) -> sql.Composable:
    """SQL: the rules `r` that need the whole table, or another one; those switched off, whose faults close, as well."""
    return sql.SQL("(r.kind = ANY({}) OR r.slug = ANY({}::text[]))").format(
        sql.Literal(sorted(WHOLE_TABLE)), sql.Literal(table_slugs(subject))
    )


def judged_by_row(subject: Subject) -> sql.Composable:
    """SQL: the rules `r` that a row breaks by itself."""
    return sql.SQL("NOT {}").format(judged_by_table(subject))


def weight_of(alias: str) -> sql.Composable:
    """SQL: what the severity of a row counts in its priority."""
    branches = [
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(severity), sql.Literal(weight))
        for severity, weight in SEVERITIES.items()
    ]
    return sql.SQL("CASE {}.severity {} END").format(sql.Identifier(alias), sql.SQL(" ").join(branches))


def make_settling_table() -> None:
    execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} (record_id bigint, rule_id bigint, field text, severity text, code text,"
            " value text, suggestion text, candidates jsonb) ON COMMIT DROP"
        ).format(sql.Identifier(SETTLING))
    )


def drop_settling_table() -> None:
    execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(SETTLING)))


def settle(
    subject: Subject,
    *,
    source: Source,
    batch: Batch | None,
    now: datetime,
    judged: sql.Composable,
    among: sql.Composable,
    mirror: bool,
) -> dict[str, int]:
    """Bring the findings `f` of the rules `r` that were `judged`, `among` these records, in line with what stands now.

    `mirror` says that the stored values were judged, corrections included, and not the ones the CRM has just sent.
    """
    names = {
        "settling": sql.Identifier(SETTLING),
        "table": sql.Literal(subject.slug),
        "source": sql.Literal(source.pk),
        "batch": sql.Literal(batch.pk if batch else None),
        "now": sql.Literal(now),
        "unsettled": sql.Literal(list(UNSETTLED)),
        "judged": judged,
        "among": among,
        "pending": PENDING.format(table=sql.Literal(subject.slug), alias=sql.Identifier("f")),
        "waits": PENDING.format(table=sql.Literal(subject.slug), alias=sql.Identifier("s")),
        "mirror": sql.Literal(mirror),
        "weight": weight_of("s"),
    }
    execute(sql.SQL("CREATE INDEX ON {settling} (record_id, rule_id); ANALYZE {settling}").format(**names))
    closed = _planned("nestloop", sql.SQL(CLOSE).format(**names))
    _planned("seqscan", sql.SQL(REFRESH).format(**names))
    opened = _planned("seqscan", sql.SQL(OPEN).format(**names))
    return {"opened": opened, "closed": closed}


def _planned(without: str, statement: sql.Composable) -> int:
    """Run a statement without a kind of plan that is ruinous here.

    The planner knows nothing of the findings that this transaction opened, takes them for a few, and would read the
    whole table again for every record.
    """
    execute(f"SET LOCAL enable_{without} = off")
    touched = execute(statement)
    execute(f"SET LOCAL enable_{without} = on")
    return touched


REFRESH = """
    UPDATE dataquality_finding f
       SET value = s.value, suggestion = s.suggestion, candidates = s.candidates, code = s.code, severity = s.severity,
           state = CASE WHEN f.state = 'corrected' AND ({mirror} OR NOT {pending}) THEN 'open' ELSE f.state END
      FROM {settling} s
     WHERE f.record_id = s.record_id AND f.rule_id = s.rule_id AND f.state IN ('open', 'corrected', 'waived')
       AND ((f.value, f.suggestion, f.candidates, f.code, f.severity)
            IS DISTINCT FROM (s.value, s.suggestion, s.candidates, s.code, s.severity) OR f.state = 'corrected')"""
OPEN = """
    INSERT INTO dataquality_finding (rule_id, "table", record_id, source_id, field, code, value, suggestion, candidates,
                                     severity, state, opened_in_id, opened_at, waiver_reason, priority)
    SELECT s.rule_id, {table}, s.record_id, {source}, s.field, s.code, s.value, s.suggestion, s.candidates,
           s.severity, 'open', {batch}, {now}, '', {weight}
      FROM {settling} s
     WHERE ({mirror} OR NOT {waits})
       AND NOT EXISTS (SELECT 1 FROM dataquality_finding f WHERE f.rule_id = s.rule_id AND f.record_id = s.record_id
                          AND f.state IN ('open', 'corrected', 'waived'))"""
CLOSE = """
    UPDATE dataquality_finding f SET state = 'closed', closed_in_id = {batch}, closed_at = {now}, priority = 0
      FROM dataquality_rulerow r
     WHERE r.id = f.rule_id AND f."table" = {table} AND f.source_id = {source} AND f.state = ANY({unsettled})
       AND {judged} AND {among}
       AND NOT EXISTS (SELECT 1 FROM {settling} s WHERE s.record_id = f.record_id AND s.rule_id = f.rule_id)
       AND NOT (f.state = 'corrected' AND {pending})"""


def let_go(subject: Subject, *, source: Source, batch: Batch | None, now: datetime) -> int:
    """Findings of records that are archived, merged or gone count no longer."""
    return execute(
        sql.SQL(
            "UPDATE dataquality_finding f SET state = 'gone', closed_in_id = %s, closed_at = %s, priority = 0"
            ' WHERE f."table" = %s AND f.source_id = %s AND f.state = ANY(%s)'
            " AND NOT EXISTS (SELECT 1 FROM {} t WHERE t.id = f.record_id AND t.state = 'live')"
        ).format(sql.Identifier(subject.db_table)),
        [batch.pk if batch else None, now, subject.slug, source.pk, list(UNSETTLED)],
    )


def _ensure_rules(subject: Subject, faults_table: str) -> None:
    """A fault of a rule that has no row yet (a reader's own, or a version older than its row) gets one."""
    execute(
        sql.SQL(
            'INSERT INTO dataquality_rulerow (slug, kind, "table", field, params, severity, uses, active, created_at,'
            " updated_at) SELECT rule, 'format', %s, min(field), '{{}}', min(severity), '[]', true, now(), now()"
            " FROM {} GROUP BY rule ON CONFLICT (slug) DO NOTHING"
        ).format(sql.Identifier(faults_table)),
        [subject.slug],
    )


def take_faults(faults_table: str, ids_table: str) -> None:
    """One fault a rule and record: the first row's, where a record stands in several."""
    execute(
        sql.SQL(
            "INSERT INTO {settling} SELECT DISTINCT ON (i.record_id, r.id) i.record_id, r.id, f.field,"
            " CASE WHEN f.code = ANY(%s) THEN 'warning' ELSE f.severity END, f.code, coalesce(f.value, ''),"
            " f.suggestion, '[]'::jsonb FROM {faults} f JOIN {ids} i USING (row_number)"
            " JOIN dataquality_rulerow r ON r.slug = f.rule AND r.active WHERE i.record_id IS NOT NULL"
            " ORDER BY i.record_id, r.id, f.row_number"
        ).format(settling=sql.Identifier(SETTLING), faults=sql.Identifier(faults_table), ids=sql.Identifier(ids_table)),
        [list(MILD)],
    )
