"""3 Ownership and Support."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

from django.db.models import F

from crm_adoption.people.models import Seat, Team
from crm_adoption.plan.ingredients.base import Check, Declared, Measured, Unit
from crm_adoption.plan.models import Escalation, Feedback, Programme

Kind, Scope = Seat.Kind, Seat.Scope
ItModel = Programme.ItModel
Place = tuple[tuple[str, ...], str, str]  # kinds of which one suffices, scope, key


def required_seats(it_model: str, teams: list[str]) -> list[Place]:
    """The seats that must be filled (P17, P20-P23): four for everybody, the rest by the way IT is organised."""
    programme = Scope.PROGRAMME.value
    places: list[Place] = [
        ((kind.value,), programme, "")
        for kind in (Kind.EXECUTIVE_SPONSOR, Kind.ADOPTION_LEAD, Kind.BUSINESS_OWNER, Kind.TECHNOLOGY_OWNER)
    ]
    if it_model == ItModel.OUTSOURCED:
        places.append(((Kind.CHAMPION.value, Kind.PARTNER.value), programme, ""))
    elif it_model == ItModel.LARGE:
        places.append(((Kind.IT_BUSINESS_ANALYST.value,), programme, ""))
    else:
        places += [((Kind.CHAMPION.value,), Scope.TEAM.value, team) for team in teams]
    return places


def filled_seats(now: datetime) -> Measured:
    """Required seats that somebody holds, of all required ones."""
    programme = Programme.objects.first() or Programme()
    teams = list(Team.objects.order_by("name").values_list("name", flat=True))
    places = required_seats(programme.it_model, teams)
    held = set(
        Seat.objects.filter(holder__isnull=False, holder__left_on=None).values_list("kind", "scope", "scope_key")
    )
    vacant = [place for place in places if not any((kind, *place[1:]) in held for kind in place[0])]
    named = [
        f"{' or '.join(str(Kind(kind).label) for kind in kinds)}{f' of {key}' if key else ''}"
        for kinds, _, key in vacant
    ]
    filled = len(places) - len(vacant)
    return Measured(filled / len(places), len(places), now, {"filled": filled, "vacant": named})


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
    name="Ownership and Support",
    meaning="There are two areas of ownership and support: the business owner owns the process and CRM's alignment to "
    "it; the technology owner supports the infrastructure and ensures that issues are resolved quickly.",
    sources=(
        ("P17", "Two areas of ownership: business and technology."),
        ("P20", "With outsourced IT: a champion who is a jack of all trades, or a strong partnership."),
        ("P21", "With a small IT: champions of each group form a committee that owns process and solution."),
        ("P22", "With a large IT: a business analyst interfaces between business and IT."),
        ("P23", "Deciding who holds these roles is key to deployment and continuing support."),
    ),
    checks=(
        Check(
            "ownership.seats", "Required seats filled", 0.6, 1.0, Unit.SHARE,
            "Seats that the programme's IT model asks for and somebody holds.",
            "Name who holds each seat.", url_name="seats", measure=filled_seats,
        ),
        Check(
            "ownership.issue-hours", "Hours to resolve an issue", 72, 8, Unit.HOURS,
            "Median hours from an issue to its end.",
            "Record issues and when they were resolved.", url_name="feedback", measure=issue_hours,
        ),
        Check(
            "ownership.escalations", "Escalations answered", 0.5, 1.0, Unit.SHARE,
            "Issues passed on that were answered in the time agreed.",
            "Record to whom issues were escalated, and the answers.",
            url_name="feedback", measure=escalations_answered,
        ),
    ),
)  # fmt: skip
