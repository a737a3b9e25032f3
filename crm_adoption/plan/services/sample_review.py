"""What the sample company's steward has done about duplicates so far: some judged, two merged, and much is left."""

from __future__ import annotations

from datetime import datetime

from accounts.services import compare_sources
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Pair, Source
from dataquality.queries.matching import confirmed_with
from dataquality.services import count_confirmed, matching
from dataquality.services.merging import merge, set_merge_rules

SAME, DIFFERENT, MERGED = 18, 3, 2  # the surest pairs, those in doubt, and groups that were merged
SURE, LIKELY, UNSURE = 0.99, 0.9, 0.6
MASTERED = ("name", "parent", "owner", "phone")  # fields of accounts of which the first CRM is the master


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
    review_accounts(steward, now)


def review_accounts(steward: Person, now: datetime) -> None:
    """Confirm the companies that two CRMs hold, say which of them is master of what, and compare what they say."""
    accounts = subjects.get("accounts.account")
    source_of = dict(accounts.model._default_manager.live().values_list("pk", "source_id"))
    for pair in Pair.objects.open().between(accounts.slug).filter(probability__gte=LIKELY).order_by("pk"):
        if source_of[pair.a] != source_of[pair.b]:
            matching.judge(pair, "same", by=steward, now=now)
    trusted = Source.objects.order_by("pk").values_list("pk", flat=True)
    set_merge_rules(accounts, dict.fromkeys(MASTERED, "source"), sources=list(trusted))
    compare_sources(now)
