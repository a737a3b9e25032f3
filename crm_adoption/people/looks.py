"""The ledger of looks as it is read: one's own lines by name, everybody's as counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.functional import Promise

from crm_adoption.kit import looking
from crm_adoption.people.models import Look, Person

FEWEST = 5  # people a count is told of


def at(person: Person, today: date) -> QuerySet[Look]:
    """Who looked at this person's figures, the newest first, as far back as the ledger is kept."""
    return Look.objects.kept(today).filter(person=person).select_related("viewer").order_by("-last_at", "-pk")


@dataclass(frozen=True)
class Looks:
    """How often one kind of figures was seen in a month; whom and by whom is nowhere in it."""

    month: date
    what: str
    times: int | None  # None where they show fewer than five people
    people: int | None

    @property
    def kind(self) -> str | Promise:
        return looking.name_of(self.what)


def by_month(today: date) -> list[Looks]:
    """Counts alone, the newest month first: a kind that showed fewer than five people in a month has no figure."""
    counted = (
        Look.objects.kept(today)
        .values("what", month=TruncMonth("on"))
        .annotate(n=Sum("times"), people=Count("person", distinct=True))
        .order_by("-month", "what")
    )
    return [
        Looks(row["month"], row["what"], *((row["n"], row["people"]) if row["people"] >= FEWEST else (None, None)))
        for row in counted
    ]
