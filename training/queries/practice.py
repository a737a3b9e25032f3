"""What somebody can practise on: their own records, where they need it most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Opportunity
from contacts.models import ContactRole
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Finding
from dataquality.models.matching import Pair

SHOWN = 5


@dataclass(frozen=True)
class Practice:
    """Deals of one's own that nobody is named for, own records that look alike, and own records with a fault."""

    without_role: Sequence[Opportunity]
    duplicates: Sequence[tuple[str, str]]
    faults: int

    @property
    def is_empty(self) -> bool:
        return not (self.without_role or self.duplicates or self.faults)


def practice(person: Person) -> Practice:
    roles = ContactRole.objects.live().filter(opportunity=OuterRef("pk"), contact__isnull=False)
    own = Opportunity.objects.live().filter(owner=person, outcome=Opportunity.Outcome.OPEN)
    return Practice(
        without_role=list(own.filter(~Exists(roles)).order_by("close_on", "pk")[:SHOWN]),
        duplicates=_duplicates(person),
        faults=sum(_faulty(subject.slug, subject.model, person) for subject in subjects.every()),
    )


def _faulty(table: str, model: type, person: Person) -> int:
    open_errors = Finding.objects.filter(table=table, record_id=OuterRef("pk"), state="open", severity="error")
    return int(model.objects.live().filter(owner=person).filter(Exists(open_errors)).count())  # type: ignore[attr-defined]


def _duplicates(person: Person) -> list[tuple[str, str]]:
    """Pairs of one table of which one record is one's own, the likeliest first."""
    found: list[tuple[float, int, str, str]] = []
    for subject in subjects.every():
        mine = subject.model.objects.live().filter(owner=person).order_by().values("pk")
        pairs = Pair.objects.filter(table_a=subject.slug, table_b=F("table_a"), state=Pair.State.OPEN)
        for pair in pairs.filter(Q(a__in=mine) | Q(b__in=mine)).order_by("-probability", "pk")[:SHOWN]:
            names = subject.model.objects.in_bulk([pair.a, pair.b])
            if len(names) == 2:
                found.append((pair.probability, pair.pk, str(names[pair.a]), str(names[pair.b])))
    found.sort(key=lambda one: (-one[0], one[1]))
    return [(first, second) for _probability, _pk, first, second in found[:SHOWN]]
