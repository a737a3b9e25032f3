"""Groups, profiles and the end of an account."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone

from crm_adoption.kit.access import GROUPS, LEAD
from crm_adoption.kit.errors import Refusal
from crm_adoption.people import services
from crm_adoption.people.models import ApiToken, Person
from tests import make
from tests.people.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_ending_an_account_ends_its_sessions_and_tokens_at_once(client, lead, sign_in):
    gone = make.person(groups=["trainer"], email="gone@company.example", password=PASSWORD)
    _token, text = make.token(gone)
    sign_in(gone)
    assert client.get("/people/profile/").status_code == 200

    services.deactivate_person(gone, by=lead, now=NOW)

    assert client.get("/people/profile/").status_code == 302
    assert client.get("/api/v1/me/", HTTP_AUTHORIZATION=f"Token {text}").status_code == 401
    assert not ApiToken.objects.exists()
    assert sign_in(gone).status_code == 200
    assert gone.state == "left"


def test_a_session_does_not_come_back_to_life_with_the_account(client, lead, sign_in):
    gone = make.person(email="gone@company.example", password=PASSWORD)
    sign_in(gone)
    services.deactivate_person(gone, by=lead, now=NOW)

    again = services.invite_person(email=str(gone.email), name=gone.name, groups=["end-user"], by=lead, now=NOW)
    services.accept_invitation(again, password=PASSWORD, now=NOW)

    assert client.get("/people/profile/").status_code == 302
    assert sign_in(gone).status_code == 302


def test_ending_an_account_on_its_page_asks_for_the_password_and_goes_on_where_it_was(client, lead, sign_in):
    gone = make.person()
    client.force_login(lead)

    asked = client.post(f"/people/{gone.pk}/deactivate/")
    done = client.post(asked.headers["Location"], {"password": PASSWORD, "next": f"/people/{gone.pk}/deactivate/"})

    gone.refresh_from_db()
    assert asked.headers["Location"].startswith("/sign-in/again/")
    assert done.headers["Location"] == f"/people/{gone.pk}/"
    assert not gone.is_active


def test_nobody_ends_their_own_account(lead):
    make.person(groups=[LEAD])

    with pytest.raises(Refusal, match="your own"):
        services.deactivate_person(lead, by=lead, now=NOW)


def test_the_last_adoption_lead_stays_one(lead):
    with pytest.raises(Refusal, match="last adoption lead"):
        services.change_groups(lead, groups=["trainer"], by=lead)

    second = make.person(groups=[LEAD])
    services.change_groups(lead, groups=["trainer"], by=second)
    with pytest.raises(Refusal, match="last adoption lead"):
        services.deactivate_person(second, by=lead, now=NOW)

    assert Person.objects.get(pk=lead.pk).group_names == {"trainer"}


def test_an_administrator_is_beyond_a_lead(lead):
    chief = make.superuser()

    for act in (
        lambda: services.deactivate_person(chief, by=lead, now=NOW),
        lambda: services.change_groups(chief, groups=["trainer"], by=lead),
        lambda: services.change_email(chief, email="mine@company.example", by=lead),
    ):
        with pytest.raises(Refusal, match="administers this site"):
            act()


def test_groups_are_changed_on_the_page_after_the_password(client, lead, sign_in):
    somebody = make.person(groups=["trainer"])
    sign_in(lead)
    client.post("/sign-in/again/", {"password": PASSWORD})

    client.post(f"/people/{somebody.pk}/groups/", {"groups": ["champion", "analyst"]})
    client.post(f"/people/{somebody.pk}/groups/", {"groups": ["root"]})

    assert Person.objects.get(pk=somebody.pk).group_names == {"champion", "analyst"}


def test_the_former_address_no_longer_signs_in(client, lead, sign_in):
    made = services.invite_person(email="old@company.example", name="Ola", groups=["trainer"], by=lead, now=NOW)
    ola = services.accept_invitation(made, password=PASSWORD, now=NOW)

    services.change_email(ola, email="New@company.example", by=lead)

    assert sign_in(ola).status_code == 302
    client.logout()
    assert client.post("/sign-in/", {"login": "old@company.example", "password": PASSWORD}).status_code == 200


def test_an_address_belongs_to_one_person(lead):
    other = make.person(email="taken@company.example")

    with pytest.raises(Refusal, match="belongs to somebody else"):
        services.change_email(lead, email="TAKEN@company.example", by=lead)
    assert other.email == "taken@company.example"


def test_pages_speak_the_language_and_show_the_time_of_the_profile(client, lead):
    client.force_login(lead)

    saved = client.post("/people/profile/", {"language": "zh-hans", "time_zone": "Asia/Shanghai"})
    page = client.get("/people/profile/")

    assert saved.status_code == 302
    assert '<html lang="zh-hans">' in page.content.decode()
    assert Person.objects.get(pk=lead.pk).time_zone == "Asia/Shanghai"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", "Europe/"])
def test_a_time_zone_that_is_none_is_refused_and_one_in_the_store_does_no_harm(client, lead, zone):
    client.force_login(lead)

    refused = client.post("/people/profile/", {"language": "en", "time_zone": zone})
    Person.objects.filter(pk=lead.pk).update(time_zone=zone)

    assert refused.status_code == 422
    assert client.get("/people/profile/").status_code == 200


def test_the_eight_groups_survive_a_flush_and_their_rights_are_what_the_code_says(transactional_db):
    stray = Group.objects.get(name=LEAD).permissions.model.objects.get(codename="delete_person")
    Group.objects.get(name="data steward").permissions.add(stray)

    call_command("flush", interactive=False, verbosity=0)

    steward = Group.objects.get(name="data steward")
    assert set(Group.objects.values_list("name", flat=True)) == set(GROUPS)
    assert not steward.permissions.filter(codename="delete_person").exists()
    assert steward.permissions.filter(codename="view_person").exists()


def test_rights_taken_out_of_the_code_go_with_the_next_migrate():
    steward = Group.objects.get(name="data steward")
    steward.permissions.add(steward.permissions.model.objects.get(codename="delete_person"))

    call_command("migrate", verbosity=0)

    assert not steward.permissions.filter(codename="delete_person").exists()
