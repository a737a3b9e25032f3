"""Customers nobody claims, and customers that cost time and bring nothing (M7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Greatest

from accounts.models import Account, Activity, Opportunity
from crm_adoption.plan.queries.phases import priors
from dataquality.models import Batch

YEAR = timedelta(days=365)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WAYS = ("account", "opportunity__account", "case__account")  # from an activity to its customer
MINUTES = DecimalField(max_digits=14, decimal_places=2)


def known_at(now: datetime, table: str = "accounts.activity") -> datetime | None:
    """When the newest export of a table that was applied until then had been taken; what came later nobody knows."""
    at: datetime | None = (
        Batch.objects.applied().filter(table=table, taken_at__lte=now).aggregate(at=Max("taken_at"))["at"]
    )
    return at


@dataclass(frozen=True)
class Since:
    """The day up to which activities are known, and the moments from which on they count."""

    until: datetime
    seen_after: datetime
    year_after: datetime
    days: int


def since(now: datetime) -> Since | None:
    """None before any export of activities was applied: of nobody could be said that nobody saw to them."""
    until = known_at(now)
    if until is None:
        return None
    days = int(priors().unclaimed_after_days)
    return Since(until, until - timedelta(days=days), until - YEAR, days)


def looked_at(when: Since) -> QuerySet[Account]:
    """Live customers with `owned`, `seen` and `unprofitable`, each told by the mirror.

    Owned: by somebody who is here. Seen: an activity on the account or on a deal or case of it, a touch the CRM tells
    of, or an entry not older than that. Unprofitable: minutes were spent on it in a year, nothing was won in that year,
    and nothing is open.
    """
    acts = Activity.objects.live().filter(happened_at__lte=when.until)
    seen = acts.filter(happened_at__gt=when.seen_after)
    spent = acts.filter(happened_at__gt=when.year_after, minutes__gt=0)
    deals = Opportunity.objects.live().filter(account=OuterRef("pk"))
    won = deals.filter(outcome=Opportunity.Outcome.WON, close_on__gt=when.year_after.date(), amount__gt=0)
    open_ = deals.filter(outcome=Opportunity.Outcome.OPEN)
    lately = Q(last_touched_at__isnull=False, last_touched_at__gt=when.seen_after)
    lately |= Q(created_at__isnull=False, created_at__gt=when.seen_after)
    flag = BooleanField()
    found: QuerySet[Account] = Account.objects.live().annotate(
        owned=ExpressionWrapper(Q(owner__isnull=False, owner__left_on=None), flag),
        seen=ExpressionWrapper(_any(seen) | lately, flag),
        unprofitable=ExpressionWrapper(_any(spent) & ~Exists(won) & ~Exists(open_), flag),
    )
    return found


def _any(acts: QuerySet[Activity]) -> Any:
    """An activity on the account itself, on a deal of it, or on a case of it."""
    found = [Exists(acts.filter(**{way: OuterRef("pk")})) for way in WAYS]
    return Q(found[0]) | Q(found[1]) | Q(found[2])


UNCLAIMED = Q(owned=False) | Q(seen=False)
WHY: dict[str, Q] = {
    "unclaimed": UNCLAIMED,
    "unowned": Q(owned=False),
    "unseen": Q(seen=False),
    "unprofitable": Q(unprofitable=True),
}


def to_look_at(when: Since | None) -> QuerySet[Account]:
    """Customers that are unclaimed or unprofitable, each with its last activity and the minutes of a year.

    None of them where nobody can say since when; they may be filtered all the same.
    """
    if when is None:
        return to_look_at(Since(EPOCH, EPOCH, EPOCH, 0)).none()
    acts = Activity.objects.live().filter(happened_at__lte=when.until).order_by()
    last = [_of(acts, way, Max("happened_at")) for way in WAYS]
    year = acts.filter(happened_at__gt=when.year_after)
    nought = Value(0, MINUTES)
    minutes = [Coalesce(_of(year, way, Sum("minutes")), nought, output_field=MINUTES) for way in WAYS]
    found: QuerySet[Account] = looked_at(when).filter(UNCLAIMED | WHY["unprofitable"])
    return found.select_related("owner", "source").annotate(
        last_activity=Greatest(*last), minutes=minutes[0] + minutes[1] + minutes[2]
    )


def _of(acts: QuerySet[Activity], way: str, what: Max | Sum) -> Subquery:
    """One figure of the activities that lead to an account by one way."""
    mine = acts.filter(**{way: OuterRef("pk")}).annotate(customer=F(way)).values("customer")
    return Subquery(mine.annotate(figure=what).values("figure"))


@dataclass(frozen=True)
class Unclaimed:
    """How many live customers there are, and how many of them are what."""

    all: int
    unclaimed: int
    unowned: int
    unseen: int
    unprofitable: int


def unclaimed(when: Since) -> Unclaimed:
    from_mirror = looked_at(when)
    return Unclaimed(
        Account.objects.live().count(),
        *(from_mirror.filter(WHY[why]).count() for why in ("unclaimed", "unowned", "unseen", "unprofitable")),
    )
