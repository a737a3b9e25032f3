"""The sample company in the store: its people, and its exports through the intake that everybody uses."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import Account, Activity, Case, CrmUser, Opportunity, Product
from contacts.models import Contact, ContactRole, Lead, RoleCall
from crm_adoption.kit.access import GROUPS
from crm_adoption.people.models import JobRole, Person, Seat, Team
from crm_adoption.plan import queries, services
from crm_adoption.plan.management.commands.load_sample import sample_sign_ins
from crm_adoption.plan.models import Claim, Programme, Reading
from crm_adoption.plan.sample import generate
from crm_adoption.plan.services import sample_data, sample_people
from crm_adoption.plan.services.sample_truth import make_truth
from dataquality import subjects
from dataquality.models import Batch, FieldSetting, Source
from dataquality.queries.verification import freshness
from dataquality.services import intake

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)
DAY = datetime(2025, 10, 28).date()


def test_production_refuses_the_sample_and_prints_no_sign_in(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="never loaded in production"):
        call_command("load_sample", stdout=StringIO())

    assert sample_sign_ins() == []
    assert not Person.objects.exists()


def test_one_person_of_each_group_can_sign_in_and_the_others_cannot(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    people = sample_people.make_people(NOW)
    sign_ins = sample_people.sample_sign_ins(NOW)

    assert sorted(group for _email, _password, group in sign_ins) == sorted(GROUPS)
    for email, password, group in sign_ins:
        person = authenticate(RequestFactory().get("/"), username=email, email=email, password=password)
        assert isinstance(person, Person)
        assert person.group_names == {group}
    others = [one for address, one in people.items() if address not in {email for email, _, _ in sign_ins}]
    assert len(others) == 38
    assert not any(one.has_usable_password() for one in others)


def test_the_sample_password_hangs_on_the_secret_key(settings):
    first = sample_people.sample_password()
    settings.SECRET_KEY = "another secret key of another install, long enough"

    assert sample_people.sample_password() != first
    assert len(first) >= 12


def test_making_the_people_twice_makes_nobody_twice_and_leaves_seats_vacant():
    sample_people.make_people(NOW)
    counts = [model.objects.count() for model in (Person, Team, JobRole, Seat)]
    sample_people.make_people(NOW)

    assert [model.objects.count() for model in (Person, Team, JobRole, Seat)] == counts
    assert counts[0] == 46
    assert counts[1] == 6
    vacant = Seat.objects.vacant()
    assert {(seat.kind, seat.scope) for seat in vacant} == {
        ("technology_owner", "programme"), ("champion", "team"), ("steward", "table"),
    }  # fmt: skip


def test_without_a_sample_the_story_ends_today():
    assert sample_data.last_export_day(NOW) == NOW.date()


def test_what_people_wrote_of_the_programme_stays():
    Programme.objects.update(name="Ours", purpose="To sell.")
    sample_people.describe_programme()
    assert Programme.objects.get().name == "Ours"


def test_claims_are_made_once_by_enough_people_to_be_shown():
    people = sample_people.make_people(NOW)
    sample_people.make_claims(people, NOW)
    sample_people.make_claims(people, NOW)

    assert Claim.objects.count() == 10 * sample_people.CLAIMING
    assert all(state.claim is not None for state in queries.standing(NOW).ingredients)


@pytest.mark.journey
def test_a_month_of_exports_of_two_crms_goes_through_the_intake_and_its_pointers_resolve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    people = sample_people.make_people(NOW)
    by = people[sample_data.STEWARD]
    files = [file for file in generate(tmp_path / "exports", today=NOW.date()) if file.taken_on == DAY]
    at = timezone.make_aware(datetime.combine(DAY, time(7, 30)))

    applied = [sample_data.import_file(file, by=by, at=at) for file in files]

    assert applied == [True] * 12
    assert {batch.state for batch in Batch.objects.all()} == {Batch.State.APPLIED}
    assert {batch.product for batch in Batch.objects.all()} == {"salesforce", "dynamics"}
    for model, least in ((Account, 280), (Contact, 900), (Opportunity, 550), (Case, 250), (Lead, 350), (CrmUser, 79)):
        assert model.objects.count() > least, model
    linked = Opportunity.objects.exclude(account_ref="")
    assert linked.filter(account=None).count() < linked.count() * 0.03  # the stated dangling ones alone
    assert Opportunity.objects.exclude(owner=None).count() > 550
    assert Account.objects.exclude(parent=None).exists()
    assert ContactRole.objects.exclude(contact=None).exists()
    assert Case.objects.filter(closed_at__isnull=False).exists()
    assert Contact.objects.filter(source__product="dynamics").exclude(account=None).exists()

    services.take_readings(at)
    health = Reading.objects.get(check_slug="data.health")
    assert 0 < health.value < 100
    tables = (Account, Activity, Case, Contact, ContactRole, CrmUser, Lead, Opportunity, Product)
    assert health.n == sum(model.objects.count() for model in tables)

    assert [sample_data.import_file(file, by=by, at=at) for file in files] == [False] * 12  # nothing is left to do
    assert Batch.objects.count() == 12
    later = NOW + timedelta(days=40)
    assert sample_data.last_export_day(later) == NOW.date()  # a load taken up later goes on with the same story

    assert [make_truth(people, by, NOW), make_truth(people, by, NOW)] == [True, False]
    fresh = {one.field: one for one in freshness(subjects.get("contacts.contact"), NOW.date())}
    assert fresh["phone"].in_force > fresh["phone"].wrong == 3
    assert fresh["mobile"].expired > 0
    assert FieldSetting.objects.exclude(verdict="").count() == 3
    assert RoleCall.objects.filter(contact=None).exists()


@pytest.mark.journey
def test_the_intake_recognises_every_sample_file_without_being_told(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    sample_people.make_people(NOW)
    seen = set()
    for file in generate(tmp_path / "exports", today=NOW.date()):
        if (file.product, file.table) in seen:
            continue
        seen.add((file.product, file.table))
        source, _ = Source.objects.get_or_create(name=file.source)
        with open(file.path, "rb") as content:
            batch = intake.receive(content, name="export" + file.path.suffix, source=source, by=None, now=NOW)
        batch = intake.stage(batch)

        assert batch.state == Batch.State.STAGED, batch.refusal
        assert batch.product == file.product, file.path.name
        assert batch.table.partition(".")[2] == sample_data.TABLES.get(file.table, file.table), file.path.name
    assert len(seen) == 9 + 3 + 3
