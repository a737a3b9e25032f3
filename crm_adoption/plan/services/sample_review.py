"""What the sample company's steward has done about duplicates so far: some judged, two merged, and much is left."""

from __future__ import annotations

from datetime import datetime

from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Pair
from dataquality.queries.matching import confirmed_with
from dataquality.services import count_confirmed, matching
from dataquality.services.merging import merge

SAME, DIFFERENT, MERGED = 18, 3, 2  # the surest pairs, those in doubt, and groups that were merged
SURE, UNSURE = 0.99, 0.6


def review_duplicates(steward: Person, now: datetime) -> None:
    """Call the surest pairs of contacts the same and the doubtful ones different, and merge the first two groups."""
    contacts = subjects.get("contacts.contact")
    pairs = Pair.objects.open().between(contacts.slug)
    same = list(pairs.filter(probability__gte=SURE).order_by("-probability", "pk")[:SAME])
    for pair in same:
        matching.judge(pair, "same", by=steward, now=now)
    doubtful = pairs.filter(probability__lt=UNSURE).order_by("-probability", "pk")
    for pair in doubtful[:DIFFERENT]:
        matching.judge(pair, "different", by=steward, now=now, reason="Asked both: two people.")
    rest = doubtful.exclude(state=Pair.State.DIFFERENT).first()
    if rest is not None:
        matching.postpone(rest, by=steward, now=now)
    records = contacts.model._default_manager
    groups = dict.fromkeys(confirmed_with(records.get(pk=pair.a)) for pair in same)
    for group in list(groups)[:MERGED]:
        merge(contacts, group, by=steward, now=now, reason="The same desk, asked by phone.")
    count_confirmed(contacts, now=now)
