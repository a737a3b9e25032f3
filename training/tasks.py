"""Which work of training runs later; every kind may safely run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm_adoption.jobs.services import start
from crm_adoption.jobs.work import Running, work
from training import services
from training.models import Session


@work("tell_session", queue="interactive", label=_("Send invitations"))
def tell_session(job: Running) -> dict[str, int]:
    """Write to everybody whose seat in a session is not as their last letter says; the scope is its number."""
    session = Session.objects.get(pk=int(job.scope))
    sent = services.tell(session, now=timezone.now(), effects=job.effects)
    return {"letters": sent}


@work("follow_roles", queue="interactive", label=_("Enrol by role"))
def follow_roles(job: Running) -> dict[str, int]:
    """Make everybody's enrolments follow their role, also where it was changed in bulk."""
    with job.effects(last=True):
        job.counts = services.enrol(timezone.localdate())
    return job.counts


@shared_task(name="training.tasks.ask_to_follow_roles", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_to_follow_roles() -> None:
    """On the timetable of beat."""
    start("follow_roles")


@work("remind_reinforcement", queue="interactive", label=_("Remind of reinforcement"))
def remind_reinforcement(job: Running) -> dict[str, int]:
    """Write to whoever is due to be reinforced and has not been; each letter once."""
    return {"letters": services.remind(timezone.now(), effects=job.effects)}


@shared_task(name="training.tasks.ask_to_remind", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_to_remind() -> None:
    """On the timetable of beat."""
    start("remind_reinforcement")
