"""What may change about promises and feedback."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.access import LEAD, belongs
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person, Seat
from crm_adoption.plan.ingredients import CHECKS
from crm_adoption.plan.ingredients.base import Unit
from crm_adoption.plan.models import Escalation, Feedback, Promise, Reading, Vote, WorkItem
from crm_adoption.plan.queries.expectations import said_figure, value_of

LADDERS = {  # area: the seats a piece of feedback climbs, and the hours each has to answer (P18, P19, P24)
    Feedback.Area.BUSINESS: (
        (Seat.Kind.CHAMPION, 48), (Seat.Kind.BUSINESS_OWNER, 48), (Seat.Kind.EXECUTIVE_SPONSOR, 72),
        (Seat.Kind.PARTNER, 72),
    ),
    Feedback.Area.TECHNOLOGY: (
        (Seat.Kind.CHAMPION, 8), (Seat.Kind.TECHNOLOGY_OWNER, 24), (Seat.Kind.PARTNER, 48),
    ),
}  # fmt: skip


# --- promises -----------------------------------------------------------------------------------------------------
@transaction.atomic
def make_promise(promise: Promise, *, by: Person) -> Promise:
    """Write a promise down; once it is settled it is history."""
    if promise.pk and promise.state != Promise.State.OPEN:
        raise Refusal(_("This promise was settled on %(day)s and stays as it was.") % {"day": promise.settled_on})
    if promise.made_by is None:
        promise.made_by = by
    promise.save()
    return promise


def keeps(promise: Promise, value: float) -> bool:
    threshold = promise.threshold or 0.0
    return value >= threshold if promise.comparator == Promise.Comparator.AT_LEAST else value <= threshold


@transaction.atomic
def settle_promises(*, today: date) -> list[Promise]:
    """Judge every promise whose day has come by the newest fresh reading until then (M11).

    Kept as soon as the figure is reached on its day or before it; broken the day after. One without a check waits for
    somebody to say.
    """
    settled = []
    for promise in Promise.objects.select_for_update().filter(state=Promise.State.OPEN).exclude(check_slug=""):
        reading = (
            Reading.objects.filter(check_slug=promise.check_slug, scope="", taken_on__lte=min(today, promise.due_on))
            .order_by("-taken_on")
            .first()
        )
        check = CHECKS.get(promise.check_slug)
        fresh = reading and (check is None or (min(today, promise.due_on) - reading.taken_on).days <= check.fresh_days)
        kept = bool(fresh and reading and keeps(promise, reading.value))
        if not kept and today <= promise.due_on:
            continue
        promise.state = Promise.State.KEPT if kept else Promise.State.BROKEN
        promise.settled_on = today
        promise.settled_value = reading.value if fresh and reading else None
        promise.save()
        settled.append(promise)
    return settled


@transaction.atomic
def settle_by_hand(promise: Promise, *, kept: bool, note: str, today: date) -> Promise:
    """Say whether a promise that no check decides was kept, and by what one knows it."""
    found = Promise.objects.select_for_update().get(pk=promise.pk)
    if found.check_slug:
        raise Refusal(_("“%(promise)s” is decided by its check, not by hand.") % {"promise": found})
    if found.state != Promise.State.OPEN:
        raise Refusal(_("“%(promise)s” was settled on %(day)s.") % {"promise": found, "day": found.settled_on})
    if not note.strip():
        raise Refusal(_("Say by what one knows it; the people it was made to read that."))
    found.state = Promise.State.KEPT if kept else Promise.State.BROKEN
    found.settled_on, found.settled_note = today, note.strip()
    found.save()
    return found


# --- feedback -----------------------------------------------------------------------------------------------------
@transaction.atomic
def give_feedback(
    *, by: Person, kind: str, text: str, area: str = Feedback.Area.BUSINESS, measure: str = "",
    is_incident: bool = False, now: datetime,
) -> Feedback:  # fmt: skip
    """Say something; roadblocks and issues start on the first rung of their ladder at once."""
    if not text.strip():
        raise Refusal(_("Say what it is about."))
    made = Feedback.objects.create(
        kind=kind, area=area, raised_by=by, team=by.team, job_role=by.job_role, text=text.strip(),
        measure=measure.strip(), is_incident=is_incident,
    )  # fmt: skip
    if kind in (Feedback.Kind.ISSUE, Feedback.Kind.ROADBLOCK):
        _climb(made, level=0, by=None, now=now)
    return made


def _climb(feedback: Feedback, *, level: int, by: Person | None, now: datetime) -> Escalation:
    ladder = LADDERS[Feedback.Area(feedback.area)]
    kind, hours = ladder[level]
    seats = Seat.objects.filter(kind=kind, holder__isnull=False, holder__left_on=None)
    own = seats.filter(scope=Seat.Scope.TEAM, scope_key=feedback.team.name) if feedback.team else seats.none()
    return Escalation.objects.create(
        feedback=feedback, level=level, seat=own.first() or seats.order_by("scope", "pk").first(), seat_kind=kind,
        by=by, at=now, answer_due=now + timedelta(hours=hours),
    )  # fmt: skip


@transaction.atomic
def escalate(feedback: Feedback, *, by: Person | None, now: datetime) -> Escalation:
    """Pass it one rung up (P24)."""
    found = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if found.state == Feedback.State.RESOLVED:
        raise Refusal(_("It was resolved on %(day)s.") % {"day": found.resolved_at and found.resolved_at.date()})
    last = found.escalations.last()
    level = last.level + 1 if last else 0
    if level >= len(LADDERS[Feedback.Area(found.area)]):
        raise Refusal(_("It stands on the last rung: %(seat)s.") % {"seat": last and last.get_seat_kind_display()})
    return _climb(found, level=level, by=by, now=now)


def escalate_overdue(*, now: datetime) -> int:
    """Pass up what was not answered in time; what is on its last rung stays there, and shows."""
    moved = 0
    waiting = Feedback.objects.filter(
        state=Feedback.State.OPEN, kind__in=(Feedback.Kind.ISSUE, Feedback.Kind.ROADBLOCK)
    ).prefetch_related("escalations")
    for feedback in waiting:
        rungs = list(feedback.escalations.all())
        last = rungs[-1] if rungs else None
        late = last is not None and last.answered_at is None and last.answer_due < now
        if late and last and last.level + 1 < len(LADDERS[Feedback.Area(feedback.area)]):
            escalate(feedback, by=None, now=now)
            moved += 1
    return moved


@transaction.atomic
def answer_feedback(
    feedback: Feedback, *, by: Person, text: str, now: datetime, resolved: bool = False
) -> Feedback:  # fmt: skip
    """Answer what somebody said; those who raised it and voted for it see it."""
    found = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if not text.strip():
        raise Refusal(_("Write the answer; whoever asked reads it."))
    if found.state == Feedback.State.RESOLVED:
        raise Refusal(_("It was resolved already; a new word starts a new feedback."))
    found.answer, found.answered_by = text.strip(), by
    found.answered_at = found.answered_at or now
    found.state = Feedback.State.RESOLVED if resolved else Feedback.State.ANSWERED
    found.resolved_at = now if resolved else None
    found.save()
    found.escalations.filter(answered_at=None).update(answered_at=now)
    return found


@transaction.atomic
def resolve_feedback(feedback: Feedback, *, by: Person, now: datetime) -> Feedback:
    """It is mended; only what was answered can be resolved, so that nobody is left without a word."""
    found = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if found.state == Feedback.State.RESOLVED:
        raise Refusal(_("It was resolved already."))
    if not found.answer:
        raise Refusal(_("Answer it first; whoever raised it should read what became of it."))
    found.state, found.resolved_at = Feedback.State.RESOLVED, now
    found.save()
    return found


@transaction.atomic
def vote(feedback: Feedback, *, by: Person) -> bool:
    """Give one's voice, or take it back; True if it is given now. Nobody votes for their own."""
    if feedback.raised_by_id == by.pk:
        raise Refusal(_("This is your own; others vote for it."))
    made, created = Vote.objects.get_or_create(feedback=feedback, by=by)
    if not created:
        made.delete()
    return created


@transaction.atomic
def agree_expectation(
    feedback: Feedback, *, by: Person, check_slug: str, figure: str = "", comparator: str, threshold: float,
    due_on: date, today: date,
) -> Feedback:  # fmt: skip
    """Agree on what will show an expectation met: a check or one figure of it, a target and a day (T1)."""
    found = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if found.kind != Feedback.Kind.EXPECTATION:
        raise Refusal(_("This is %(kind)s; only an expectation is measured.") % {"kind": found.get_kind_display()})
    check = CHECKS.get(check_slug)
    if check is None:
        raise Refusal(_("There is no check “%(check)s”; choose one that is measured here.") % {"check": check_slug})
    newest = Reading.objects.filter(check_slug=check_slug, scope="").order_by("-taken_on").first()
    if figure and (newest is None or value_of(newest, figure) is None):
        raise Refusal(_("“%(check)s” has no figure “%(figure)s”; choose one of those it shows.")
                      % {"check": check.label, "figure": said_figure(figure)})  # fmt: skip
    if comparator not in Promise.Comparator.values:
        raise Refusal(_("Say whether the target is the least or the most."))
    if check.unit is Unit.SHARE and not figure and not 0 <= threshold <= 1:
        raise Refusal(_("“%(check)s” is a share from 0 to 1; write 0.6 for 60 %%.") % {"check": check.label})
    if due_on < today:
        raise Refusal(_("%(day)s is over; choose a day from today on.") % {"day": due_on})
    found.check_slug, found.figure = check_slug, figure
    found.comparator, found.threshold, found.due_on = comparator, threshold, due_on
    found.agreed_by, found.agreed_on = by, today
    found.save()
    return found


@transaction.atomic
def make_work_of(feedback: Feedback, *, title: str, by: Person, today: date) -> WorkItem:
    """Turn a request into work; it keeps the day it was asked for (P10)."""
    if not belongs(by, (LEAD,)):
        raise Refusal(_("The adoption lead decides what becomes work."))
    if feedback.work_item_id:
        raise Refusal(_("It is work already: “%(item)s”.") % {"item": feedback.work_item})
    item = WorkItem.objects.create(
        title=title.strip()[:200] or feedback.text[:200], kind=WorkItem.Kind.SMALL, job_role=feedback.job_role,
        requested_by=feedback.raised_by, requested_on=feedback.created_at.date(),
    )  # fmt: skip
    feedback.work_item = item
    feedback.save()
    return item
