"""Holding a review, or a meeting of the champions' committee: its agenda is kept as it stood, its decisions become
work (P21, P51)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from crm_adoption.plan.models import Decision, Review, WorkItem
from crm_adoption.plan.queries.committee import committee, committee_agenda
from crm_adoption.plan.queries.reviews import agenda

AGENDAS = {Review.Body.PROGRAMME: agenda, Review.Body.COMMITTEE: committee_agenda}


@transaction.atomic
def call_committee(meeting: Review, *, today: date) -> Review:
    """Plan the next meeting of the champions' committee; there is one that waits at a time."""
    found = committee(today)
    if not found.is_asked_for:
        raise Refusal(_("A committee of champions is for a small internal IT and several groups; the programme says "
                        "otherwise."))  # fmt: skip
    if meeting.planned_on < today:
        raise Refusal(_("%(day)s is over; choose a day from today on.") % {"day": meeting.planned_on})
    waits = Review.objects.of_committee().filter(held_on=None).exclude(pk=meeting.pk).first()
    if waits is not None:
        raise Refusal(_("The meeting of %(day)s has not been held yet; hold it, or move it.")
                      % {"day": waits.planned_on}, links=((str(waits), waits.get_absolute_url()),))  # fmt: skip
    meeting.body = Review.Body.COMMITTEE
    meeting.save()
    return meeting


@transaction.atomic
def hold_review(review: Review, *, by: Person, now: datetime, today: date) -> Review:
    """It is held today; what its agenda was stays with it."""
    found = Review.objects.select_for_update().get(pk=review.pk)
    if found.held_on:
        raise Refusal(_("This review was held on %(day)s.") % {"day": found.held_on})
    found.held_on, found.led_by = today, found.led_by or by
    found.agenda = [topic.as_json() for topic in AGENDAS[Review.Body(found.body)](now=now, today=today)]
    found.save()
    return found


@transaction.atomic
def decide(
    review: Review, *, text: str, by: Person, today: date, becomes_work: bool = True, due_on: date | None = None
) -> Decision:
    """Write a decision down; it becomes a work item unless it is only said."""
    if not text.strip():
        raise Refusal(_("Say what was decided."))
    if review.held_on is None and review.body == Review.Body.COMMITTEE:
        raise Refusal(_("Hold the meeting first; what it decides is decided in it."))
    item = None
    if becomes_work:
        item = WorkItem.objects.create(
            title=text.strip()[:200], kind=WorkItem.Kind.SMALL, requested_by=by, requested_on=today, due_on=due_on,
            reason=str(review),
        )  # fmt: skip
    return Decision.objects.create(review=review, text=text.strip(), work_item=item)
