"""Intake of a million contacts beside a bare COPY and beside django-import-export, in one run on one machine.

    python -m benchmarks.intake [--rows 1000000] [--slice 20000]

The contacts have twelve columns and point at 50,000 accounts that are not imported. Prints rows per second, peak memory
of the working process and of the reader, the median answer of the list pages and the scoreboard over those rows, and
three ratios: to a bare COPY of the same rows into the same table with its indexes, and to django-import-export row by
row and in bulk on a slice (that needs the dependency group `bench`). Figures of one run may be compared with each other
and with nothing else.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("CRM_ADOPTION_VAR", str(Path(__file__).resolve().parents[1] / "var" / "bench"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_adoption.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "0")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

from benchmarks._contacts import FIELDS, HEADINGS, write_file
from benchmarks._processor import processor
from crm_adoption.kit import embedded

PAGES = (
    "/scoreboard/",
    "/tables/contacts.contact/",
    "/records/contacts.contact/",
    "/records/contacts.contact/?sort=external_id",
    "/records/contacts.contact/?wrong=true&state=live",
    "/records/contacts.contact/?field=phone&code=phone_invalid",
    "/records/contacts.contact/?q=C0005",
    "/findings/",
    "/findings/?state=open&severity=error",
    "/search/?q=C0005",
)
ASKED = 9  # times a page is asked for
COPIED = 3  # times the bare COPY is run
BARE = "bare COPY into the same table with its indexes"
Seconds = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--slice", type=int, default=20_000)
    options = parser.parse_args()
    with embedded.hold(broker=False):
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        run(options.rows, options.slice)


def run(rows: int, part: int) -> None:
    from dataquality.models import Source

    folder = embedded.var_dir() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    first, second = folder / f"{rows}.csv", folder / f"{rows}-changed.csv"
    for path, share in ((first, 0.0), (second, 0.01)):
        if not path.exists():
            write_file(path, rows, changed_share=share)
    clear()
    source, _ = Source.objects.get_or_create(name="benchmark")
    print(f"{rows:,} contacts, {len(HEADINGS)} columns, {first.stat().st_size / 1e6:.0f} MB")
    seconds: Seconds = {}
    reader = 0.0
    for label, path in (("first", first), ("again, 1 % changed", second)):
        reader = max(reader, take_in(source, path, label, rows, seconds))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory: {own:,.0f} MB the working process, {reader:,.0f} MB the reader")
    ask_pages()
    copy_bare(folder / "rows.copy", seconds)
    for label in ("first", "again, 1 % changed"):
        clock, work = (seconds[f"{kind}{label}"] / seconds[f"{kind}{BARE}"] for kind in ("", "processor: "))
        print(f"intake, {label} / bare COPY: {clock:.2f} by the clock, {work:.2f} by processor time")
    clear()
    import_export(source, first, part, ours=rows / seconds["first"])
    clear()


@contextmanager
def timed(what: str, seconds: Seconds) -> Iterator[None]:
    """Seconds on the clock, and of processor: this process, the readers it waited for, and our server process."""
    start, before = time.perf_counter(), processor()
    yield
    seconds[what], work = time.perf_counter() - start, processor() - before
    seconds[f"processor: {what.partition(':')[0]}"] = seconds.get(f"processor: {what.partition(':')[0]}", 0.0) + work
    print(f"  {what:<50}{seconds[what]:>8.2f} s, {work:>6.2f} s of processor", flush=True)


def clear() -> None:
    from dataquality.statements import execute

    execute(
        "TRUNCATE contacts_contact, contacts_contactevent, dataquality_finding, dataquality_version,"
        " dataquality_score, dataquality_batch RESTART IDENTITY CASCADE"
    )


def take_in(source: object, path: Path, label: str, rows: int, seconds: Seconds) -> float:
    """Import one file; returns the peak memory of the reader's process in MB."""
    from django.utils import timezone

    from dataquality.models import Batch
    from dataquality.services import intake

    start = time.perf_counter()
    with timed(f"{label}: receive", seconds), path.open("rb") as file:
        batch = intake.receive(file, name="contacts.csv", source=source, by=None, now=timezone.now())  # type: ignore[arg-type]
    with timed(f"{label}: sniff, read, recognise", seconds):
        batch = intake.stage(batch)
    peak = json.loads((intake.workspace(batch) / "reading.json").read_text("utf-8"))["peak_bytes"]
    with timed(f"{label}: type, check, stage, compare", seconds):
        batch = intake.check(batch, now=timezone.now())
    with timed(f"{label}: apply, findings, scores", seconds):
        batch = intake.apply(batch, by=None, now=timezone.now())
    seconds[label] = time.perf_counter() - start
    assert batch.state == Batch.State.APPLIED
    print(f"  {label}: {seconds[label]:.1f} s, {rows / seconds[label]:,.0f} rows/s, {batch.counts}")
    return float(peak) / 1e6


def ask_pages() -> None:
    """Median answer of the pages over all those rows."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from crm_adoption.kit.access import LEAD
    from crm_adoption.people.models import Person

    known = Person.objects.filter(email="bench@example.com").first()
    lead = known or Person.objects.create_user("bench@example.com", name="Bench")
    lead.groups.add(Group.objects.get_or_create(name=LEAD)[0])
    client = Client(headers={"host": "localhost"})
    client.force_login(lead, backend="crm_adoption.people.signed_in.SignedIn")
    for path in PAGES:
        times = []
        for _ in range(ASKED):
            start = time.perf_counter()
            response = client.get(path)
            times.append(time.perf_counter() - start)
            assert response.status_code == 200, (path, response.status_code)
        print(f"  page {path:<60} median {median(times) * 1000:>6.0f} ms", flush=True)


def copy_bare(text: Path, seconds: Seconds) -> None:
    """Write the records out, empty the table and COPY them back: the floor that every intake stands on.

    The median of three: one COPY alone varies by more than a half on the same machine.
    """
    from django.db import connection

    from contacts.models import Contact

    columns = ", ".join(str(f.column) for f in Contact._meta.local_concrete_fields if f.column != "id")
    with connection.cursor() as cursor, text.open("wb") as file:
        cursor.cursor.copy_expert(f"COPY (SELECT {columns} FROM contacts_contact ORDER BY id) TO STDOUT", file)
    clock, work = [], []
    for _time in range(COPIED):
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE contacts_contact CASCADE")
            cursor.execute("CHECKPOINT")
        once: Seconds = {}
        with timed(BARE, once), connection.cursor() as cursor, text.open("rb") as file:
            cursor.cursor.copy_expert(f"COPY contacts_contact ({columns}) FROM STDIN", file)
        clock.append(once[BARE])
        work.append(once[f"processor: {BARE}"])
    seconds[BARE], seconds[f"processor: {BARE}"] = median(clock), median(work)
    text.unlink()


def import_export(source: Any, path: Path, part: int, *, ours: float) -> None:
    """django-import-export on the first rows of the file, and how many times as fast our intake of them all was."""
    try:
        import tablib
        from import_export import resources
    except ImportError:
        print("django-import-export is not installed (dependency group bench): ratio left out")
        return
    from django.utils import timezone

    from contacts.models import Contact
    from dataquality.models import Batch

    batch = Batch.objects.create(source=source, file="x", file_name="x", sha256="x", size=0, taken_at=timezone.now())
    with path.open(encoding="utf-8", newline="") as file:
        lines = [line for line, _ in zip(csv.reader(file), range(part + 1), strict=False)][1:]

    def resource_class(bulk: bool) -> type[resources.ModelResource]:
        meta = type("Meta", (), {"model": Contact, "fields": FIELDS, "import_id_fields": ["external_id"],
                                 "use_bulk": bulk, "batch_size": 1000, "skip_diff": bulk})  # fmt: skip

        def before_save(self: object, instance: Contact, row: object, **kwargs: object) -> None:
            instance.source, instance.first_batch, instance.last_batch = source, batch, batch  # type: ignore[assignment]

        return type("Contacts", (resources.ModelResource,), {"Meta": meta, "before_save_instance": before_save})

    for label, bulk in (("row by row", False), ("in bulk", True)):
        Contact.objects.all().delete()
        data = tablib.Dataset(*lines, headers=FIELDS)
        start = time.perf_counter()
        result = resource_class(bulk)().import_data(data, raise_errors=True)
        rate = part / (time.perf_counter() - start)
        assert not result.has_errors()
        assert Contact.objects.count() == part
        print(f"  django-import-export {label}: {rate:,.0f} rows/s; intake is {ours / rate:.1f} times as fast")


if __name__ == "__main__":
    main()
