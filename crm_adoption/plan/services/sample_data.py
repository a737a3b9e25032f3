"""The sample company's exports through the same intake that people use, each on the day it was taken."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from crm_adoption.plan.sample import SampleFile, generate
from crm_adoption.plan.sample.generate import SOURCES
from crm_adoption.plan.sample.world import MONTHS
from crm_adoption.plan.services.plan import measure_brought, take_readings
from crm_adoption.plan.services.sample_owners import make_owners
from crm_adoption.plan.services.sample_people import SEED, describe_programme, make_claims, make_people
from crm_adoption.plan.services.sample_plan import make_plan
from crm_adoption.plan.services.sample_review import review_duplicates
from crm_adoption.plan.services.sample_truth import make_truth
from crm_adoption.usage import sample as usage_sample
from dataquality import subjects
from dataquality.models import Batch, Source
from dataquality.services import intake, matching
from training import sample as training_sample

STEWARD = "mareike.quandler@norvane.example"
TABLES = {"user": "crmuser", "contact_role": "contactrole"}  # where our word differs from the table's
COUNTRY = "DE"
TAKEN_AT = time(7, 30)

Say = Callable[[str], object]


def load_sample(now: datetime, *, say: Say = lambda line: None) -> int:
    """Make the sample company and import its exports, oldest first; returns the number of files applied.

    Refuses in production. A load that was cut short is taken up where it stopped; a second one finds nothing to do.
    """
    if settings.PRODUCTION:
        raise Refusal("The sample company has sign-ins that anybody may print; it is never loaded in production.")
    people = make_people(now)
    describe_programme()
    applied = 0
    with tempfile.TemporaryDirectory() as folder:
        files = generate(Path(folder), today=last_export_day(now), seed=SEED)
        days = sorted({file.taken_on for file in files})
        for day in days:
            of_the_day = [file for file in files if file.taken_on == day]
            at = timezone.make_aware(datetime.combine(day, TAKEN_AT))
            new = sum(
                import_file(file, by=people[STEWARD], at=min(now, at + timedelta(minutes=place)))
                for place, file in enumerate(of_the_day)
            )
            applied += new
            if new:
                take_readings(min(now, at + timedelta(hours=1)))
                measure_brought(min(now, at + timedelta(hours=1)))
                say(f"{day}: {new} exports imported")
    if applied:
        find_duplicates(now)
        review_duplicates(people[STEWARD], now)
        say("duplicates looked for")
    make_claims(people, now)
    make_plan(people, now)
    training_sample.load(now=now, seed=SEED)
    make_owners(people, now)
    make_truth(people, people[STEWARD], now)
    usage_sample.load(now=now, seed=SEED)
    if applied:
        measure_brought(now)
        take_readings(now)  # what the plan and the training say counts from the first look on
    return applied


def find_duplicates(now: datetime) -> None:
    """Look through the tables in which people are doubled, keep their keys, and compare contacts with leads."""
    contacts, leads = subjects.get("contacts.contact"), subjects.get("contacts.lead")
    for table in (subjects.get("accounts.account"), contacts, leads):
        matching.make_keys(table, matching.detect(table, now=now), now=now)
    matching.detect(contacts, beside=leads, now=now)


def last_export_day(now: datetime) -> date:
    """Today; for a sample that was begun on an earlier day, the last of the days its exports were made for."""
    begun = Batch.objects.applied().filter(source__name__in=SOURCES.values()).aggregate(at=Min("taken_at"))["at"]
    if begun is None:
        return timezone.localdate(now)
    first = timezone.localdate(begun)
    month = first.year * 12 + first.month - 1 + MONTHS - 1
    return date(month // 12, month % 12 + 1, first.day)


def import_file(file: SampleFile, *, by: Person, at: datetime) -> bool:
    """Receive, stage, check and apply one export; False where these very bytes were applied before."""
    source, _ = Source.objects.get_or_create(
        name=file.source, defaults={"product": file.product, "default_country": COUNTRY}
    )
    digest = hashlib.sha256(file.path.read_bytes()).hexdigest()
    if Batch.objects.applied().filter(source=source, sha256=digest).exists():
        return False
    with open(file.path, "rb") as content:
        batch = intake.receive(
            content, name=file.path.name, source=source, by=by, now=at, taken_at=at, product=file.product,
            table=TABLES.get(file.table, file.table), full=file.full,
        )  # fmt: skip
    batch = _checked(batch, at)
    waiting = intake.open_questions(batch)
    if waiting:
        codes = [question.code for question in waiting]
        batch = _checked(intake.answer(batch, choices={"confirmed": codes}), at)
    intake.apply(batch, by=by, now=at)
    return True


def _checked(batch: Batch, at: datetime) -> Batch:
    batch = intake.stage(batch)
    if batch.state == Batch.State.REFUSED:
        raise Refusal(f"{batch.file_name}: {batch.refusal}")
    return intake.check(batch, now=at)
