"""Both owners of each process and each connected system: asked for, filled, counted, and a condition of going live."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm_adoption.people.models import Person, Seat
from crm_adoption.people.services import fill_seat, open_seat
from crm_adoption.plan.ingredients.ownership_support import filled_seats
from crm_adoption.plan.models import Phase, Programme
from crm_adoption.plan.queries.gates import phase_gate, release_key
from crm_adoption.plan.queries.ownership import owned
from dataquality import subjects
from dataquality.models import Source
from tests import make
from training.models import Process
from training.services import announce_go_live, make_process, name_owner, retire_process

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 31, 9, tzinfo=UTC)
TODAY = date(2026, 3, 31)
BOTH = ("business_owner", "technology_owner")


@pytest.fixture(autouse=True)
def large_it():
    """Five seats of the programme, whatever teams there are."""
    Programme.objects.update(it_model=Programme.ItModel.LARGE)


def described(name: str = "Quote a price", **more: object) -> Process:
    return make_process(name=name, after="In the CRM.", why="One price.", from_on=TODAY, **more)  # type: ignore[arg-type]


def held(kind: str, scope: str, key: str) -> Seat:
    return fill_seat(open_seat(kind=kind, scope=scope, scope_key=key), holder=make.person(), on=TODAY)


def test_p17_each_process_asks_for_two_owners_and_each_filled_one_raises_the_reading():
    before = filled_seats(NOW)
    described()
    asked = filled_seats(NOW)
    held("business_owner", "process", "Quote a price")

    found = filled_seats(NOW)

    assert (before.n, asked.n, found.n) == (5, 7, 7)
    assert found.value == pytest.approx(asked.value + 1 / 7)
    assert found.detail["vacant"][-1:] == ["Technology owner of Quote a price"]
    assert "Business owner of Quote a price" not in found.detail["vacant"]


def test_p17_a_connected_system_asks_for_its_own_two_and_the_crm_is_answered_for_by_the_programmes():
    make.source(name="Sales cloud")
    make.source(name="Billing", kind=Source.Kind.CONNECTED)
    held("business_owner", "programme", "")

    crm, billing = sorted(owned(), key=lambda one: one.key, reverse=True)

    assert (crm.key, crm.vacant) == ("Sales cloud", ["technology_owner"])
    assert (billing.key, billing.vacant) == ("Billing", [*BOTH])
    assert filled_seats(NOW).n == 7


def test_an_owner_who_left_leaves_a_vacancy():
    described(owner=make.person(is_active=False, left_on=None))
    assert owned()[0].vacant == ["technology_owner"]

    Person.objects.filter(seats__scope="process").update(left_on=TODAY, is_active=False)

    assert owned()[0].vacant == [*BOTH]


def test_a_retired_process_asks_for_nobody():
    retire_process(described(), on=TODAY)

    assert owned() == []


def test_p17_the_gate_of_a_phase_names_the_owners_its_process_lacks():
    process, other = described(), described("Close a case")
    role = make.job_role()
    phase = Phase.objects.create(name="Pipeline", state=Phase.State.APPROVED)
    announce_go_live(release_key(phase), name="Pipeline", on=TODAY, job_roles=[role], processes=[process])
    held("business_owner", "process", process.name)

    missing = [one for one in phase_gate(phase, now=NOW, today=TODAY).missing if one.about == "owner"]

    assert [one.sentence for one in missing] == ["“Quote a price” has no technology owner."]
    assert missing[0].url.startswith(reverse("fill_seat"))
    held("technology_owner", "process", process.name)
    assert not [one for one in phase_gate(phase, now=NOW, today=TODAY).missing if one.about == "owner"]
    assert owned(processes=[other.pk], sources=[])[0].vacant == [*BOTH]


def test_p17_the_gate_names_the_owners_of_a_connected_system_that_fills_a_table_of_the_phase():
    billing = make.source(name="Billing", kind=Source.Kind.CONNECTED)
    make.batch(billing, subjects.get("accounts.account"))
    on_accounts = Phase.objects.create(name="Accounts", tables=["accounts.account"])
    on_cases = Phase.objects.create(name="Cases", tables=["accounts.case"])

    def lacks(phase: Phase) -> list[str]:
        return [one.sentence for one in phase_gate(phase, now=NOW, today=TODAY).missing if one.about == "owner"]

    assert lacks(on_accounts) == ["“Billing” has no business owner.", "“Billing” has no technology owner."]
    assert lacks(on_cases) == []


def test_a_business_owners_seat_opened_among_the_seats_is_the_one_of_the_process():
    process, somebody = described(), make.person()
    lead = Client()
    lead.force_login(make.person(groups=["adoption lead"]))
    address = f"{reverse('fill_seat')}?kind=business_owner&scope=process&key={process.name}"

    answer = lead.post(address, {"holder": somebody.pk})

    process.refresh_from_db()
    assert answer.status_code == 302
    assert process.holder == somebody
    assert Process.objects.without_owner().count() == 0
    assert Seat.objects.filter(scope="process").count() == 1
    name_owner(process, owner=make.person(), on=TODAY)
    assert Seat.objects.filter(scope="process").count() == 1


def test_the_page_of_seats_lists_what_was_never_opened_and_filters_by_kind_scope_and_vacancy():
    described("Close a case")
    held("business_owner", "process", "Close a case")
    make.source(name="Billing", kind=Source.Kind.CONNECTED)
    reader = Client()
    reader.force_login(make.person(groups=["end-user"]))

    whole = reader.get("/people/seats/").content.decode()
    of_processes = reader.get("/people/seats/?scope=process").content.decode()
    vacant = reader.get("/people/seats/?scope=process&vacant=on").content.decode()

    assert whole.count("of the source “Billing”") == 2
    assert "of the source “Billing”" not in of_processes
    assert "Business owner of the process “Close a case”" in of_processes
    assert "Business owner of the process “Close a case”" not in vacant
    assert "Technology owner of the process “Close a case”" in vacant
    assert reader.get("/people/seats/?scope=kitchen").status_code == 400


def test_a_process_and_a_system_show_their_two_owners_or_how_the_vacancy_is_filled():
    process = described(owner=make.person(name="Ada Byron"))
    billing = make.source(name="Billing", kind=Source.Kind.CONNECTED)
    lead = Client()
    lead.force_login(make.person(groups=["adoption lead"]))

    of_process = lead.get(process.get_absolute_url()).content.decode()
    of_system = lead.get(billing.get_absolute_url()).content.decode()

    assert "Ada Byron" in of_process
    assert of_process.count("Name somebody") == 1
    assert "kind=technology_owner&amp;scope=process" in of_process
    assert of_system.count("Name somebody") == 2


@pytest.mark.parametrize("scope", ["process", "source", "team"])
def test_seats_follow_a_new_name_of_what_they_are_of(scope):
    row: Any = {
        "process": lambda: described("Old"),
        "source": lambda: make.source(name="Old"),
        "team": lambda: make.team(name="Old"),
    }[scope]()
    held("technology_owner", scope, "Old")

    row.name = "New"
    row.save()

    assert Seat.objects.get(scope=scope).scope_key == "New"


def test_who_answers_is_told_over_the_api():
    described(owner=make.person(name="Ada Byron"))
    lead = Client()
    lead.force_login(make.person(groups=["adoption lead"]))

    answer = lead.get("/api/v1/ownership/").json()

    assert answer == [
        {
            "scope": "process", "name": "Quote a price", "url": Process.objects.get().get_absolute_url(),
            "business_owner": "Ada Byron", "technology_owner": None, "vacant": ["technology_owner"],
            "by_programme": False,
        }
    ]  # fmt: skip
    assert timezone.localdate(NOW) == TODAY
