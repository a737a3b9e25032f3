"""How much of the CRM is used, by what and by whom; what is used no longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm_adoption.kit.access import belongs, for_groups
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.usage import queries
from crm_adoption.usage.access import KEEPERS, MONEY, READERS

HEAT_WEEKS = 26
STEPS = 5


@dataclass(frozen=True)
class Cell:
    """A week of a capability: how warm (0 to 5), and the share of those who need it; None is not said."""

    monday: date
    heat: int
    share: float | None


@require_safe
@for_groups(*READERS)
def overview(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    use = queries.utilisation(today)
    return render(request, "usage/overview.html", {
        "use": use, "kinds": _kinds(use), "roles": _roles(use), "heat": _heat(use),
        "mondays": queries.weeks(use.until, n=HEAT_WEEKS) if use.until else [],
        "adoption": queries.adoption(today), "living": queries.living(),
        "may_change": belongs(request.user, KEEPERS), "may_see_money": belongs(request.user, MONEY),
    })  # fmt: skip


def _kinds(use: queries.Utilisation) -> Chart:
    return Chart(
        "bar", [part.label for part in use.kinds], [Series(_("Used"), [part.u for part in use.kinds])], unit="%",
        limit=use.setting.reference_line, limit_label=_("what most companies stay under"), maximum=1, head=_("Kind"),
    )  # fmt: skip


def _roles(use: queries.Utilisation) -> Chart | None:
    shown = [part for part in use.roles if part.u is not None]
    if not shown:
        return None
    return Chart(
        "bar", [part.label for part in shown], [Series(_("Used"), [part.u for part in shown])], unit="%",
        limit=use.setting.reference_line, limit_label=_("what most companies stay under"), maximum=1,
        head=_("Job role"), horizontal=True,
    )  # fmt: skip


def _heat(use: queries.Utilisation) -> list[tuple[queries.CapabilityUse, Sequence[Cell]]]:
    """Each capability that enough people need, with its weeks from cold to hot."""
    if use.until is None:
        return []
    mondays, known = queries.weeks(use.until, n=HEAT_WEEKS), queries.use_by_week(use.until, n=HEAT_WEEKS)
    found: list[tuple[queries.CapabilityUse, Sequence[Cell]]] = []
    for row in use.rows:
        if row.share is not None:
            weeks = known.get(row.capability.pk, {})
            shares = [weeks.get(monday, 0) / row.eligible for monday in mondays]
            found.append((row, [Cell(one, _step(share), share) for one, share in zip(mondays, shares, strict=True)]))
    return found


def _step(share: float) -> int:
    """0 for nobody, then five steps up to everybody."""
    return 0 if share <= 0 else min(STEPS, 1 + int(share * STEPS))
