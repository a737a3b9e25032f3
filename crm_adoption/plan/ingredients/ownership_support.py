"""3 Ownership and Support."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from crm_adoption.plan.ingredients.base import Check, Declared, Measured, Unit
from crm_adoption.plan.models import Escalation, Feedback
from crm_adoption.plan.queries.committee import sits
from crm_adoption.plan.queries.ownership import (
    held_seats,
    is_held,
    named,
    of_programme,
    required_owners,
    required_seats,
)

__all__ = ["INGREDIENT", "filled_seats", "required_seats"]


def filled_seats(now: datetime) -> Measured:
    """Required seats that somebody holds, of all required ones: the programme's, and both owners of each process and
    each connected system (P17); the committee of champions counts as one where there has to be one (P21)."""
    places, held = [*of_programme(), *required_owners()], held_seats()
    vacant = [named(place) for place in places if not is_held(place, held)]
    required, committee = len(places), sits(timezone.localdate(now))
    detail: dict[str, object] = {}
    if committee is not None:
        required += 1
        detail = {"committee": committee[1]}
    filled = len(places) - len(vacant) + (1 if committee and committee[0] else 0)
    return Measured(filled / required, required, now, detail | {"filled": filled, "vacant": vacant})


def issue_hours(now: datetime) -> Measured | None:
    """Median hours from an issue to its end, of those resolved in 90 days (P19)."""
    resolved = Feedback.objects.filter(
        kind__in=(Feedback.Kind.ISSUE, Feedback.Kind.ROADBLOCK),
        resolved_at__gt=now - timedelta(days=90), resolved_at__lte=now,
    ).values_list("created_at", "resolved_at")  # fmt: skip
    took = [(end - begun).total_seconds() / 3600 for begun, end in resolved if end]
    return Measured(median(took), len(took), now, {}) if took else None


def escalations_answered(now: datetime) -> Measured | None:
    """Rungs whose time is over that were answered in that time, over 90 days (P24)."""
    rungs = Escalation.objects.filter(answer_due__gt=now - timedelta(days=90), answer_due__lte=now)
    n = rungs.count()
    return Measured(rungs.filter(answered_at__lte=F("answer_due")).count() / n, n, now, {}) if n else None


INGREDIENT: Declared = Declared(
    slug="ownership-support",
    order=3,
    name=_("Ownership and Support"),
    meaning=_("There are two areas of ownership and support: the business owner owns the process and CRM's alignment "
    "to it; the technology owner supports the infrastructure and ensures that issues are resolved quickly."),
    sources=(
        ("P17", _("Two areas of ownership: business and technology.")),
        ("P20", _("With outsourced IT: a champion who is a jack of all trades, or a strong partnership.")),
        ("P21", _("With a small IT: champions of each group form a committee that owns process and solution.")),
        ("P22", _("With a large IT: a business analyst interfaces between business and IT.")),
        ("P23", _("Deciding who holds these roles is key to deployment and continuing support.")),
    ),
    checks=(
        Check(
            "ownership.seats", _("Required seats filled"), 0.6, 1.0, Unit.SHARE,
            _("Seats somebody holds, of those that the IT model, each process and each connected system ask for; a "
            "committee of champions that meets is one of them."),
            _("Name who holds each seat."), url_name="seats", measure=filled_seats,
        ),
        Check(
            "ownership.issue-hours", _("Hours to resolve an issue"), 72, 8, Unit.HOURS,
            _("Median hours from an issue to its end."),
            _("Record issues and when they were resolved."), url_name="feedback", measure=issue_hours,
        ),
        Check(
            "ownership.escalations", _("Escalations answered"), 0.5, 1.0, Unit.SHARE,
            _("Issues passed on that were answered in the time agreed."),
            _("Record to whom issues were escalated, and the answers."),
            url_name="feedback", measure=escalations_answered,
        ),
    ),
)  # fmt: skip
