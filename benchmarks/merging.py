"""Merges and undos of random overlapping clusters by several threads at once, and what must hold all the while.

    python -m benchmarks.merging [--operations 10000] [--threads 8] [--contacts 300]

Each thread merges a random cluster of two to four contacts or undoes a random standing merge. An operation succeeds or
is refused in a sentence; anything else is counted as an error. Operations of one table come one after the other, so
`ms_a_turn` says what one holds the others up. Nobody may be in two survivors, nothing may lead in a
circle, no row is lost, and every undo that nothing came between gives back the fingerprint of the cluster before. At
the end all merges are undone: the store must be, row by row, what it was. Figures of one run may be compared with each
other and with nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("CRM_ADOPTION_VAR", str(Path(__file__).resolve().parents[1] / "var" / "bench-merging"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_adoption.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

from crm_adoption.kit import embedded

TABLE = "contacts.contact"
UNDO = 0.45  # share of operations that undo


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--contacts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with embedded.hold(broker=False):
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("flush", interactive=False, verbosity=0)
        from tests import oracle

        made = people(options.contacts)
        from django.db import connection

        stood = oracle.check(connection)
        said = run(made, options.operations, options.threads, options.seed)
        said["breaches"] = [each for each in oracle.check(connection) if each not in stood]
        said |= undo_all(made)
    print(json.dumps(said, indent=1))


def people(n: int) -> list[int]:
    """Contacts with a role, a lead and some fields each, so that values and children have to move."""
    from django.utils import timezone

    from contacts.models import Contact, ContactRole
    from dataquality.models import Batch, Source

    source, _new = Source.objects.get_or_create(name="Benchmark")
    batch = Batch.objects.create(
        source=source, table=TABLE, file_name="made.csv", sha256="0" * 64, size=1, taken_at=timezone.now(),
        state="applied", applied_at=timezone.now(),
    )  # fmt: skip
    known = {"source": source, "first_batch": batch, "last_batch": batch}
    contacts = Contact.objects.bulk_create(
        Contact(
            external_id=f"C-{i}", full_name=f"Person {i % 40}" + " Jr" * (i % 3), email=f"p{i % 50}@x.example",
            phone=f"+4940{i:06}" if i % 2 else "", city="Hamburg" if i % 3 else "", **known,
        )
        for i in range(n)
    )  # fmt: skip
    ContactRole.objects.bulk_create(
        ContactRole(external_id=f"R-{i}", contact=contact, contact_ref=contact.external_id, **known)
        for i, contact in enumerate(contacts)
    )
    batch.counts = {"new": n}
    Batch.objects.filter(pk=batch.pk).update(counts={"new": 2 * n})
    return [contact.pk for contact in contacts]


def run(made: list[int], operations: int, threads: int, seed: int) -> dict[str, Any]:
    """The operations, shared among the threads; how they ended, and how long one took."""
    from django.db import connection

    from contacts.models import Contact, ContactRole

    ended: Counter[str] = Counter()
    took: dict[str, list[float]] = {}
    lock = threading.Lock()

    def work(number: int) -> None:
        chance = random.Random(seed * 1000 + number)
        try:
            for _turn in range(operations // threads):
                began = time.perf_counter()
                end = one(made, chance)
                with lock:
                    ended[end] += 1
                    took.setdefault(end, []).append(time.perf_counter() - began)
        finally:
            connection.close()

    before = (Contact.objects.count(), ContactRole.objects.count())
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    seconds = time.perf_counter() - began
    return {
        "operations": sum(ended.values()), "threads": threads, "ended": dict(ended), "seconds": round(seconds, 1),
        "ms_a_turn": round(seconds * 1000 / sum(ended.values()), 2),
        "merge": spread(took.get("merge done", [])), "undo": spread(took.get("undo done", [])),
        "rows_lost": sum(before) - Contact.objects.count() - ContactRole.objects.count(),
    }  # fmt: skip


def spread(seconds: list[float]) -> dict[str, float]:
    """Milliseconds of one, waiting for the others' turns included."""
    ordered = sorted(seconds)
    if not ordered:
        return {}
    return {"p50_ms": round(median(ordered) * 1000, 1), "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000, 1)}


def one(made: list[int], chance: random.Random) -> str:
    """One merge or undo; what it came to."""
    from django.utils import timezone

    from crm_adoption.kit.errors import Refusal
    from dataquality import subjects
    from dataquality.models import Merge
    from dataquality.services.merging import merge, undo

    def undoing() -> None:
        standing = list(Merge.objects.standing().values_list("pk", flat=True)[:200])
        if standing:
            undo(Merge.objects.get(pk=chance.choice(standing)), by=None, now=timezone.now())

    def merging() -> None:
        ids = chance.sample(made, chance.choice((2, 2, 3, 4)))
        merge(subjects.get(TABLE), ids, survivor=chance.choice([None, ids[0]]), by=None, now=timezone.now())

    name, act = ("undo", undoing) if chance.random() < UNDO else ("merge", merging)
    return _ended(name, act, Refusal)


def _ended(name: str, act: Callable[[], None], refusal: type[Any]) -> str:
    try:
        act()
    except refusal as refused:
        return f"{name} refused: {refused.code}"
    except Exception as error:
        return f"{name} ERROR: {type(error).__name__} {str(error)[:120]}"
    return f"{name} done"


def undo_all(made: list[int]) -> dict[str, Any]:
    """Undo what still stands, the last first; every fingerprint must be that of before."""
    from django.utils import timezone

    from contacts.models import Contact
    from dataquality import subjects
    from dataquality.models import Correction, Merge
    from dataquality.services.merging import undo
    from dataquality.services.merging.journal import fingerprint

    subject, unequal = subjects.get(TABLE), 0
    standing = list(Merge.objects.standing().order_by("-pk"))
    for each in standing:
        undo(each, by=None, now=timezone.now())
        unequal += fingerprint(subject, each.members) != each.before
    return {
        "undone_at_the_end": len(standing), "fingerprints_unequal": unequal,
        "live_again": Contact.objects.filter(state="live").count() == len(made),
        "corrections_left": Correction.objects.count(), "merges": Merge.objects.count(),
    }  # fmt: skip


if __name__ == "__main__":
    main()
