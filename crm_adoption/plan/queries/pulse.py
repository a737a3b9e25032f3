"""What pulses say: means of five answers or more, never fewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Avg, Count
from django.utils import timezone

from crm_adoption.people.models import Person
from crm_adoption.plan.models import Pulse, PulseAnswer, PulseItem, PulseTicket
from crm_adoption.plan.queries.standing import constants


@dataclass(frozen=True)
class ItemResult:
    """One sentence: its mean, or none while fewer answered than may be shown, and the mean of the pulse before."""

    item: PulseItem
    n: int
    mean: float | None
    before: float | None


def results(pulse: Pulse) -> list[ItemResult]:
    least = constants().claims_shown_from
    now = _means(pulse)
    earlier = Pulse.objects.filter(closes_on__lt=pulse.opens_on).order_by("-closes_on").first()
    before = _means(earlier) if earlier else {}

    def shown(row: tuple[int, float] | None) -> float | None:
        return row[1] if row and row[0] >= least else None

    return [
        ItemResult(item, now.get(item.slug, (0, 0.0))[0], shown(now.get(item.slug)), shown(before.get(item.slug)))
        for item in pulse.items.all()
    ]


def _means(pulse: Pulse) -> dict[str, tuple[int, float]]:
    rows = PulseAnswer.objects.filter(item__pulse=pulse).values_list("item__slug").annotate(Count("pk"), Avg("score"))
    return {slug: (n, mean) for slug, n, mean in rows}


def results_by_group(pulse: Pulse, field: str) -> list[tuple[str, int, float | None]]:
    """Team or job role (`field`), people who answered at least, and their mean over all sentences; from five on."""
    least = constants().claims_shown_from
    rows = (
        PulseAnswer.objects.filter(item__pulse=pulse, **{f"{field}__isnull": False})
        .values_list(f"{field}__name", "item")
        .annotate(n=Count("pk"), mean=Avg("score"))
    )
    groups: dict[str, list[tuple[int, float]]] = {}
    for name, _item, n, mean in rows:
        groups.setdefault(name, []).append((n, mean))
    found: list[tuple[str, int, float | None]] = []
    for name, cells in sorted(groups.items()):
        people = min(n for n, _mean in cells)  # answers are not people: the least answered sentence decides
        total = sum(n for n, _mean in cells)
        found.append((name, people, sum(n * mean for n, mean in cells) / total if people >= least else None))
    return found


def open_for(person: Person, today: date) -> Pulse | None:
    """The pulse this person is asked and has not answered."""
    ticket = (
        PulseTicket.objects.filter(person=person, used=False, pulse__opens_on__lte=today, pulse__closes_on__gte=today)
        .select_related("pulse")
        .first()
    )
    return ticket.pulse if ticket else None


def reach(pulse: Pulse) -> tuple[int, int]:
    """How many answered, of how many asked."""
    asked = PulseTicket.objects.filter(pulse=pulse)
    return asked.filter(used=True).count(), asked.count()


def latest(slug: str, today: date) -> tuple[float, int, date] | None:
    """Mean and number of answers to one sentence in the newest pulse that is over and has enough of them."""
    least = constants().claims_shown_from
    for pulse in Pulse.objects.filter(closes_on__lt=today).order_by("-closes_on"):
        n, mean = _means(pulse).get(slug, (0, 0.0))
        if n >= least:
            return mean, n, pulse.closes_on
    return None


def start_of(day: date) -> datetime:
    """The moment a day begins, here."""
    return timezone.make_aware(datetime.combine(day, time()))
