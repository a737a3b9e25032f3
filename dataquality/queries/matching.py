"""What the pages and the API want to know of duplicates: pairs in an order, both sides of one, clusters, runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from psycopg2 import sql

from crm_adoption.jobs.models import Job
from dataquality import subjects
from dataquality.engine.folding import fold
from dataquality.engine.proportions import wilson_bounds
from dataquality.models import Acceptance, MatchRun, Membership, Pair, Record, TableSetting
from dataquality.queries.merging import text_of
from dataquality.queries.pointers import foreign_keys
from dataquality.statements import fetch
from dataquality.subjects import Subject

# How the queue may be ordered; each has an index of its own, and pages by key.
ORDERS: Mapping[str, tuple[str, ...]] = {
    "probability": ("-probability",),
    "priority": ("-priority",),
    "learning": ("-learns",),
}


@dataclass(frozen=True)
class Side:
    """One column of two records side by side, as the CRM gives it."""

    field: str
    label: str
    a: str
    b: str
    same: bool  # but for case, spaces and punctuation


@dataclass(frozen=True)
class Precision:
    """What the judged pairs of a sample say: the share that is the same, and its 95 % interval."""

    n: int
    same: int
    different: int
    open: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Cluster:
    """Records of one table that are taken for one, and the pairs among them."""

    table: str
    id: int
    records: list[Any]
    pairs: list[Pair]


def last_run(table: str, beside: str = "") -> MatchRun | None:
    """The last detection that ended."""
    ended = MatchRun.objects.filter(table=table, beside=beside, finished_at__isnull=False)
    return ended.order_by("-pk").first()


def last_threshold(table: str) -> float:
    """From which probability on a pair joins two records, as the last detection has it; even odds before the first."""
    ended = MatchRun.objects.filter(table=table, beside="", finished_at__isnull=False).order_by("-pk")
    threshold = ended.values_list("threshold", flat=True).first()
    return 0.5 if threshold is None else threshold


def runs_of(table: str = "", beside: str = "") -> QuerySet[MatchRun]:
    """Detections, the newest first; their models, which are long, are left in the store."""
    runs = MatchRun.objects.defer("model").select_related("job").order_by("-pk")
    return runs.filter(table=table, beside=beside) if table else runs


def pairs_of(table: str, beside: str = "", *, state: str = "open") -> QuerySet[Pair]:
    """The pairs within a table, or between two; order them by one of `ORDERS`."""
    return Pair.objects.between(table, beside).filter(state=state).select_related("judged_by")


def sides(pairs: Iterable[Pair]) -> dict[int, tuple[Any, Any]]:
    """Both records of each pair, in one query a table; None for a record that is no longer stored."""
    listed = list(pairs)
    wanted: dict[str, set[int]] = {}
    for pair in listed:
        wanted.setdefault(pair.table_a, set()).add(pair.a)
        wanted.setdefault(pair.table_b, set()).add(pair.b)
    found = {
        (table, record.pk): record
        for table, ids in wanted.items()
        for record in subjects.get(table).model._default_manager.select_related("source").filter(pk__in=ids)
    }
    return {pair.pk: (found.get((pair.table_a, pair.a)), found.get((pair.table_b, pair.b))) for pair in listed}


def side_by_side(a: Record, b: Record, told: Callable[[Any], str] = text_of) -> list[Side]:
    """Every column that both tables declare and at least one of the two records fills, in the declared order.

    `told` says a value as its reader wants it; a pointer is what it leads to, where that is known.
    """
    left, right = (subjects.get(record._meta.label_lower) for record in (a, b))
    shown = []
    for name, column in left.columns.items():
        if name not in right.columns:
            continue
        values = [cell(one, subject, name) for one, subject in ((a, left), (b, right))]
        if any(value not in (None, "") for value in values):
            texts = [told(value) if value not in (None, "") else "" for value in values]
            shown.append(Side(name, column.label, texts[0], texts[1], _folded(texts[0]) == _folded(texts[1])))
    return shown


def cell(record: Record, subject: Subject, name: str) -> Any:
    """What a column of a record holds; of a pointer the title of what it leads to, else the text the CRM gives."""
    if name in subject.pointers:
        for key in foreign_keys(subject, name):
            target = getattr(record, key.removesuffix("_id"), None)
            if target is not None:
                return str(target)
    return getattr(record, subject.stored_name(name))


def titles(pair: Pair, records: Iterable[Record]) -> tuple[str, str]:
    """How the two records of a pair are called, with their ids in the CRM where they are called alike."""
    known = {record.pk: record for record in records}
    one, other = known[pair.a], known[pair.b]
    if str(one) != str(other):
        return str(one), str(other)
    return f"{one} ({one.external_id})", f"{other} ({other.external_id})"


def duplicates_of(record: Record) -> QuerySet[Pair]:
    """The pairs in which a record stands that are open or said to be the same, the surest first."""
    pairs = Pair.objects.touching(record._meta.label_lower, record.pk)
    return pairs.filter(state__in=(Pair.State.OPEN, Pair.State.SAME, Pair.State.LATER)).order_by("-probability", "-pk")


def confirmed_with(record: Record) -> tuple[int, ...]:
    """The live records that people confirmed to stand for the same one, this one among them, by their ids."""
    table = record._meta.label_lower
    known, asked = {record.pk}, [record.pk]
    while asked:
        same = Pair.objects.between(table).filter(Q(a__in=asked) | Q(b__in=asked), state=Pair.State.SAME)
        asked = sorted({end for pair in same.values_list("a", "b") for end in pair} - known)
        known.update(asked)
    live = subjects.get(table).model._default_manager.live().filter(pk__in=known)
    return tuple(live.order_by("pk").values_list("pk", flat=True))


def clusters_of(table: str, *, least: int = 2) -> QuerySet[Any, Any]:
    """Clusters of a table as {cluster_id, size}, of at least so many records, the largest first."""
    return (
        Membership.objects.filter(table=table)
        .order_by()
        .values("cluster_id")
        .annotate(size=Count("pk"))
        .filter(size__gte=least)
        .order_by("-size", "cluster_id")
    )


def cluster(table: str, cluster_id: int) -> Cluster | None:
    """One cluster with its records, the oldest first, and every scored pair among them."""
    ids = list(Membership.objects.filter(table=table, cluster_id=cluster_id).values_list("record_id", flat=True))
    if not ids:
        return None
    records = subjects.get(table).model._default_manager.select_related("source").filter(pk__in=ids).order_by("pk")
    pairs = Pair.objects.between(table).filter(a__in=ids, b__in=ids).order_by("-probability", "-pk")
    return Cluster(table, cluster_id, list(records), list(pairs))


def cluster_of(record: Record) -> Cluster | None:
    """The cluster in which a record stands, if it stands in one."""
    table = record._meta.label_lower
    member = Membership.objects.filter(table=table, record_id=record.pk).first()
    return cluster(table, member.cluster_id) if member else None


def precision_of(acceptance: Acceptance) -> Precision:
    """What the sample of a bulk acceptance shows so far."""
    counted = dict(
        Pair.objects.filter(pk__in=acceptance.sample).order_by().values_list("state").annotate(n=Count("pk"))
    )
    same = counted.get(Pair.State.SAME, 0) + counted.get(Pair.State.MERGED, 0)
    different = counted.get(Pair.State.DIFFERENT, 0)
    known = same + different
    low, high = wilson_bounds(same, known)
    still = counted.get(Pair.State.OPEN, 0) + counted.get(Pair.State.LATER, 0)
    return Precision(known + still, same, different, still, same / known if known else None, low, high)


def sample_of(acceptance: Acceptance) -> list[Pair]:
    """The pairs drawn for a bulk acceptance, those without an answer first, in the order drawn."""
    found = Pair.objects.in_bulk(acceptance.sample)
    drawn = [found[pk] for pk in acceptance.sample if pk in found]
    return sorted(drawn, key=lambda pair: pair.state not in (Pair.State.OPEN, Pair.State.LATER))


def _folded(text: str) -> str:
    return fold(" ".join(text.split()))


def detection_scope(table: str, beside: str = "", kind: str = "full") -> str:
    """What a job `detect_duplicates` works on, as its scope says it."""
    return " ".join((table, beside or "-", kind))


def asked_detection(scope: str) -> tuple[Subject, Subject | None, str]:
    """Table, the other table where there is one, and the kind of run that a scope asks for."""
    table, beside, kind = scope.split()
    return subjects.get(table), None if beside == "-" else subjects.get(beside), kind


def shard_scope(table: str, number: int, shard: int | None = None) -> str:
    """What a job `detect_shard` works on, or `join_shards`: the detection's number tells its parts from others'."""
    return " ".join((table, str(number), *([] if shard is None else [str(shard)])))


def is_under_way(table: str, number: int) -> bool:
    """Will a detection in shards come to its end: is there work left, and none broken off?"""
    jobs = Job.objects.filter(kind__in=("detect_shard", "join_shards")).filter(
        Q(scope=shard_scope(table, number)) | Q(scope__startswith=f"{shard_scope(table, number)} ")
    )
    broken = jobs.filter(state__in=(Job.State.FAILED, Job.State.CANCELLED))
    return jobs.unfinished().exists() and not broken.exists()


def wants_detection(subject: Subject) -> bool:
    """Are duplicates of this table looked for by themselves: after an import, and at night?

    Of people and companies they are, unless a steward switched it off.
    """
    off = TableSetting.objects.filter(table=subject.slug, detect_after_import=False)
    return subject.enter and not off.exists()


def births_between(table: str, since: datetime, until: datetime) -> tuple[int, int] | None:
    """Live records created in a window of time, and those of them whose cluster holds an older one.

    As the CRM says when a record was created, else when the first export with it was taken. None before the first
    detection in the table.
    """
    if last_run(table) is None:
        return None
    subject = subjects.get(table)
    statement = sql.SQL(BORN_BETWEEN).format(t=sql.Identifier(subject.db_table), slug=sql.Literal(subject.slug))
    new, again = fetch(statement, [since, until])[0]
    return int(new), int(again)


BORN_BETWEEN = """
    SELECT count(*), count(*) FILTER (WHERE EXISTS (
               SELECT 1 FROM dataquality_membership m JOIN dataquality_membership o USING ("table", cluster_id)
                WHERE m."table" = {slug} AND m.record_id = t.id AND o.record_id < t.id))
      FROM {t} t JOIN dataquality_batch b ON b.id = t.first_batch_id
     WHERE t.state = 'live' AND coalesce(t.created_at, b.taken_at) > %s AND coalesce(t.created_at, b.taken_at) <= %s"""
