"""A table cut into shards: one worker against two, both real processes as `make run` starts them.

    python -m benchmarks.shards [--rows 400000] [--shards 4] [--rounds 3]

Made-up contacts are compared once in one piece, which learns the weights, and their keys are kept. Then the same table
is compared in shards by one bulk worker and by two, in turn; every round begins with workers whose compiled code is
warm. The seconds are those from asking until the joined detection stands, and until the last shard is compared; pairs
must be the same each time. Figures of one run may be compared with each other and with nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("CRM_ADOPTION_VAR", str(Path(__file__).resolve().parents[1] / "var" / "bench-shards"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_adoption.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "0")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

from benchmarks.recovery import end, start, until
from crm_adoption.kit import embedded, processes

TABLE = "contacts.contact"
KINDS = ("detect_duplicates", "detect_shard", "join_shards")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ["MATCH_SHARD_ROWS"] = str(-(-options.rows // options.shards))
    with embedded.hold(broker=True):
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("flush", interactive=False, verbosity=0)
        print(json.dumps(run(options.rows, options.rounds)))


def run(rows: int, rounds: int) -> dict[str, Any]:
    from django.utils import timezone

    from benchmarks._mirror import fill
    from dataquality import subjects
    from dataquality.services import matching

    fill(rows, seed=20_261)
    whole = matching.detect(subjects.get(TABLE), now=timezone.now())
    kept = matching.make_keys(subjects.get(TABLE), whole, now=timezone.now())
    print(f"{rows:,} contacts, {kept:,} keys; in one piece {whole.pairs:,} pairs", flush=True)
    started = [start(processes.beat()), start(processes.worker("interactive")), start(bulk(1))]
    took: dict[int, list[dict[str, float]]] = {1: [], 2: []}
    found = set()
    try:
        asked()  # the first worker compiles, or loads what is compiled
        for _round in range(rounds):
            took[1].append(asked())
            found.add(pairs())
            started.append(start(bulk(2)))
            asked()  # the second one too
            took[2].append(asked())
            found.add(pairs())
            end(started.pop())
    finally:
        for process in started:
            end(process)
    middle = {workers: {name: median(one[name] for one in each) for name in each[0]} for workers, each in took.items()}
    for name in ("compared", "done"):
        one, two = middle[1][name], middle[2][name]
        print(f"{name}: one worker {one:.1f} s, two {two:.1f} s, {one / two:.2f} times as fast")
    print(f"the same pairs each time: {len(found) == 1}")
    return {"rows": rows, "one_piece": whole.stages, "took": took, "same_pairs": len(found) == 1}


def bulk(number: int) -> processes.Process:
    """A bulk worker of its own name."""
    known = processes.worker("bulk")
    arguments = tuple(f"bulk{number}@%h" if one == "bulk@%h" else one for one in known.arguments)
    return replace(known, name=f"{known.name}-{number}", arguments=arguments)


def asked() -> dict[str, float]:
    """Seconds until the last shard was compared, and until the joined detection stood."""
    from crm_adoption.jobs.models import Job
    from crm_adoption.jobs.services import start as start_job
    from dataquality.queries.matching import detection_scope

    last = Job.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    began = time.monotonic()
    start_job("detect_duplicates", scope=detection_scope(TABLE))
    ours = Job.objects.filter(pk__gt=last, kind__in=KINDS)
    until(lambda: ours.filter(kind="join_shards").exists())
    compared = time.monotonic() - began
    until(partial(ours.filter(kind="join_shards", state="done").exists))
    assert not ours.exclude(state="done").exists(), "a job failed; look at the logs of the workers"
    return {"compared": compared, "done": time.monotonic() - began}


def pairs() -> int:
    """A number that stands for the stored pairs and their weights."""
    from dataquality.models import Pair

    return hash(tuple(Pair.objects.order_by("a", "b").values_list("a", "b", "weight", "joined")))


if __name__ == "__main__":
    main()
