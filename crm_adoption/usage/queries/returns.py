"""The return (3.11): (evidenced gains - costs) / costs; a gain counts once its check read better after than before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from crm_adoption.usage import evidence
from crm_adoption.usage.evidence import Shown
from crm_adoption.usage.models import LedgerLine, UsageSetting
from crm_adoption.usage.queries.effort import book

WEEKS_A_YEAR = 52
FIVE = (
    LedgerLine.Line.TRAINING, LedgerLine.Line.GUIDES, LedgerLine.Line.UPGRADES, LedgerLine.Line.SUPPORT,
    LedgerLine.Line.DOCUMENTATION,
)  # fmt: skip


@dataclass(frozen=True)
class GainOrCost:
    """A line, and for a gain the readings that show it; `url` leads to it, or to where it is reckoned."""

    kind: str
    line: str
    label: str
    name: str
    amount: Decimal
    pk: int | None = None
    before: Shown | None = None
    after: Shown | None = None
    reckoned: bool = False

    @property
    def is_evidenced(self) -> bool:
        """Two readings of different days, the later the better one; or reckoned from books that are settled."""
        if self.kind == LedgerLine.Kind.COST or self.reckoned:
            return True
        if self.before is None or self.after is None or self.after.on <= self.before.on:
            return False
        return (self.after.value - self.before.value) * self.after.better > 0

    @property
    def state(self) -> str:
        if self.is_evidenced:
            return "evidenced"
        return "claimed" if self.before is None or self.after is None else "not shown"


@dataclass(frozen=True)
class Return:
    """All lines, the sums, and which of the five lines of U10 nobody has written down."""

    currency: str
    lines: Sequence[GainOrCost]
    missing: Sequence[str]

    @property
    def costs(self) -> Decimal:
        return sum((one.amount for one in self.lines if one.kind == LedgerLine.Kind.COST), Decimal(0))

    @property
    def gains(self) -> Decimal:
        """Of a year, evidenced ones only."""
        return sum((one.amount for one in self._gains if one.is_evidenced), Decimal(0))

    @property
    def claimed(self) -> Decimal:
        """Gains that count for nothing, because no reading shows them."""
        return sum((one.amount for one in self._gains if not one.is_evidenced), Decimal(0))

    @property
    def roi(self) -> float | None:
        """Undefined without costs."""
        return float((self.gains - self.costs) / self.costs) if self.costs else None

    @property
    def payback_months(self) -> float | None:
        return float(self.costs / (self.gains / 12)) if self.costs and self.gains else None

    @property
    def _gains(self) -> list[GainOrCost]:
        return [one for one in self.lines if one.kind == LedgerLine.Kind.GAIN]


def returns(today: date) -> Return:
    setting = UsageSetting.now()
    lines = [_shown(one, today) for one in LedgerLine.objects.order_by("kind", "line", "name", "pk")]
    hours = _hours_saved(setting)
    if hours is not None:
        lines.append(hours)
    told = {one.line for one in lines if one.kind == LedgerLine.Kind.GAIN}
    return Return(setting.currency, lines, [str(LedgerLine.Line(one).label) for one in FIVE if one not in told])


def _shown(line: LedgerLine, today: date) -> GainOrCost:
    before = evidence.reading(line.check_slug, line.baseline_on)
    after_on = min(line.after_on, today) if line.after_on else None
    return GainOrCost(
        line.kind, line.line, line.get_line_display(), line.name, line.amount, line.pk, before,
        evidence.reading(line.check_slug, after_on),
    )  # fmt: skip


def _hours_saved(setting: UsageSetting) -> GainOrCost | None:
    """What the click ledger gave back in a year at the rate of the constants; none where there is no rate."""
    hours = book().hours
    if setting.hourly_rate is None or hours <= 0:
        return None
    amount = (Decimal(hours * WEEKS_A_YEAR) * setting.hourly_rate).quantize(Decimal("0.01"))
    line = LedgerLine.Line.HOURS
    return GainOrCost(LedgerLine.Kind.GAIN, line, str(line.label), _("Hours from the click ledger"), amount,
                      reckoned=True)  # fmt: skip
