"""What a person says of two records: same, different, later; remembered by source and external id for ever."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Judgement, Membership, Pair
from dataquality.services.matching.clusters import regroup_around
from dataquality.services.matching.locking import lock_matching
from dataquality.statements import execute
from dataquality.subjects import Subject

State, Verdict = Pair.State, Judgement.Verdict
HOLD_BACK = 5  # every fifth judgement is never taught; it measures what teaching does
JUDGED = (State.SAME, State.DIFFERENT)


@transaction.atomic
def judge(pair: Pair, verdict: str, *, by: Person, now: datetime, reason: str = "") -> Pair:
    """Say that two records are the same or different; a later answer takes the place of an earlier one.

    *Different* splits their cluster and *same* joins it, at once. The answer outlives every re-run and re-import.
    """
    if verdict not in Verdict.values:
        raise Refusal(_("A pair is “same” or “different”, not “%(verdict)s”.") % {"verdict": verdict})
    pair = _held(pair)
    _refuse_dead(pair)
    remember([pair.pk], verdict, by=by, now=now, reason=reason)
    return _settled(pair, verdict, by, now)


@transaction.atomic
def postpone(pair: Pair, *, by: Person, now: datetime) -> Pair:
    """Put a pair aside for later: it leaves the queue, and nothing is said of its records."""
    pair = _held(pair)
    if pair.state in JUDGED:
        raise Refusal(_("This pair has its answer already; withdraw that first."), code="judged")
    return _settled(pair, State.LATER, by, now)


@transaction.atomic
def withdraw(pair: Pair, *, now: datetime) -> Pair:
    """Take an answer back: the pair is open again, and its cluster is what the evidence says."""
    pair = _held(pair)
    if pair.state == State.OPEN:
        raise Refusal(_("Nothing was said of this pair, so there is nothing to take back."), code="not_judged")
    _forget(pair)
    return _settled(pair, State.OPEN, None, None)


@transaction.atomic
def split_off(subject: Subject, ids: Collection[int], *, by: Person, now: datetime, reason: str = "") -> int:
    """Say that these records of one cluster are others than the rest of it; returns how many pairs that judged."""
    lock_matching(subject)
    here = Membership.objects.filter(table=subject.slug, record_id__in=ids)
    clusters = set(here.values_list("cluster_id", flat=True))
    if len(clusters) != 1 or here.count() != len(set(ids)):
        raise Refusal(_("The records to be split off must stand in one cluster; reload the page to see it as it is."))
    rest = set(
        Membership.objects.filter(table=subject.slug, cluster_id=clusters.pop())
        .exclude(record_id__in=ids)
        .values_list("record_id", flat=True)
    )
    if not rest:
        raise Refusal(_("Those are all records of the cluster; leave at least one of them in it."))
    inside = sorted(set(ids))
    pairs = [
        pair
        for pair in Pair.objects.between(subject.slug).filter(a__in=[*inside, *rest], b__in=[*inside, *rest])
        if (pair.a in rest) != (pair.b in rest) and pair.state != State.MERGED
    ]
    remember([pair.pk for pair in pairs], Verdict.DIFFERENT, by=by, now=now, reason=reason)
    _remember_unscored(subject, inside, rest, {(pair.a, pair.b) for pair in pairs}, by=by, now=now, reason=reason)
    mark = {"state": State.DIFFERENT, "judged_by": by, "judged_at": now}
    Pair.objects.filter(pk__in=[pair.pk for pair in pairs]).update(**mark)
    regroup_around(subject, [*inside, *rest])
    return len(inside) * len(rest)


def remember(
    pairs: Collection[int], verdict: str, *, by: Person, now: datetime, reason: str = "", acceptance: int | None = None
) -> int:
    """Write the judgements of these pairs, set-based, a table pair at a time; returns how many."""
    written = 0
    tables = Pair.objects.filter(pk__in=pairs).order_by().values_list("table_a", "table_b").distinct()
    for table_a, table_b in list(tables):
        written += execute(
            _remembering(
                table_a, table_b,
                sql.SQL("SELECT a, b, probability, pattern FROM dataquality_pair WHERE id = ANY({})"
                        " AND table_a = {} AND table_b = {}").format(
                    sql.Literal(list(pairs)), sql.Literal(table_a), sql.Literal(table_b)
                ),
            ),
            [verdict, reason, acceptance, by.pk, now],
        )  # fmt: skip
    return written


def _remembering(table_a: str, table_b: str, pairs: sql.Composable) -> sql.Composable:
    """SQL: judgements of the pairs (a, b, probability, pattern) by source and external id, the smaller side first."""
    return sql.SQL(REMEMBER).format(
        table_a=sql.Literal(table_a), table_b=sql.Literal(table_b), hold=sql.Literal(HOLD_BACK), pairs=pairs,
        ta=sql.Identifier(subjects.get(table_a).db_table), tb=sql.Identifier(subjects.get(table_b).db_table),
        turned=sql.SQL(TURNED if table_a == table_b else "false"),
    )  # fmt: skip


TURNED = '(ta.source_id, ta.external_id COLLATE "C") > (tb.source_id, tb.external_id COLLATE "C")'
REMEMBER = """
    INSERT INTO dataquality_judgement (id, table_a, source_a_id, external_a, table_b, source_b_id, external_b, verdict,
                                       reason, acceptance_id, judged_by_id, judged_at, probability, pattern, held_back)
    SELECT p.id, {table_a}, s.source_a, s.external_a, {table_b}, s.source_b, s.external_b, p.verdict,
           p.reason, p.acceptance, p.judge, p.moment, p.probability, p.pattern,
           p.acceptance IS NULL AND p.id %% {hold} = 0
      FROM (SELECT p.*, %s AS verdict, %s AS reason, %s::bigint AS acceptance, %s::bigint AS judge,
                   %s::timestamptz AS moment, nextval(pg_get_serial_sequence('dataquality_judgement', 'id')) AS id
              FROM ({pairs}) p) p
      JOIN {ta} ta ON ta.id = p.a JOIN {tb} tb ON tb.id = p.b
      JOIN LATERAL (SELECT ta.source_id, ta.external_id, tb.source_id, tb.external_id WHERE NOT {turned}
                    UNION ALL SELECT tb.source_id, tb.external_id, ta.source_id, ta.external_id WHERE {turned})
        s (source_a, external_a, source_b, external_b) ON true
    ON CONFLICT (table_a, source_a_id, external_a, table_b, source_b_id, external_b) DO UPDATE
       SET verdict = EXCLUDED.verdict, reason = EXCLUDED.reason, acceptance_id = EXCLUDED.acceptance_id,
           judged_by_id = EXCLUDED.judged_by_id, judged_at = EXCLUDED.judged_at, probability = EXCLUDED.probability,
           pattern = EXCLUDED.pattern"""


def _remember_unscored(
    subject: Subject, ids: Collection[int], rest: Collection[int], scored: Collection[tuple[int, int]], *,
    by: Person, now: datetime, reason: str,
) -> None:  # fmt: skip
    """Judge the pairs between two groups that no pass brought together as well: a later run may."""
    unscored = [(min(a, b), max(a, b)) for a in ids for b in rest if (min(a, b), max(a, b)) not in scored]
    if unscored:
        pairs = sql.SQL("SELECT a, b, NULL::float8 AS probability, NULL::bigint AS pattern FROM (VALUES {}) v (a, b)")
        values = sql.SQL(", ").join(sql.SQL("({}, {})").format(sql.Literal(a), sql.Literal(b)) for a, b in unscored)
        execute(
            _remembering(subject.slug, subject.slug, pairs.format(values)),
            [Verdict.DIFFERENT, reason, None, by.pk, now],
        )


def _held(pair: Pair) -> Pair:
    """The pair as it is now, and nobody else changes it or its cluster meanwhile."""
    lock_matching(*{subjects.get(table) for table in (pair.table_a, pair.table_b)})
    held: Pair | None = Pair.objects.select_for_update().filter(pk=pair.pk).first()
    if held is None:
        raise Refusal(_("This pair is gone: the last detection no longer found it."), code="changed_meanwhile")
    if held.state == State.MERGED:
        raise Refusal(_("These two records are merged already; undo the merge first."), code="merged")
    return held


def _refuse_dead(pair: Pair) -> None:
    for table, record_id in ((pair.table_a, pair.a), (pair.table_b, pair.b)):
        if not subjects.get(table).model._default_manager.live().filter(pk=record_id).exists():
            raise Refusal(_("One of the two records is no longer in the CRM, so there is nothing to say of them."),
                          code="changed_meanwhile")  # fmt: skip


def _settled(pair: Pair, state: str, by: Person | None, now: datetime | None) -> Pair:
    pair.state, pair.judged_by, pair.judged_at = state, by, now
    pair.save(update_fields=["state", "judged_by", "judged_at"])
    if pair.table_a == pair.table_b:
        regroup_around(subjects.get(pair.table_a), [pair.a, pair.b])
        pair.refresh_from_db()
    return pair


def _forget(pair: Pair) -> None:
    execute(
        sql.SQL(
            "DELETE FROM dataquality_judgement j USING {ta} ta, {tb} tb WHERE ta.id = %s AND tb.id = %s"
            " AND j.table_a = %s AND j.table_b = %s AND"
            " ((j.source_a_id, j.external_a, j.source_b_id, j.external_b)"
            " IN ((ta.source_id, ta.external_id, tb.source_id, tb.external_id),"
            " (tb.source_id, tb.external_id, ta.source_id, ta.external_id)))"
        ).format(
            ta=sql.Identifier(subjects.get(pair.table_a).db_table),
            tb=sql.Identifier(subjects.get(pair.table_b).db_table),
        ),
        [pair.a, pair.b, pair.table_a, pair.table_b],
    )
