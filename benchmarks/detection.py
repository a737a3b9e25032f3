"""Detection from PostgreSQL to pairs in PostgreSQL, among changes alone, and the check of one record over HTTP.

    python -m benchmarks.detection [--rows 100000] [--changed 0.01] [--checks 300]

Made-up contacts with 15 % duplicates, in a store of their own. The first run warms compiled code and is told apart. The
incremental run is compared with a full run over the same records, and so are its seconds: with detection alone, and
with detection and the keeping of its keys, which a run among changes keeps up as well; recall of the check is over true
duplicates: their own record is left out and the other one must be among the answers. Figures of one run may be compared
with each other and with nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import time
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

os.environ.setdefault("CRM_ADOPTION_VAR", str(Path(__file__).resolve().parents[1] / "var" / "bench-detection"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_adoption.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "0")
os.environ.setdefault("API_RATE", "1000000/min")  # the limit is asked for, and never reached
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

from crm_adoption.kit import embedded

TABLE = "contacts.contact"
DOOR = ('"session"', '"person"', "django_session", "people_", "known_tokens", "count_caller")  # of any request
ENGINE = ("standardise", "read", "block", "compare", "weigh", "cluster")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--changed", type=float, default=0.01)
    parser.add_argument("--checks", type=int, default=300)
    options = parser.parse_args()
    with embedded.hold(broker=False):
        django.setup()
        from django.core.management import call_command

        import dataquality.tasks  # noqa: F401 - what a worker has loaded before its first job
        from crm_adoption.kit.memory import keep_loaded

        keep_loaded()  # as a worker does

        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("flush", interactive=False, verbosity=0)
        run(options.rows, options.changed, options.checks)


def run(rows: int, changed: float, checks: int) -> None:
    from benchmarks._mirror import fill
    from dataquality import subjects
    from dataquality.services import matching

    subject = subjects.get(TABLE)
    truth = fill(rows, seed=20_261)
    said: dict[str, Any] = {"rows": rows}
    for name in ("cold", "warm"):
        forget()
        said[name] = timed(subject)
    engine = said["warm"]["engine"]
    whole = said["warm"]["seconds"]
    print(f"{rows:,} contacts: {whole:.2f} s from the store to pairs in it; the engine alone {engine:.2f} s, so "
          f"{whole / engine:.2f} times its own time (target: at most 2)")  # fmt: skip
    run_ = last()
    began = time.perf_counter()
    kept = matching.make_keys(subject, run_, now=moment())
    said["keys"] = {"seconds": time.perf_counter() - began, "keys": kept}
    print(f"{kept:,} keys kept in {said['keys']['seconds']:.2f} s")
    said["changes"] = incremental(subject, changed, said["warm"]["seconds"], said["keys"]["seconds"])
    said["check"] = check(truth, checks)
    said["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak {said['peak_mb']:,} MB")
    print(json.dumps(said))


def timed(subject: Any, kind: str = "full") -> dict[str, Any]:
    from dataquality.services import matching

    began = time.perf_counter()
    made = matching.detect(subject, kind=kind, now=moment())
    seconds = time.perf_counter() - began
    engine = sum(made.stages.get(stage, 0.0) for stage in ENGINE)
    return {"seconds": seconds, "engine": engine, "stages": made.stages, "pairs": made.pairs, "kind": made.kind}


def incremental(subject: Any, share: float, full_seconds: float, key_seconds: float) -> dict[str, Any]:
    """Every so many records get a typing error; what changes alone find is compared with a full run.

    A worker and its store live long, so a run over as many others warms both first.
    """
    step = round(1 / share)
    wear(step, 53)
    timed(subject, "changes")
    wear(step, 3)
    changes = timed(subject, "changes")
    found = pairs()
    full = timed(subject)
    again = pairs()
    jaccard = len(found & again) / len(found | again)
    of_all = changes["seconds"] / (full_seconds + key_seconds)
    print(f"{share:.1%} changed: {changes['seconds']:.2f} s, {of_all:.3f} of a full run with its keys and "
          f"{changes['seconds'] / full_seconds:.3f} of detection alone (target: at most 0.1); pairs as a full run's, "
          f"Jaccard {jaccard:.4f} (target: at least 0.99)")  # fmt: skip
    print("  " + ", ".join(f"{stage} {taken:.2f} s" for stage, taken in changes["stages"].items()))
    of_detection = changes["seconds"] / full_seconds
    return {**changes, "of_full": of_all, "of_detection": of_detection, "jaccard": jaccard, "full": full["seconds"]}


def wear(step: int, place: int) -> None:
    from dataquality.statements import execute

    execute(
        "UPDATE contacts_contact SET phone = left(phone, -1) || '7', family_name = family_name || 'n'"
        f" WHERE id %% {step} = {place}"
    )


def check(truth: Any, checks: int) -> dict[str, Any]:
    """HTTP to HTTP through the whole of the web process, and the store's part of it: by a token, and signed in.

    The store is as after a day of work: it has tidied up after the runs, and read its tables once.
    """
    from django.test import Client

    from contacts.models import Contact
    from crm_adoption.people.models import ApiToken, Person
    from dataquality.statements import execute, fetch

    person = Person.objects.create_superuser("bench@company.example", "nobody knows it", name="Bench")
    signed_in = Client(headers={"host": "localhost"})
    signed_in.post("/sign-in/", {"login": person.email, "password": "nobody knows it"})
    scopes = ["read", "import"]
    _token, text = ApiToken.objects.create(user=person, name="bench", expiry=timedelta(days=1), scopes=scopes)
    doors = {"token": Client(headers={"host": "localhost", "authorization": f"Token {text}"}), "session": signed_in}
    execute("VACUUM (ANALYZE)")
    execute("CHECKPOINT")
    fetch("SELECT count(length(email)) FROM contacts_contact")
    groups = [list(ids) for ids in truth.group_by("truth", maintain_order=True).agg("record_id")["record_id"]]
    chance = random.Random(5)
    kinds = {
        "a duplicate": chance.sample([ids for ids in groups if len(ids) > 1], checks),
        "somebody new": chance.sample([ids for ids in groups if len(ids) == 1], checks),
    }
    own = ("given_name", "family_name", "email", "phone", "street", "city", "postcode", "country", "job_title")
    fields = {name: name for name in own} | {"account": "account_ref"}
    said: dict[str, Any] = {}
    empty: list[float] = []  # what any question costs here at this hour, asked between the checks
    for kind, chosen in kinds.items():
        taken: dict[str, list[tuple[float, float, float]]] = {door: [] for door in doors}
        hits = 0
        for turn, ids in enumerate(chosen):
            record = Contact.objects.get(pk=ids[-1])
            Contact.objects.filter(pk=record.pk).update(state="archived")
            body = json.dumps({field: getattr(record, column) for field, column in fields.items()})
            for door in sorted(doors, reverse=bool(turn % 2)):  # the second finds the pages of the first at hand
                answer, seconds = asked(doors[door], body)
                taken[door].append(seconds)
            hits += bool({one["record_id"] for one in answer.json()["duplicates"]} & set(ids[:-1]))
            Contact.objects.filter(pk=record.pk).update(state="live")
            began = time.perf_counter()
            fetch("SELECT 1")
            empty.append(1000 * (time.perf_counter() - began))
        for door, each in taken.items():
            http, store, of_check = ([1000 * one for one in column] for column in zip(*each[10:], strict=True))
            p95, store95, own95 = (quantiles(part, n=20)[-1] for part in (http, store, of_check))
            print(f"check of {kind}, by {door}: p50 {median(http):.1f} ms, p95 {p95:.1f} ms (target: at most 25), the "
                  f"store p50 {median(store):.1f} ms, p95 {store95:.1f} ms (target: at most 3), without who asks and "
                  f"how often p95 {own95:.1f} ms")  # fmt: skip
            said[f"{kind}, by {door}"] = {
                "p50_ms": median(http), "p95_ms": p95, "store_p95_ms": store95, "own_p95_ms": own95,
            }  # fmt: skip
        if kind == "a duplicate":
            said["recall"] = hits / len(chosen)
            print(f"{said['recall']:.1%} of {len(chosen)} true duplicates found (target: 95 %)")
    said["empty"] = {"p50_ms": median(empty), "p95_ms": quantiles(empty, n=20)[-1]}
    print("an empty question beside them: p50 {p50_ms:.2f} ms, p95 {p95_ms:.2f} ms".format(**said["empty"]))
    return said


def asked(client: Any, body: str) -> tuple[Any, tuple[float, float, float]]:
    """The answer, and its seconds: all of them, those of the store, and those of what the check itself asks there."""
    from django.db import connection

    store: list[tuple[bool, float]] = []

    def spent(execute: Any, sql: str, *args: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, *args)
        finally:
            store.append((any(name in sql for name in DOOR), time.perf_counter() - began))

    with connection.execute_wrapper(spent):
        began = time.perf_counter()
        answer = client.post("/api/v1/contacts/check/", body, content_type="application/json")
        seconds = time.perf_counter() - began
    assert answer.status_code == 200, answer.content
    return answer, (seconds, sum(one for _door, one in store), sum(one for door, one in store if not door))


def pairs() -> set[tuple[int, int]]:
    from dataquality.models import Pair

    return set(Pair.objects.filter(table_a=TABLE, table_b=TABLE).values_list("a", "b"))


def forget() -> None:
    """As before the first run: deleted rows would leave their pages behind."""
    from dataquality.models import MatchRun
    from dataquality.statements import execute

    execute("TRUNCATE dataquality_pair, dataquality_membership CASCADE")
    MatchRun.objects.all().delete()


def last() -> Any:
    from dataquality.queries.matching import last_run

    return last_run(TABLE)


def moment() -> Any:
    from django.utils import timezone

    return timezone.now()


if __name__ == "__main__":
    main()
