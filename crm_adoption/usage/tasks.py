"""Which work of this app runs later; every kind may safely run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm_adoption.jobs.services import start
from crm_adoption.jobs.work import Running, work
from crm_adoption.kit.throttling import forget_callers
from crm_adoption.people.services import forget_looks
from crm_adoption.usage import services


@work("derive_use", queue="bulk", label=_("Read the use from the records"))
def derive_use(job: Running) -> dict[str, int]:
    """Read the use of input capabilities from what is mirrored."""
    with job.effects(last=True):
        job.counts = {"days": services.derive_use(today=timezone.localdate())}
    return job.counts


@shared_task(name="crm_adoption.usage.tasks.ask_to_derive", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_to_derive() -> None:
    """On the timetable of beat."""
    start("derive_use")


@work("forget_looks", queue="interactive", label=_("Forget who looked at whom after its time"))
def forget_old_looks(job: Running) -> dict[str, int]:
    """Delete the lines of the ledger that are older than it is kept."""
    with job.effects(last=True):
        job.counts = {"forgotten": forget_looks(timezone.now())}
        forget_callers()
    return job.counts


@shared_task(name="crm_adoption.usage.tasks.ask_to_forget", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_to_forget() -> None:
    """On the timetable of beat."""
    start("forget_looks")
