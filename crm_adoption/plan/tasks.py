"""Readings of the checks, nightly and after every import; the weekly letter."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm_adoption.jobs.services import start
from crm_adoption.jobs.work import GiveUp, Running, work
from crm_adoption.plan import services
from crm_adoption.plan.models import Message
from crm_adoption.plan.services import replays


@work("take_readings", queue="interactive", label=_("Take the readings"))
def take_readings(job: Running) -> dict[str, int]:
    """Measure every check, settle promises whose day has come, forecast the gates, pass up what waits too long.

    Twice on one day is once.
    """
    with job.effects(last=True):
        now, today = timezone.now(), timezone.localdate()
        taken = services.take_readings(now)
        brought = services.measure_brought(now)
        releases = services.watch_releases(now)
        settled = services.settle_promises(today=today)
        forecasts = services.note_forecasts(now=now, today=today)
        moved = services.escalate_overdue(now=now)
        job.counts = {
            "readings": taken, "brought": brought, "releases": releases, "promises": len(settled),
            "forecasts": forecasts, "escalated": moved,
        }  # fmt: skip
    return job.counts


@shared_task(name="crm_adoption.plan.tasks.ask_for_readings", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_for_readings() -> None:
    """On the timetable of beat."""
    start("take_readings")


@work("replay_forecasts", queue="bulk", label=_("Replay the forecasts of the gates"))
def replay_forecasts(job: Running) -> dict[str, int]:
    """How good they would have been over the newest readings, instead of what the last night said of it."""
    rows = replays.replay_forecasts(timezone.now(), report=job.advance)
    with job.effects(last=True):
        job.counts = {"replays": replays.keep_replays(rows)}
    return job.counts


@shared_task(name="crm_adoption.plan.tasks.ask_for_replays", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_for_replays() -> None:
    """On the timetable of beat."""
    start("replay_forecasts")


@work("send_message", queue="interactive", label=_("Send a message"))
def send_message(job: Running) -> dict[str, int]:
    """Write to everybody a message is for who has no letter of it yet; whom it missed is told."""
    message = Message.objects.get(pk=int(job.scope))
    found = services.deliver(message, now=timezone.now(), effects=job.effects, report=job.advance)
    if found.missed:
        sentence = _("“%(subject)s” reached %(n)s people and missed %(missed)s; its page says why, and sends it again.")
        facts = {"subject": message, "n": found.reached, "missed": found.missed}
        raise GiveUp("mail_refused", str(sentence) % facts)
    return {"letters": found.reached}


@work("send_digests", queue="interactive", label=_("Send the weekly letter"))
def send_digests(job: Running) -> dict[str, int]:
    """Write to every lead and sponsor who has not had this week's letter; each once."""
    sent = services.send_digests(
        now=timezone.now(), today=timezone.localdate(), site=settings.SITE_URL, effects=job.effects
    )
    return {"letters": sent}


@work("send_pulses", queue="interactive", label=_("Send the links of the pulse"))
def send_pulses(job: Running) -> dict[str, int]:
    """Write to everybody whom an open pulse asks and who has no letter of it yet; each once."""
    return {"letters": services.send_pulses(today=timezone.localdate(), site=settings.SITE_URL, effects=job.effects)}


@shared_task(name="crm_adoption.plan.tasks.ask_for_pulses", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_for_pulses() -> None:
    """On the timetable of beat."""
    start("send_pulses")


@shared_task(name="crm_adoption.plan.tasks.ask_for_digests", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_for_digests() -> None:
    """On the timetable of beat."""
    start("send_digests")
