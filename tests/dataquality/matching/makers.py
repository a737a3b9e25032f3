"""Pairs and clusters as a detection leaves them."""

from __future__ import annotations

from math import log2
from typing import Any

from django.utils import timezone

from benchmarks.matching_data import make_contacts
from dataquality import subjects
from dataquality.models import MatchRun, Membership, Pair
from tests import make

ACCOUNTS = subjects.get("accounts.account")
CONTACTS, LEADS = subjects.get("contacts.contact"), subjects.get("contacts.lead")


def run(table: str = CONTACTS.slug, **more: Any) -> MatchRun:
    now = timezone.now()
    return MatchRun.objects.create(table=table, **{"kind": "full", "started_at": now, "finished_at": now} | more)


def pair(a: Any, b: Any, probability: float = 0.97, **more: Any) -> Pair:
    """Scored by a run; within one table it joins from one half on."""
    one, other = sorted((a, b), key=lambda record: (record._meta.label_lower, record.pk))
    tables = {"table_a": one._meta.label_lower, "table_b": other._meta.label_lower}
    bits = log2(probability / (1 - probability))
    known = {"probability": probability, "weight": bits, "joined": probability >= 0.5}
    made = more.pop("run", None) or run(tables["table_a"])
    return Pair.objects.create(run=made, a=one.pk, b=other.pk, **tables, **known | more)


def cluster(*records: Any) -> int:
    """A stored cluster, called by its oldest record."""
    oldest = min(record.pk for record in records)
    Membership.objects.bulk_create(
        Membership(table=record._meta.label_lower, record_id=record.pk, cluster_id=oldest) for record in records
    )
    return int(oldest)


def clusters(table: str = CONTACTS.slug) -> dict[int, set[int]]:
    """Cluster id to the records in it."""
    found: dict[int, set[int]] = {}
    for record_id, cluster_id in Membership.objects.filter(table=table).values_list("record_id", "cluster_id"):
        found.setdefault(cluster_id, set()).add(record_id)
    return found


def people(*names: str, subject: Any = CONTACTS, source: Any = None) -> list[Any]:
    """Live records of one batch, a full name each."""
    batch = make.batch(source or make.source(), subject)
    return make.records(batch, *({"full_name": name} for name in names))


FIELDS = {
    "first_name": "given_name", "last_name": "family_name", "email": "email", "phone": "phone", "street": "street",
    "city": "city", "postcode": "postcode", "country": "country",
}  # fmt: skip


def made_up(
    rows: int, *, seed: int = 1, subject: Any = CONTACTS, duplicates: float = 0.2
) -> tuple[list[Any], list[int]]:
    """Live records of people with known duplicates, and who each one truly is."""
    made = make_contacts(rows, duplicates=duplicates, seed=seed)
    fields = [{ours: row[theirs] or "" for theirs, ours in FIELDS.items()} for row in made.iter_rows(named=True)]
    return make.records(make.batch(make.source(), subject), *fields), made.get_column("truth").to_list()


def true_pairs(records: list[Any], truth: list[int]) -> set[tuple[int, int]]:
    people: dict[int, list[int]] = {}
    for record, person in zip(records, truth, strict=True):
        people.setdefault(person, []).append(record.pk)
    return {(a, b) for ids in people.values() for a in ids for b in ids if a < b}


def found_pairs(*, joined: bool = True) -> set[tuple[int, int]]:
    pairs = Pair.objects.filter(joined=True) if joined else Pair.objects.all()
    return set(pairs.values_list("a", "b"))


def stands() -> dict[str, Any]:
    """Everything that a detection left, but for the numbers of rows and runs."""
    columns = ("table_a", "a", "table_b", "b", "probability", "weight", "pattern", "joined", "blast_radius", "state")
    return {"pairs": sorted(Pair.objects.values_list(*columns)), "clusters": clusters()}
