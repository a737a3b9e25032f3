"""Intake of a million contacts beside a bare COPY and beside django-import-export, in one run on one machine.

    python -m benchmarks.intake [--rows 1000000] [--slice 20000] [--keep]

Prints rows per second, peak memory of the working process and of the reader, and three ratios: to a bare COPY of the
same rows into the same table with its indexes, and to django-import-export row by row and in bulk on a slice (that
needs the dependency group `bench`). The figures of one run may be compared with each other and with nothing else.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("CRM_ADOPTION_VAR", str(Path(__file__).resolve().parents[1] / "var" / "bench"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_adoption.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "0")

from crm_adoption.kit import embedded

HEADINGS = ["Contact ID", "First Name", "Last Name", "Email", "Phone", "Mobile", "Title", "Mailing Street", "Mailing City",
            "Mailing Zip/Postal Code", "Mailing Country", "Account ID"]  # fmt: skip
GIVEN = "Anna Ben Carla David Emma Felix Greta Hugo Ida Jan Klara Leo Mia Noah Olga Paul Rosa Sam Tina Uwe 伟 芳 Zoë Łukasz".split()
FAMILY = "Berg Dahl Ernst Fuchs Graf Haas Iser Jung Kern Lang Mai Neu Ott Pohl Quast Rau Sieg Thal Ude Voss 王 李 Núñez Kowalski".split()
TITLES = ["Buyer", "Head of Lab", "CFO", "Engineer", "Assistant", "Director", "Analyst", ""]
PLACES = [("Berlin", "10115", "Germany", "+49 30 "), ("Wien", "1010", "Austria", "+43 1 "), ("Paris", "75001", "France", "+33 1 "),
          ("London", "SW1A 1AA", "United Kingdom", "+44 20 "), ("Boston", "02108", "United States", "+1 617 ")]  # fmt: skip


def contact(random_: random.Random, n: int, *, changed: bool = False) -> list[str]:
    """One contact of twelve columns; about 3 % have one fault."""
    given, family = random_.choice(GIVEN), random_.choice(FAMILY)
    city, postcode, country, prefix = random_.choice(PLACES)
    email = f"{given}.{family}{n}@firm{n % 50_000}.example.com".lower()
    email = email.encode("ascii", "ignore").decode() or f"p{n}@example.com"
    phone = f"{prefix}{random_.randrange(2_000_000, 9_999_999)}"
    title = random_.choice(TITLES)
    if changed:
        title = "Former " + (title or "member")
    fault = random_.random()
    if fault < 0.01:
        email = email.replace("@", " at ")
    elif fault < 0.02:
        phone = phone[:7]
    elif fault < 0.03:
        postcode = "?"
    return [f"C{n:08d}", given, family, email, phone, "", title, f"Main St {n % 997}", city, postcode, country, ""]


def write_file(path: Path, rows: int, *, changed_share: float = 0.0) -> None:
    chooser = random.Random(11)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for n in range(rows):
            writer.writerow(contact(random.Random(n), n, changed=chooser.random() < changed_share))


@contextmanager
def timed(what: str, found: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    found[what] = time.perf_counter() - start
    print(f"  {what:<44}{found[what]:>9.2f} s", flush=True)


def megabytes(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--slice", type=int, default=20_000)
    options = parser.parse_args()
    with embedded.hold(broker=False):
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        run(options.rows, options.slice)


def run(rows: int, part: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from contacts.models import Contact
    from dataquality import subjects
    from dataquality.models import Batch, Source
    from dataquality.services import intake

    def clear() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "TRUNCATE contacts_contact, contacts_contactevent, dataquality_finding, dataquality_version,"
                " dataquality_score, dataquality_batch RESTART IDENTITY CASCADE"
            )

    folder = embedded.var_dir() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    first, second = folder / f"{rows}.csv", folder / f"{rows}-changed.csv"
    for path, share in ((first, 0.0), (second, 0.01)):
        if not path.exists():
            write_file(path, rows, changed_share=share)
    clear()
    source, _ = Source.objects.get_or_create(name="benchmark")
    found: dict[str, float] = {}
    print(f"{rows:,} contacts, {len(HEADINGS)} columns, {first.stat().st_size / 1e6:.0f} MB")
    for label, path in (("first", first), ("again, 1 % changed", second)):
        start = time.perf_counter()
        with path.open("rb") as file:
            batch = intake.receive(file, name="contacts.csv", source=source, by=None, now=timezone.now())
        with timed(f"{label}: read and recognise", found):
            batch = intake.stage(batch)
        with timed(f"{label}: type, check, stage", found):
            batch = intake.check(batch, now=timezone.now())
        with timed(f"{label}: apply", found):
            batch = intake.apply(batch, by=None, now=timezone.now())
        found[label] = time.perf_counter() - start
        assert batch.state == Batch.State.APPLIED
        print(f"  {label}: {found[label]:.1f} s, {rows / found[label]:,.0f} rows/s, {batch.counts}")
    own, reader = megabytes(resource.RUSAGE_SELF), megabytes(resource.RUSAGE_CHILDREN)
    print(f"  peak memory: {own:,.0f} MB this process, {reader:,.0f} MB the reader")
    pages(found)

    columns = [f.column for f in Contact._meta.local_concrete_fields if f.column != "id"]
    text = folder / "rows.copy"
    with connection.cursor() as cursor, text.open("wb") as file:
        cursor.cursor.copy_expert(f"COPY (SELECT {', '.join(columns)} FROM contacts_contact) TO STDOUT", file)
    clear()
    with timed("bare COPY into the same table with its indexes", found), connection.cursor() as cursor, text.open("rb") as file:
        cursor.cursor.copy_expert(f"COPY contacts_contact ({', '.join(columns)}) FROM STDIN", file)
    print(f"intake / bare COPY: {found['first'] / found['bare COPY into the same table with its indexes']:.2f}")
    text.unlink()
    clear()
    assert subjects.get("contacts.contact").model is Contact
    import_export(first, part, found, rows)
    clear()


def pages(found: dict[str, float]) -> None:
    """Median of nine answers of the contact list and the scoreboard over all those rows, in seconds."""
    from statistics import median

    from django.contrib.auth.models import Group
    from django.test import Client

    from crm_adoption.kit.access import LEAD
    from crm_adoption.people.models import Person

    lead = Person.objects.filter(email="bench@example.com").first() or Person.objects.create_user(
        "bench@example.com", name="Bench"
    )
    lead.groups.add(Group.objects.get_or_create(name=LEAD)[0])
    client = Client(headers={"host": "localhost"})
    client.force_login(lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in ("/records/contacts.contact/", "/records/contacts.contact/?wrong=true&state=live", "/scoreboard/",
                 "/tables/contacts.contact/", "/findings/?state=open"):  # fmt: skip
        times = []
        for _ in range(9):
            start = time.perf_counter()
            response = client.get(path)
            times.append(time.perf_counter() - start)
            assert response.status_code == 200, (path, response.status_code)
        print(f"  page {path:<50} median {median(times) * 1000:>6.0f} ms")


def import_export(path: Path, part: int, found: dict[str, float], rows: int) -> None:
    try:
        import tablib
        from import_export import resources
    except ImportError:
        print("django-import-export is not installed (dependency group bench): ratio left out")
        return
    from contacts.models import Contact
    from dataquality.models import Batch, Source

    source = Source.objects.get(name="benchmark")
    batch = Batch.objects.create(source=source, file="x", file_name="x", sha256="x", size=0, taken_at="2026-01-01T00:00Z")
    fields = ["external_id", "given_name", "family_name", "email", "phone", "mobile", "job_title", "street", "city",
              "postcode", "country", "account_ref"]  # fmt: skip
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))[1 : part + 1]

    def resource_class(bulk: bool) -> type[resources.ModelResource]:
        meta = type("Meta", (), {"model": Contact, "fields": fields, "import_id_fields": ["external_id"],
                                 "use_bulk": bulk, "batch_size": 1000, "skip_diff": bulk})  # fmt: skip

        def before_save(self: object, instance: Contact, row: object, **kwargs: object) -> None:
            instance.source, instance.first_batch, instance.last_batch = source, batch, batch

        return type("Contacts", (resources.ModelResource,), {"Meta": meta, "before_save_instance": before_save})

    ours = rows / found["first"]
    for label, bulk in (("row by row", False), ("in bulk", True)):
        Contact.objects.all().delete()
        data = tablib.Dataset(*lines, headers=fields)
        start = time.perf_counter()
        result = resource_class(bulk)().import_data(data, raise_errors=True)
        rate = part / (time.perf_counter() - start)
        assert not result.has_errors()
        print(f"  django-import-export {label}: {rate:,.0f} rows/s; intake is {ours / rate:.1f} times as fast")


if __name__ == "__main__":
    main()
