"""The reports about deals: which figures we show, and which tables must be clean first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.queries import Month, Share, pipeline, won_by_month, won_without_a_day
from crm_adoption.people.models import Person
from dataquality.models import Source
from dataquality.queries.batches import taken_at
from dataquality.reports import Figure, Footprint, Line, Report, ReportFigures, declare

DEALS = "accounts.opportunity"
MOST_OWNERS = 60  # beyond that a chart by owner cannot be read, and teams stand for them
Row = TypeVar("Row", Share, Month)


def draw_pipeline(*, source: Source | None = None, reader: Person | None = None) -> ReportFigures:
    """Open deals and their amounts, by owner in the order of names: nobody is ranked."""
    shares = pipeline(source)
    by_team = len({share.owner for share in shares}) > MOST_OWNERS
    head, nobody = (_("Team"), _("no team")) if by_team else (_("Owner"), _("no owner"))

    def whose(share: Share) -> str:
        return (share.team if by_team else share.owner) or nobody

    def stage(share: Share) -> str:
        return share.stage or _("no stage")

    figures = [
        _figure(_("Open deals by stage"), _("Stage"), shares, stage, _all_deals, _count),
        _figure(_("Open deals by owner and stage"), head, shares, whose, stage, _count),
    ]
    figures += [
        _figure(_titled(_("Amount by owner and stage"), currency), head, some, whose, stage, _sum, unit=currency)
        for currency, some in _by_currency(shares)
    ]
    return ReportFigures(figures, sum(share.n for share in shares), taken_at([DEALS], source))


def draw_won_by_month(*, source: Source | None = None, reader: Person | None = None) -> ReportFigures:
    """Won deals and their amounts by the month of their close date; months without any are shown as none."""
    months = won_by_month(source)
    names = [_month(each) for each in _through([each.month for each in months])]

    def when(each: Month) -> str:
        return _month(each.month)

    head = _("Month")
    figures = [_figure(_("Deals won by month"), head, months, when, _all_deals, _count, categories=names)]
    figures += [
        _figure(
            _titled(_("Amount won by month"), currency), head, some, when, _whole_amount, _sum,
            unit=currency, categories=names,
        )
        for currency, some in _by_currency(months)
    ]  # fmt: skip
    undated = won_without_a_day(source)
    notes = [_("%(n)s won deals have no close date and are in no month.") % {"n": undated}] if undated else []
    return ReportFigures(figures, sum(each.n for each in months), taken_at([DEALS], source), notes)


def _figure(
    title: str,
    head: str,
    rows: Sequence[Row],
    category: Callable[[Row], str],
    line: Callable[[Row], str],
    measure: Callable[[Iterable[Row]], int | float],
    *,
    unit: str = "",
    categories: Sequence[str] = (),
) -> Figure:
    """One value for each category and line; categories as given, else by name."""
    cells: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        cells[category(row), line(row)].append(row)
    named = list(categories) or sorted({at for at, _line in cells}, key=str.casefold)
    lines = sorted({name for _at, name in cells}, key=str.casefold)
    return Figure(
        title=title,
        head=head,
        categories=named,
        lines=[Line(name, [measure(cells.get((at, name), ())) for at in named]) for name in lines],
        n=sum(row.n for row in rows),
        unit=unit,
    )


def _count(rows: Iterable[Share] | Iterable[Month]) -> int:
    return sum(row.n for row in rows)


def _sum(rows: Iterable[Share] | Iterable[Month]) -> float:
    return float(sum(row.amount or 0 for row in rows))


def _all_deals(row: Share | Month) -> str:
    return _("Deals")


def _whole_amount(row: Share | Month) -> str:
    return _("Amount")


def _titled(title: str, currency: str) -> str:
    return f"{title} ({currency or _('the export names no currency')})"


def _by_currency(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """The rows that have an amount, a currency at a time; amounts of two are never added."""
    split: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.amount is not None:
            split[row.currency].append(row)
    return sorted(split.items())


def _through(months: Sequence[date]) -> list[date]:
    """Every month from the first to the last."""
    if not months:
        return []
    found, last = [min(months)], max(months)
    while found[-1] < last:
        year, month = divmod(found[-1].year * 12 + found[-1].month, 12)
        found.append(date(year, month + 1, 1))
    return found


def _month(day: date) -> str:
    return date_format(day, "M Y")


declare(
    Report(
        slug="pipeline",
        title="Pipeline by stage and owner",
        question="Which deals are open, in which stage, and who looks after them?",
        footprint=Footprint(
            tables=(DEALS,),
            fields=(f"{DEALS}.stage",),
            pointers=(f"{DEALS}.account", f"{DEALS}.product", f"{DEALS}.owner"),
        ),
        figures=draw_pipeline,
        leaves_out="Won and lost deals, and records that are archived, merged or gone from the CRM.",
    )
)
declare(
    Report(
        slug="won-by-month",
        title="Won by month",
        question="How many deals were won in each month, and for how much?",
        footprint=Footprint(tables=(DEALS,), fields=(f"{DEALS}.stage", f"{DEALS}.close_on")),
        figures=draw_won_by_month,
        leaves_out="Open and lost deals, won deals without a close date, and records gone from the CRM.",
    )
)
