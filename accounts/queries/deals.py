"""What the pages and the reports want to know of the deals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import CharField, Count, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, TruncMonth

from accounts.models import Opportunity
from dataquality.models import Source

WHO = Coalesce("owner__name", Cast("owner_ref", CharField()))  # an owner we know, else as the CRM writes it


@dataclass(frozen=True)
class Share:
    """Open deals of one stage, one owner and one currency."""

    stage: str
    owner: str
    team: str
    currency: str
    n: int
    amount: Decimal | None


@dataclass(frozen=True)
class Month:
    """Deals won in one month in one currency."""

    month: date
    currency: str
    n: int
    amount: Decimal | None


def live_deals(source: Source | None) -> QuerySet[Opportunity]:
    deals = Opportunity.objects.live()
    return deals.filter(source=source) if source else deals


def pipeline(source: Source | None = None) -> list[Share]:
    """The open deals by stage, owner and currency; an owner whom we do not know goes by the text of the CRM."""
    rows = (
        live_deals(source)
        .filter(outcome=Opportunity.Outcome.OPEN)
        .order_by()
        .values("stage", "currency", team=Coalesce("owner__team__name", Value("")), who=WHO)
        .annotate(n=Count("pk"), total=Sum("amount"))
        .order_by("who", "stage", "currency")
        .values_list("stage", "who", "team", "currency", "n", "total")
    )
    return [Share(*row) for row in rows]


def won_by_month(source: Source | None = None) -> list[Month]:
    """Won deals by the month they closed in, and currency; those without a close date are not counted."""
    rows = (
        live_deals(source)
        .filter(outcome=Opportunity.Outcome.WON, close_on__isnull=False)
        .order_by()
        .annotate(month=TruncMonth("close_on"))
        .values("month", "currency")
        .annotate(n=Count("pk"), total=Sum("amount"))
        .order_by("month", "currency")
        .values_list("month", "currency", "n", "total")
    )
    return [Month(*row) for row in rows]


def won_without_a_day(source: Source | None = None) -> int:
    return live_deals(source).filter(outcome=Opportunity.Outcome.WON, close_on=None).count()
