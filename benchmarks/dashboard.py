"""The first pages of the plan over years of nightly readings for a company of 500, in one run on one machine.

    python -m benchmarks.dashboard [--days 1095] [--people 500] [--again]

Loads the sample company into a store of its own, asks each page, then writes down what the years would have left: a
reading of every check and a score of every table and field a night, claims, pulses, voices, messages, completions,
forecasts and jobs. Asks the pages again and prints medians, the slowest, queries, and how many times the first median
the second is. `--again` asks the pages of the store that the last run left. Figures of one run may be compared with
each other and with nothing else.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("CRM_ADOPTION_VAR", str(Path(__file__).resolve().parents[1] / "var" / "bench-dashboard"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_adoption.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "0")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

from benchmarks._processor import processor
from benchmarks._years import Years
from crm_adoption.kit import embedded

ASKED = 15  # times a page is asked for, after two that are not counted
TARGET = 200  # milliseconds, of the median
BACKEND = "crm_adoption.people.signed_in.SignedIn"


@dataclass(frozen=True)
class Page:
    name: str
    address: str
    group: str


@dataclass(frozen=True)
class Asked:
    median: float  # milliseconds
    slowest: float
    processor: float  # of our process and of the server's, the mean
    queries: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=1095)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--again", action="store_true")
    options = parser.parse_args()
    with embedded.hold(broker=False):
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        if options.again:
            report(every_page(), {})
        else:
            call_command("flush", interactive=False, verbosity=0)
            run(options.days, options.people)


def run(days: int, people: int) -> None:
    from django.utils import timezone

    from crm_adoption.plan.services.sample_data import load_sample

    now, began = timezone.now(), time.perf_counter()
    applied = load_sample(now)
    print(f"the sample company: {applied} exports in {time.perf_counter() - began:.0f} s", flush=True)
    pages = every_page()
    before = {page.name: ask(page) for page in pages}
    began = time.perf_counter()
    years = Years(now, days, people)
    years.write()
    print(f"{days:,} nights written in {time.perf_counter() - began:.0f} s")
    print("  " + ", ".join(f"{n:,} {what}" for what, n in years.written.items()), flush=True)
    report(pages, before)


def report(pages: list[Page], before: Mapping[str, Asked]) -> None:
    missed = []
    for page in pages:
        asked, then = ask(page), before.get(page.name)
        line = f"  {page.name:<26} median {asked.median:>5.0f} ms, slowest {asked.slowest:>5.0f} ms,"
        line += f" {asked.processor:>4.0f} ms of processor,"
        line += f" {asked.queries:>3} queries"
        if then is not None:
            line += f"; {asked.median / then.median:.1f} times the sample alone ({then.median:.0f} ms)"
        print(line, flush=True)
        if asked.median >= TARGET:
            missed.append(page.name)
    print(f"target of {TARGET} ms at the median: " + ("missed by " + ", ".join(missed) if missed else "met by all"))


def every_page() -> list[Page]:
    from crm_adoption.kit.access import CHAMPION, END_USER, LEAD, SPONSOR, TRAINER
    from crm_adoption.plan.models import Phase

    waiting = Phase.objects.filter(state=Phase.State.APPROVED).earliest("pk")
    return [
        Page("home of the lead", "/", LEAD),
        Page("home of an end-user", "/", END_USER),
        Page("the ten ingredients", "/ingredients/", LEAD),
        Page("one ingredient", "/ingredients/data-quality/", LEAD),
        Page("risk, next best action", "/risk/", LEAD),
        Page("phases", "/phases/", LEAD),
        Page("one phase, its gate", waiting.get_absolute_url(), LEAD),
        Page("the sponsor's page", "/sponsor/", SPONSOR),
        Page("messages", "/messages/", LEAD),
        Page("feedback", "/feedback/", CHAMPION),
        Page("for me", "/for-me/", END_USER),
        Page("training, the trainer", "/training/", TRAINER),
        Page("my training", "/my-training/", END_USER),
    ]


def ask(page: Page) -> Asked:
    """The whole way through the middleware, as somebody of its group who is of the sample company."""
    from django.db import connection
    from django.test import Client

    from crm_adoption.people.models import Person

    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.filter(groups__name=page.group).earliest("pk"), backend=BACKEND)
    queries: list[str] = []

    def count(execute: Callable[..., Any], statement: str, *more: Any) -> Any:
        queries.append(statement)
        return execute(statement, *more)

    client.get(page.address)
    with connection.execute_wrapper(count):
        answer = client.get(page.address)
    assert answer.status_code == 200, (page.address, answer.status_code)
    taken, worked = [], processor()
    for _time in range(ASKED):
        began = time.perf_counter()
        client.get(page.address)
        taken.append((time.perf_counter() - began) * 1000)
    return Asked(median(taken), max(taken), (processor() - worked) * 1000 / ASKED, len(queries))


if __name__ == "__main__":
    main()
