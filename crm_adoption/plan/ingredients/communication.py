"""4 Communication."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop as _

from crm_adoption.plan.ingredients.base import Check, Declared, Measured, Unit
from crm_adoption.plan.models import Message
from crm_adoption.plan.queries.communication import answering, coverage


def elements(now: datetime) -> Measured | None:
    """Of the four elements at each moment, what executives and end-users were told (P28)."""
    if not Message.objects.filter(created_at__lte=now).exists():
        return None
    found = coverage()
    return Measured(found.share, len(found.cells) * 4, now, {})


def answered(now: datetime) -> Measured | None:
    """Feedback of the last 90 days that has an answer (P29)."""
    found = answering(now)
    return None if found.share is None else Measured(found.share, found.raised, now, {})


def days_to_answer(now: datetime) -> Measured | None:
    """Median days from feedback to its answer, over the last 90 days."""
    found = answering(now)
    return None if found.median_days is None else Measured(found.median_days, found.answered, now, {})


INGREDIENT: Declared = Declared(
    slug="communication",
    order=4,
    name=_("Communication"),
    meaning=_("A communication plan for executives and for end-users, through implementation and as enhancements roll "
    "out: timeline, roles and responsibilities, deliverables, vision; and it must go both ways."),
    sources=(
        ("P26", _("A communication plan is needed for executives on the implementation and its continuing success.")),
        ("P27", _("And for end-users, during the implementation and as enhancements roll out.")),
        ("P28", _("Timeline and its risks; what is expected of people and when; what they can expect; the vision.")),
        ("P29", _("It must go both ways: the sponsor asks end-users and leaders what they want from the system.")),
    ),
    checks=(
        Check(
            "communication.elements", _("Elements told to each audience"), 0.4, 1.0, Unit.SHARE,
            _("Of timeline, roles, deliverables and vision, what each audience has been told in the phase that runs."),
            _("Record messages with their audience and which of the four elements they hold."), fresh_days=120,
            url_name="messages", measure=elements,
        ),
        Check(
            "communication.answered", _("Feedback answered"), 0.4, 0.9, Unit.SHARE,
            _("Feedback of the last 90 days that has an answer."),
            _("Record what people say, and the answers."), fresh_days=35, url_name="feedback", measure=answered,
        ),
        Check(
            "communication.days-to-answer", _("Days to an answer"), 14, 3, Unit.DAYS,
            _("Median days from feedback to its answer."),
            _("Record what people say, and the answers."), fresh_days=35, url_name="feedback", measure=days_to_answer,
        ),
    ),
)  # fmt: skip
