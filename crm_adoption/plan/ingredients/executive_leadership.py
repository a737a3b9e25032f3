"""2 Executive Leadership."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop as _

from crm_adoption.plan.ingredients.base import Check, Declared, Measured, Unit
from crm_adoption.plan.ingredients.pulses import mean_of
from crm_adoption.plan.models import Promise, Recognition
from crm_adoption.plan.queries.communication import leader_grid, leaders


def days_since_act(now: datetime) -> Measured | None:
    """Days since the most visible leader was last seen or heard (M13)."""
    silent = [row.silent_days for row in leader_grid(now) if row.silent_days is not None]
    return Measured(max(0, min(silent)), len(silent), now, {}) if silent else None


def moments(now: datetime) -> Measured | None:
    """Cells of leader x {planning, deployment, company-wide} that are filled (P15)."""
    cells = [seen for row in leader_grid(now) for seen in row.moments]
    return Measured(sum(cells) / len(cells), len(cells), now, {}) if cells else None


def promises_kept(now: datetime) -> Measured | None:
    """Promises that came due and were kept (M11)."""
    settled = Promise.objects.exclude(state=Promise.State.OPEN).filter(settled_on__lte=now.date())
    n = settled.count()
    return Measured(settled.filter(state=Promise.State.KEPT).count() / n, n, now, {}) if n else None


def recognitions(now: datetime) -> Measured | None:
    """How often leaders thanked somebody in 28 days (P16); unknown while there is no leader."""
    known = leaders()
    if not known.exists():
        return None
    given = Recognition.objects.filter(
        given_by__in=known.values("pk"), on__gt=(now - timedelta(days=28)).date(), on__lte=now.date()
    )
    return Measured(given.count(), known.count(), now, {})


INGREDIENT: Declared = Declared(
    slug="executive-leadership",
    order=2,
    name=_("Executive Leadership"),
    meaning=_("A top-down strategy involves more than management, it requires leadership: leaders help employees see "
    "where CRM fits into strategy and direction, and give meaning to what employees contribute."),
    sources=(
        ("P11", _("Getting the buy-in of end-users is critical, and top-down means leadership, not only management.")),
        ("P13", _("Are you a customer-centred organisation? Does CRM help you create raving fans?")),
        ("P15", _("Plan to have leaders communicate at planning, during deployment and in company-wide events.")),
        ("P16", _("Include leaders in recognising individuals and celebrating successes.")),
    ),
    checks=(
        Check(
            "leadership.days-since-act", _("Days since a leader last acted"), 45, 10, Unit.DAYS,
            _("Days since a leader did something for CRM that people could see."),
            _("Record what leaders do: money named, people lent, a review run from the system."),
            url_name="leader-acts", measure=days_since_act,
        ),
        Check(
            "leadership.moments", _("Leaders heard at each moment"), 0.33, 1.0, Unit.SHARE,
            _("Leaders who spoke at planning, during deployment and company-wide, of all leaders times three."),
            _("Record the messages of leaders with their moment."), fresh_days=120,
            url_name="leader-acts", measure=moments,
        ),
        Check(
            "leadership.promises-kept", _("Promises kept"), 0.5, 1.0, Unit.SHARE,
            _("Promises whose day has come and whose check says kept."),
            _("Mark a sentence of a message as a promise, with its check and its day."), fresh_days=120,
            url_name="promises", measure=promises_kept,
        ),
        Check(
            "leadership.recognitions", _("Recognitions by leaders in 28 days"), 0, 4, Unit.COUNT,
            _("How often leaders thanked somebody for what they contributed to."),
            _("Record whom leaders recognised and what it contributed to."),
            url_name="recognitions", measure=recognitions,
        ),
        Check(
            "leadership.leaders-use-it", _("People say that leaders use it"), 2.5, 4.2, Unit.SCORE,
            _("Mean answer to the pulse question whether leaders use the CRM themselves, from five answers on."),
            _("Ask the pulse question about leaders."), fresh_days=100, url_name="pulses",
            measure=mean_of("leaders-use-it"),
        ),
    ),
)  # fmt: skip
