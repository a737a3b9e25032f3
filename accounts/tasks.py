"""Which work on accounts runs later."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.services import compare_sources
from crm_adoption.jobs.services import start
from crm_adoption.jobs.work import Running, work

KIND = "compare_sources"


@work(KIND, queue="bulk", label=_("Compare accounts across systems"))
def compare(job: Running) -> dict[str, int]:
    """Compare what the systems say of the accounts that several of them hold."""
    with job.effects(last=True):
        found = compare_sources(timezone.now())
        job.counts.update(linked=found.linked, cells=found.cells, agreed=found.agreed)
    return job.counts


@shared_task(name="accounts.tasks.ask_to_compare", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_to_compare() -> None:
    """On the timetable of beat: what was confirmed or merged during the day counts the next morning."""
    start(KIND)
