"""What waits for one person: what they are asked, what was passed to them, what they own, and what came for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm_adoption.kit import words
from crm_adoption.kit.access import CHAMPION, TRAINER, belongs
from crm_adoption.people.models import Person, Seat
from crm_adoption.plan.models import Escalation, Feedback, Promise, WorkItem
from crm_adoption.plan.queries.actions import OPEN
from crm_adoption.plan.queries.communication import promises_to, voices_of
from crm_adoption.plan.queries.pulse import open_for
from training import queries as training
from training.models import Session

SOON = timedelta(days=14)  # work and sessions of the next two weeks
NEWS = timedelta(days=14)  # answers and settled promises of the last two


@dataclass(frozen=True)
class Waiting:
    """One thing: a sentence, where it is dealt with, and whether it is late."""

    sentence: str
    url: str
    is_late: bool = False


def waiting_for(person: Person, *, now: datetime, today: date) -> list[Waiting]:
    """To do first, the late above the others; then what came."""
    to_do = [*_passed(person, now), *_team(person), *_work(person, today), *_learning(person, now, today)]
    if belongs(person, (TRAINER,)):
        to_do += _teaching(person, now)
    pulse = open_for(person, today)
    if pulse is not None:
        until = words.exact(pulse.closes_on)
        said = _("The pulse asks you a few sentences, until %(day)s.") % {"day": until}
        to_do.append(Waiting(said, reverse("pulse-answer", args=[pulse.pk])))
    return [*sorted(to_do, key=lambda one: not one.is_late), *_news(person, now, today)]


def _passed(person: Person, now: datetime) -> Iterator[Waiting]:
    """What was passed up to a seat of this person and not answered."""
    mine = Q(seat__holder=person) | Q(seat__deputy=person)
    rungs = Escalation.objects.filter(mine, answered_at=None, feedback__state=Feedback.State.OPEN)
    for rung in rungs.select_related("feedback").order_by("answer_due"):
        said = _("Passed to you: “%(what)s”") % {"what": rung.feedback.text.splitlines()[0][:90]}
        yield Waiting(said, rung.feedback.get_absolute_url(), rung.answer_due < now)


def _team(person: Person) -> Iterator[Waiting]:
    """A champion hears the voices of their teams."""
    if not belongs(person, (CHAMPION,)):
        return
    seats = Seat.objects.filter(kind=Seat.Kind.CHAMPION, scope=Seat.Scope.TEAM, holder=person)
    theirs = Q(team__name__in=seats.values("scope_key")) | Q(team__isnull=False, team=person.team_id)
    n = Feedback.objects.filter(theirs, state=Feedback.State.OPEN).count()
    if n:
        said = ngettext(
            "One voice of your people waits for an answer.", "%(n)s voices of your people wait for an answer.", n
        )
        yield Waiting(said % {"n": n}, f"{reverse('feedback')}?state=open")


def _work(person: Person, today: date) -> Iterator[Waiting]:
    """Own work items that are due soon, and those that are late."""
    items = WorkItem.objects.filter(owner=person, state__in=OPEN, due_on__lte=today + SOON)
    for item in items.select_related("phase").order_by("due_on", "pk"):
        assert item.due_on is not None  # asked for above
        url = item.phase.get_absolute_url() if item.phase else reverse("phases")
        said = _("“%(what)s” is due on %(day)s.") % {"what": item.title, "day": words.exact(item.due_on)}
        yield Waiting(said, url, item.due_on < today)


def _learning(person: Person, now: datetime, today: date) -> Iterator[Waiting]:
    """Courses still to take, and the next session with a seat."""
    items = training.curriculum(person, today)
    left = sum(1 for item in items if not item.is_done)
    url = reverse("my-training")
    if left:
        said = ngettext("One course is still to take.", "%(n)s courses are still to take.", left) % {"n": left}
        yield Waiting(said, url, any(item.state == "overdue" for item in items))
    booking = training.own_bookings(person, now).filter(session__starts_at__lte=now + SOON).first()
    if booking is not None:
        begins = timezone.localtime(booking.session.starts_at)
        said = _("“%(course)s” begins on %(day)s at %(time)s.") % {
            "course": booking.session, "day": words.exact(begins.date()), "time": f"{begins:%H:%M}",
        }  # fmt: skip
        yield Waiting(said, url)


def _teaching(person: Person, now: datetime) -> Iterator[Waiting]:
    """A trainer's open questions and the sessions they hold next."""
    n = training.open_enquiries().count()
    if n:
        said = ngettext("One question waits for an answer.", "%(n)s questions wait for an answer.", n) % {"n": n}
        yield Waiting(said, reverse("training"))
    held = Session.objects.filter(
        trainer=person, state=Session.State.PLANNED, ends_at__gt=now, starts_at__lte=now + SOON
    )  # fmt: skip
    for session in held.select_related("course").order_by("starts_at"):
        begins = timezone.localtime(session.starts_at)
        said = _("You teach “%(course)s” on %(day)s at %(time)s.") % {
            "course": session, "day": words.exact(begins.date()), "time": f"{begins:%H:%M}",
        }  # fmt: skip
        yield Waiting(said, session.get_absolute_url())


def _news(person: Person, now: datetime, today: date) -> Iterator[Waiting]:
    """What was answered, and what was promised to this person and was kept or broken, in two weeks."""
    answered = voices_of(person).filter(answered_at__gt=now - NEWS)
    for one in answered:
        said = _("Answered: “%(what)s”") % {"what": one.text.splitlines()[0][:90]}
        yield Waiting(said, one.get_absolute_url())
    settled = promises_to(person).filter(settled_on__gt=today - NEWS)
    for promise in settled:
        kept = promise.state == Promise.State.KEPT
        said = (_("Kept: “%(what)s”") if kept else _("Not kept: “%(what)s”")) % {"what": promise.text[:90]}
        yield Waiting(said, reverse("for-me"))
