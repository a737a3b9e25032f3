"""Which work on imports and findings runs later; every kind may safely run twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm_adoption.jobs.services import start
from crm_adoption.jobs.work import GiveUp, Running, work
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Batch, MatchRun, Source
from dataquality.queries.matching import (
    asked_detection,
    detection_scope,
    is_under_way,
    last_run,
    shard_scope,
    wants_detection,
)
from dataquality.services import (
    confirmed_so_far,
    count_confirmed,
    expire_waivers,
    has_confirmed,
    intake,
    matching,
    recheck,
)
from dataquality.subjects import Subject


def _batch(job: Running) -> Batch:
    return Batch.objects.select_related("source").get(pk=int(job.scope))


@work("stage_batch", queue="interactive", label=_("Read a file"))
def stage_batch(job: Running) -> dict[str, int]:
    """Read and recognise an upload and, where nothing is to be asked, check it at once."""
    batch = intake.stage(_batch(job), report=job.advance, effects=job.effects)
    if batch.state == Batch.State.REFUSED:
        raise GiveUp("file_refused", batch.refusal)
    if intake.ready_to_check(batch):
        batch = intake.check(batch, now=timezone.now(), report=job.advance, effects=job.effects)
    return dict(batch.counts)


@work("check_batch", queue="bulk", label=_("Check an import"))
def check_batch(job: Running) -> dict[str, int]:
    """Type, judge and compare every row of a staged batch."""
    return dict(intake.check(_batch(job), now=timezone.now(), report=job.advance, effects=job.effects).counts)


@work("apply_batch", queue="bulk", label=_("Apply an import"))
def apply_batch(job: Running) -> dict[str, int]:
    """Put a checked batch into the mirror; the job is done in the same transaction."""
    batch = _batch(job)
    if batch.state == Batch.State.APPLIED:
        return dict(batch.counts)
    by = Person.objects.filter(pk=job.asked_by_id).first()
    batch = intake.apply(batch, by=by, now=timezone.now(), effects=_last(job, batch), report=job.advance)
    if wants_detection(subjects.get(batch.table)):
        start("detect_duplicates", scope=detection_scope(batch.table, kind=MatchRun.Kind.CHANGES), by=by)
    return dict(batch.counts)


@contextmanager
def _last(job: Running, batch: Batch) -> Iterator[None]:
    """The job's last effects, with the counts that the batch then has."""
    with job.effects(last=True):
        yield
        job.counts.update(Batch.objects.values_list("counts", flat=True).get(pk=batch.pk))


@work("check_table", queue="bulk", label=_("Check a table"))
def check_table(job: Running) -> dict[str, int]:
    """Judge a stored table anew; the scope is `<table> <number of the source>`."""
    table, source = job.scope.split()
    with job.effects(last=True):
        counts = recheck(
            subjects.get(table), source=Source.objects.get(pk=source), now=timezone.now(), report=job.advance
        )
        job.counts.update(counts)
    return counts


@work("detect_duplicates", queue="bulk", label=_("Look for duplicates"))
def detect_duplicates(job: Running) -> dict[str, int]:
    """Compare the records of one or two tables; the scope is what `detection_scope` makes."""
    subject, beside, kind = asked_detection(job.scope)
    of = matching.shards_for(subject) if kind == MatchRun.Kind.FULL and beside is None else 1
    if of > 1:
        return _cut(job, subject, of)
    matching.detect(
        subject, beside=beside, kind=kind, now=timezone.now(), job=job.id, report=job.advance,
        effects=partial(_counted, job),
    )  # fmt: skip
    return job.counts


def _cut(job: Running, subject: Subject, of: int) -> dict[str, int]:
    """Have the shards of a detection compared; one that is under way is enough."""
    with job.effects(last=True):
        cut = matching.cut_of(subject)
        if cut is None or not is_under_way(subject.slug, cut.number):
            cut = matching.prepare_shards(subject, of, number=job.id)
            for shard in range(of):
                start("detect_shard", scope=shard_scope(subject.slug, cut.number, shard))
        job.counts["shards"] = cut.of
    return job.counts


@work("detect_shard", queue="bulk", label=_("Compare a part of a table"))
def detect_shard(job: Running) -> dict[str, int]:
    """Compare the records that share a key of one shard; the scope is what `shard_scope` makes.

    The last one to end has them joined, in the transaction that ends it.
    """
    table, number, shard = job.scope.split()
    found = matching.compare_shard(
        subjects.get(table), int(shard), int(number), report=job.advance, effects=_ending(job),
        when_last=lambda: start("join_shards", scope=shard_scope(table, int(number))),
    )  # fmt: skip
    return {} if found is None else {"pairs": found}


@work("join_shards", queue="bulk", label=_("Put the parts of a detection together"))
def join_shards(job: Running) -> dict[str, int]:
    """One detection from the pairs of all shards; the scope is what `shard_scope` makes."""
    table, number = job.scope.split()
    matching.join_shards(
        subjects.get(table), int(number), now=timezone.now(), job=job.id, report=job.advance,
        effects=partial(_counted, job),
    )  # fmt: skip
    return job.counts


def count_again(table: str, beside: str = "", *, by: Person | None = None) -> None:
    """Have the confirmed duplicates of a table counted; what lies between two tables is in no table's rate."""
    if beside in ("", table) and has_confirmed(subjects.get(table)):
        start("count_duplicates", scope=table, by=by)


@work("count_duplicates", queue="bulk", label=_("Count confirmed duplicates"))
def count_duplicates(job: Running) -> dict[str, int]:
    """Let confirmed duplicates count as wrong records; the scope is the table. An answer given meanwhile counts too."""
    subject = subjects.get(job.scope)
    with job.effects(last=True):
        known = confirmed_so_far(subject)
        job.counts.update(count_confirmed(subject, now=timezone.now()))
    if confirmed_so_far(subject) != known:
        start("count_duplicates", scope=subject.slug)
    return job.counts


@work("keep_keys", queue="bulk", label=_("Keep the keys of records"))
def keep_keys(job: Running) -> dict[str, int]:
    """Make the keys of a table anew with the weights of its last full detection; the scope is the table."""
    subject = subjects.get(job.scope)
    run = last_run(subject.slug)
    if run is None:
        return {"keys": 0}
    kept = matching.make_keys(
        subject, run.learnt_in or run, now=timezone.now(), report=job.advance, effects=_ending(job)
    )
    return {"keys": kept}


@contextmanager
def _counted(job: Running) -> Iterator[None]:
    """The job's last effects, with the counts of the detection that they write down, and the work that follows it."""
    with job.effects(last=True):
        yield
        run = MatchRun.objects.defer("model").filter(job_id=job.id).latest("pk")
        job.counts.update(rows=run.rows, changed=run.changed, pairs=run.pairs, clusters=run.clusters)
        count_again(run.table, run.beside)
        in_one_piece = job.kind == "detect_duplicates" and run.kind == MatchRun.Kind.FULL and not run.beside
        if in_one_piece and subjects.get(run.table).enter:
            start("keep_keys", scope=run.table)


def _ending(job: Running) -> Callable[[], AbstractContextManager[None]]:
    return partial(job.effects, last=True)


@work("expire_waivers", queue="interactive", label=_("End waivers"))
def end_expired_waivers(job: Running) -> dict[str, int]:
    """Open the findings again whose waiver ran out."""
    with job.effects(last=True):
        counts = {"opened": expire_waivers(timezone.now())}
        job.counts.update(counts)
    return counts


@work("tidy_imports", queue="interactive", label=_("Tidy up after imports"))
def tidy_imports(job: Running) -> dict[str, int]:
    """Remove what broken-off imports left behind."""
    with job.effects(last=True):
        job.counts.update(intake.tidy(timezone.now()))
    return job.counts


@shared_task(name="dataquality.tasks.ask_for_tidying", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_for_tidying() -> None:
    """On the timetable of beat."""
    start("tidy_imports")


@shared_task(name="dataquality.tasks.ask_for_waivers", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_for_waivers() -> None:
    """On the timetable of beat."""
    start("expire_waivers")


@shared_task(name="dataquality.tasks.ask_for_detection", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_for_detection() -> None:
    """On the timetable of beat: what changed by other ways than an import is compared at night."""
    for subject in subjects.every():
        if wants_detection(subject):
            start("detect_duplicates", scope=detection_scope(subject.slug, kind=MatchRun.Kind.CHANGES))
