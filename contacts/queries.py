"""What the pages and the reports want to know of the people at customers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.models import Opportunity
from accounts.queries import live_deals
from contacts.models import Contact, ContactRole, Lead, LifecyclePolicy
from crm_adoption.people.models import Person
from dataquality.models import Source


@dataclass(frozen=True)
class Coverage:
    """Open deals, and those of them on which at least one contact has a role; `people` own them."""

    name: str
    people: int
    deals: int
    covered: int

    @property
    def rate(self) -> float | None:
        return self.covered / self.deals if self.deals else None


def open_deals(source: Source | None) -> QuerySet[Opportunity]:
    """Open deals, each with whether a live contact role is on it."""
    roles = ContactRole.objects.live().filter(opportunity=OuterRef("pk"))
    return live_deals(source).filter(outcome=Opportunity.Outcome.OPEN).annotate(covered=Exists(roles))


def coverage(source: Source | None = None) -> Coverage:
    found = open_deals(source).aggregate(n=Count("pk"), on=Count("pk", filter=Q(covered=True)))
    return Coverage("", 0, found["n"], found["on"])


def coverage_by_team(source: Source | None = None) -> list[Coverage]:
    """By the owner's team, in the order of names; "" are the deals whose owner has none."""
    rows = (
        open_deals(source)
        .order_by()
        .values(team=Coalesce("owner__team__name", Value("")))
        .annotate(people=Count("owner", distinct=True), n=Count("pk"), on=Count("pk", filter=Q(covered=True)))
        .order_by("team")
    )
    return [Coverage(row["team"], row["people"], row["n"], row["on"]) for row in rows]


def coverage_of(owner: Person, source: Source | None = None) -> Coverage:
    """One's own deals, for nobody else to see."""
    own = open_deals(source).filter(owner=owner)
    found = own.aggregate(n=Count("pk"), on=Count("pk", filter=Q(covered=True)))
    return Coverage(owner.name, 1, found["n"], found["on"])


def ruled_exits() -> tuple[int, int] | None:
    """Of the six ways out of the data, those that say what tells them and who answers for them; None before any is
    written down."""
    if not LifecyclePolicy.objects.exists():
        return None
    ruled = LifecyclePolicy.objects.exclude(rule="").filter(owner__isnull=False, owner__left_on=None)
    return ruled.count(), len(LifecyclePolicy.Trigger)


def due_exits(trigger: LifecyclePolicy.Trigger) -> int:
    """Live records that should have left by this way, as far as the mirror tells."""
    Standing, Trigger = Contact.Standing, LifecyclePolicy.Trigger
    if trigger is Trigger.CLOSED:
        return int(Contact.objects.live().exclude(account=None).exclude(account__state="live").count())
    if trigger is Trigger.UNQUALIFIED:
        unqualified = Lead.objects.live().filter(status__iregex=r"^(dis|un)qualified")
        return int(unqualified.count() + Contact.objects.live().filter(standing=Standing.UNQUALIFIED).count())
    standings = {
        Trigger.LEFT: (Standing.LEFT,), Trigger.DECEASED: (Standing.DECEASED,), Trigger.LOST: (Standing.LOST,),
        Trigger.SILENT: (Standing.UNRESPONSIVE, Standing.HOSTILE),
    }[trigger]  # fmt: skip
    return int(Contact.objects.live().filter(standing__in=standings).count())
