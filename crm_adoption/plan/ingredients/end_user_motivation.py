"""9 End-User Motivation."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from crm_adoption.plan.ingredients.base import Check, Declared, Measured, Unit
from crm_adoption.plan.ingredients.pulses import mean_of
from crm_adoption.plan.models import Motivator
from crm_adoption.plan.queries.motivation import motivation
from crm_adoption.plan.queries.pulse import start_of
from crm_adoption.usage import queries as use
from crm_adoption.usage.models import ShadowSystem


def roles_covered(now: datetime) -> Measured | None:
    """Roles told a benefit and given at least three owned motivators besides (P57)."""
    roles = motivation()
    if not roles or not Motivator.objects.exists():
        return None
    missing = [str(one.role) for one in roles if not one.is_covered]
    return Measured(1 - len(missing) / len(roles), len(roles), now, {"missing": missing})


def adoption(now: datetime) -> Measured | None:
    """The median of everybody whose role has core use cases, from five people on."""
    found = use.adoption(timezone.localdate(now))
    if found.median is None or found.until is None:
        return None
    return Measured(found.median, found.n, start_of(found.until), {})


def reciprocity(now: datetime) -> Measured | None:
    """Minutes that serve those who type them, for each minute that serves only others (T28)."""
    ratio, people = use.reciprocity(timezone.localdate(now))
    return None if ratio is None else Measured(ratio, people, now, {})


def shadow_systems(now: datetime) -> Measured | None:
    """Shadow systems that live; unknown while nobody has looked for any (U8)."""
    alive = use.living()
    return None if alive is None else Measured(alive, ShadowSystem.objects.count(), now, {})


INGREDIENT: Declared = Declared(
    slug="end-user-motivation",
    order=9,
    name=_("End-User Motivation"),
    meaning=_("“Build it and they will come” is no strategy. Answer “what is in it for me” with benefits and wins, and "
    "pick at least three more motivators besides."),
    sources=(
        ("P55", _("Answer what is in it for me with benefits and wins; it is never too late.")),
        ("P56", _("Explaining benefits does not motivate by itself: peer pressure, competition, accountability, "
                "appreciation from leadership, public recognition, rewards.")),
        ("P57", _("Pick at least three more motivators, and say how they enter the plan.")),
        ("T28", _("Users must trust that CRM is provided for them.")),
    ),
    checks=(
        Check(
            "motivation.roles", _("Roles with a told benefit and three motivators"), 0.0, 1.0, Unit.SHARE,
            _("Job roles told of at least one benefit and given at least three motivators besides."),
            _("Record benefits and motivators of each job role, and when they were told."), fresh_days=120,
            url_name="motivators", measure=roles_covered,
        ),
        Check(
            "motivation.adoption", _("Median adoption score"), 20, 80, Unit.COUNT,
            _("Median adoption score (access, process, quality) of groups of five or more, 0 to 100."),
            _("Write down the use cases of each role, and read their use from a log or from the records."),
            url_name="usage", measure=adoption,
        ),
        Check(
            "motivation.reciprocity", _("What people get for what they put in"), 0.5, 1.5, Unit.RATIO,
            _("Minutes of input that serve the role itself, for each minute that serves only others."),
            _("Record who consumes what each role puts in."), fresh_days=120,
            url_name="use-cases", measure=reciprocity,
        ),
        Check(
            "motivation.sentiment", _("People say that CRM is for them"), 2.5, 4.2, Unit.SCORE,
            _("Mean answer to the pulse question whether CRM is there for them, from five answers on."),
            _("Ask the pulse question whether CRM is for them."), fresh_days=100, url_name="pulses",
            measure=mean_of("crm-is-for-me"),
        ),
        Check(
            "motivation.shadow-systems", _("Shadow systems alive"), 5, 0, Unit.COUNT,
            _("Spreadsheets and other places where people keep what belongs in the CRM."),
            _("Record shadow systems that people show you."), fresh_days=120,
            url_name="shadow-systems", measure=shadow_systems,
        ),
    ),
)  # fmt: skip
