"""Holding a review: its agenda is kept as it stood, its decisions become work (P51)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from crm_adoption.plan.models import Decision, Review, WorkItem
from crm_adoption.plan.queries.reviews import agenda


@transaction.atomic
def hold_review(review: Review, *, by: Person, now: datetime, today: date) -> Review:
    """It is held today; what its agenda was stays with it."""
    found = Review.objects.select_for_update().get(pk=review.pk)
    if found.held_on:
        raise Refusal(_("This review was held on %(day)s.") % {"day": found.held_on})
    found.held_on, found.led_by = today, found.led_by or by
    found.agenda = [topic.as_json() for topic in agenda(now=now, today=today)]
    found.save()
    return found


@transaction.atomic
def decide(
    review: Review, *, text: str, by: Person, today: date, becomes_work: bool = True, due_on: date | None = None
) -> Decision:
    """Write a decision down; it becomes a work item unless it is only said."""
    if not text.strip():
        raise Refusal(_("Say what was decided."))
    item = None
    if becomes_work:
        item = WorkItem.objects.create(
            title=text.strip()[:200], kind=WorkItem.Kind.SMALL, requested_by=by, requested_on=today, due_on=due_on,
            reason=str(review),
        )  # fmt: skip
    return Decision.objects.create(review=review, text=text.strip(), work_item=item)
