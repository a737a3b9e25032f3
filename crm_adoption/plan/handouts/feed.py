"""The plan as a calendar (RFC 5545): days only, no figures; an event keeps its UID as long as its row lives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from crm_adoption.kit.access import CHAMPION, LEAD, SPONSOR, belongs
from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import Person
from crm_adoption.plan.handouts.workshop import Workshop
from crm_adoption.plan.models import Message, Phase, Promise, Review
from crm_adoption.plan.queries.communication import audience_of, promises_to

PRODUCT = "-//crm_adoption//plan//EN"
LOOKS_BACK = timedelta(days=366)
REFRESH = timedelta(hours=6)
PLANNERS = (LEAD, SPONSOR, CHAMPION)
STEERING = (LEAD, SPONSOR)


def feed(person: Person, *, site: str, today: date) -> bytes:
    """What this person may know of the plan's days, from a year ago on; `site` is the address the links begin with."""
    since = today - LOOKS_BACK
    events = [*_phases(site, since), *_promises(person, site, since)]
    if belongs(person, PLANNERS):
        events += _messages(site, since)
    if belongs(person, STEERING):
        events += _reviews(site, since)
    calendar = Calendar.new(
        prodid=PRODUCT, method="PUBLISH", name=_("CRM adoption plan"), refresh_interval=REFRESH, subcomponents=events
    )
    return bytes(calendar.to_ical())


def workshop_file(planned: Workshop, *, name: str, uid: str, now: datetime) -> bytes:
    """A workshop to put into a calendar, its blocks as the description."""
    said = [f"{at:%H:%M} {block.title}" for at, block in planned.timed]
    event = Event.new(
        uid=uid, stamp=now, start=planned.starts_at, end=planned.ends_at, summary=name, description="\n".join(said)
    )
    return bytes(Calendar.new(prodid=PRODUCT, method="PUBLISH", subcomponents=[event]).to_ical())


def _phases(site: str, since: date) -> Iterator[Event]:
    days = (
        ("starts", "planned_start", _("Begins: %(what)s")),
        ("opens", "planned_end", _("Is to open: %(what)s")),
    )
    for word, field, summary in days:
        for phase in Phase.objects.filter(**{f"{field}__gte": since}).order_by(field, "pk"):
            at = phase.get_absolute_url()
            yield _day(phase, word, getattr(phase, field), summary % {"what": phase}, phase.goal, site, at)


def _promises(person: Person, site: str, since: date) -> Iterator[Event]:
    all_of_them = belongs(person, PLANNERS)
    rows = Promise.objects.all() if all_of_them else promises_to(person)
    at = reverse("promises") if all_of_them else reverse("for-me")
    for promise in rows.filter(due_on__gte=since).order_by("due_on", "pk"):
        summary = _("Promise due: %(what)s") % {"what": promise}
        yield _day(promise, "due", promise.due_on, summary, promise.get_state_display(), site, at)


def _messages(site: str, since: date) -> Iterable[Event]:
    rows = Message.objects.filter(state=Message.State.PLANNED, due_on__gte=since).select_related("job_role", "team")
    return [
        _day(row, "due", row.due_on, _("Message due: %(what)s") % {"what": row},
             _("For: %(audience)s") % {"audience": audience_of(row)}, site, row.get_absolute_url())
        for row in rows.order_by("due_on", "pk")
        if row.due_on
    ]  # fmt: skip


def _reviews(site: str, since: date) -> Iterable[Event]:
    said: dict[str, str] = {
        Review.Body.PROGRAMME: _("Review of the programme"), Review.Body.COMMITTEE: _("Committee of champions"),
    }  # fmt: skip
    return [
        _day(row, "day", row.held_on or row.planned_on, said[row.body],
             _("Led by %(who)s") % {"who": row.led_by} if row.led_by else "", site, row.get_absolute_url())
        for row in Review.objects.filter(planned_on__gte=since).select_related("led_by").order_by("planned_on", "pk")
    ]  # fmt: skip


def _day(row: Stamped, word: str, on: date, summary: str, description: str, site: str, at: str) -> Event:
    host = site.partition("://")[2].partition("/")[0]
    return Event.new(
        uid=f"{row._meta.model_name}-{row.pk}-{word}@{host}",
        stamp=row.updated_at,
        last_modified=row.updated_at,
        start=on,
        end=on + timedelta(days=1),
        summary=summary,
        description=description or None,
        url=f"{site}{at}",
    )
