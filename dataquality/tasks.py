"""Which work on imports runs later; every kind may safely run twice."""

from __future__ import annotations

from django.utils import timezone

from crm_adoption.jobs.work import GiveUp, Running, work
from crm_adoption.people.models import Person
from dataquality.models import Batch
from dataquality.services import intake


def _batch(job: Running) -> Batch:
    return Batch.objects.select_related("source").get(pk=int(job.scope))


@work("stage_batch", queue="interactive")
def stage_batch(job: Running) -> dict[str, int]:
    """Read and recognise an upload and, where nothing is to be asked, check it at once."""
    batch = intake.stage(_batch(job), report=job.advance)
    if batch.state == Batch.State.REFUSED:
        raise GiveUp("file_refused", batch.refusal)
    if batch.key and not intake.open_questions(batch):
        batch = intake.check(batch, now=timezone.now(), report=job.advance)
    return dict(batch.counts)


@work("check_batch", queue="bulk")
def check_batch(job: Running) -> dict[str, int]:
    """Type, judge and compare every row of a staged batch."""
    return dict(intake.check(_batch(job), now=timezone.now(), report=job.advance).counts)


@work("apply_batch", queue="bulk")
def apply_batch(job: Running) -> dict[str, int]:
    """Put a checked batch into the mirror; the job is done in the same transaction."""
    batch = _batch(job)
    if batch.state == Batch.State.APPLIED:
        return dict(batch.counts)
    by = Person.objects.filter(pk=job.asked_by_id).first()
    return dict(
        intake.apply(batch, by=by, now=timezone.now(), effects=job.effects(last=True), report=job.advance).counts
    )
