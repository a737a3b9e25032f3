"""The pages about people, and their API and admin twins."""

from __future__ import annotations

from datetime import date

import pytest

from crm_adoption.kit.errors import Refusal
from crm_adoption.people import services
from crm_adoption.people.models import Person, Seat
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def test_a_lead_finds_people_by_name_team_and_state(client, lead):
    sales = make.team(name="Sales")
    make.person(name="Anna Able", team=sales)
    make.person(name="Bert Bold")
    make.person(name="Cleo Calm", team=sales, is_active=False)
    client.force_login(lead)

    def names(query: str) -> list[str]:
        return [person.name for person in client.get(f"/people/?{query}").context["people"]]

    assert names("q=ABLE") == ["Anna Able"]
    assert names(f"team={sales.pk}") == ["Anna Able", "Cleo Calm"]
    assert names(f"team={sales.pk}&active=true") == ["Anna Able"]
    assert client.get("/people/?team=999999").status_code == 400


def test_the_list_goes_on_by_key_and_shows_everybody_once(client, lead):
    for _ in range(60):
        make.person(name="Same Name")
    client.force_login(lead)

    seen, address = [], "/people/?q=Same"
    while address:
        page = client.get(address)
        seen += [person.pk for person in page.context["people"]]
        address = f"/people/?{page.context['following']}" if page.context["following"] else ""

    assert len(seen) == len(set(seen)) == 60


def test_a_list_page_asks_the_store_a_fixed_number_of_questions(client, lead, django_assert_max_num_queries):
    for _ in range(40):
        make.person(team=make.team())
    client.force_login(lead)

    with django_assert_max_num_queries(12):
        client.get("/people/")


@pytest.mark.parametrize(
    "query", ["after=a%00b&key=1", "key=abc", "key=" + "9" * 30, "after=&key=-1", "active=perhaps"]
)
def test_an_odd_address_of_the_list_is_no_error(client, lead, query):
    client.force_login(lead)

    assert client.get(f"/people/?{query}").status_code == 200


def test_a_person_sees_their_own_page_and_no_other_which_reads_like_one_that_is_not_there(client, lead):
    me, other = make.person(), make.person()
    client.force_login(me)

    assert client.get(f"/people/{me.pk}/").status_code == 200
    assert client.get(f"/people/{other.pk}/").status_code == 403
    assert client.get("/people/999999999/").status_code == 403
    client.force_login(lead)
    assert client.get(f"/people/{other.pk}/").status_code == 200
    assert client.get("/people/999999999/").status_code == 404


def test_a_name_made_of_markup_is_shown_as_text(client, lead):
    make.person(name="<script>alert(1)</script>", email=None)
    client.force_login(lead)

    assert b"<script>alert" not in client.get("/people/").content


def test_vacant_seats_stand_first_and_are_counted(client, lead):
    filled, empty, left = make.seat(scope_key="accounts"), make.seat(scope_key="leads"), make.seat(scope_key="contacts")
    gone = make.person()
    services.fill_seat(filled, holder=make.person(), on=TODAY)
    services.fill_seat(left, holder=gone, on=TODAY)
    Person.objects.filter(pk=gone.pk).update(is_active=False, left_on=TODAY)
    client.force_login(make.person(groups=["champion"]))

    page = client.get("/people/seats/")

    places = page.context["places"]
    assert [place.seat.pk for place in places if place.seat] == [left.pk, empty.pk, filled.pk]
    never_opened = [place for place in places if place.seat is None]
    assert f"{2 + len(never_opened)} seats are vacant" in page.content.decode()
    assert "has left" in page.content.decode()


def test_a_seat_of_a_table_says_its_name_and_not_its_key():
    known, unknown = make.seat(scope="table", scope_key="contacts.contact"), make.seat(scope="table", scope_key="tea")

    assert str(known).endswith("of the CRM table “Contacts”")
    assert str(unknown).endswith("of the CRM table “tea”")


def test_a_lead_opens_fills_and_vacates_a_seat(client, lead):
    holder = make.person(name="Hanna Holder")
    client.force_login(lead)

    opened = client.post("/people/seats/open/", {"kind": "steward", "scope": "table", "scope_key": "accounts"})
    seat = Seat.objects.get()
    client.post(opened.headers["Location"], {"holder": holder.pk, "deputy": lead.pk})
    seat.refresh_from_db()
    filled = (seat.holder, seat.deputy, seat.is_vacant)
    client.post(opened.headers["Location"], {"vacate": "yes"})
    seat.refresh_from_db()

    assert filled == (holder, lead, False)
    assert (seat.holder, seat.deputy, seat.since) == (None, None, None)


@pytest.mark.parametrize(
    ("scope", "key", "sentence"),
    [
        ("table", "", "needs its name"),
        ("programme", "sales", "leave that field empty"),
        ("team", "Nowhere", "There is no team “Nowhere”"),
    ],
)
def test_a_seat_of_nothing_is_refused_in_a_sentence(client, lead, scope, key, sentence):
    client.force_login(lead)

    answer = client.post("/people/seats/open/", {"kind": "steward", "scope": scope, "scope_key": key})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_the_deputy_is_somebody_else_and_both_are_still_here():
    seat, holder = make.seat(), make.person()
    gone = make.person(is_active=False, left_on=TODAY)

    with pytest.raises(Refusal, match="somebody else"):
        services.fill_seat(seat, holder=holder, deputy=holder, on=TODAY)
    with pytest.raises(Refusal, match="has left"):
        services.fill_seat(seat, holder=gone, on=TODAY)


def test_the_api_lists_people_by_team_and_refuses_what_it_does_not_know(client, lead):
    sales = make.team(name="Sales")
    anna = make.person(name="Anna", team=sales, groups=["trainer"])
    make.person(name="Bert")
    client.force_login(lead)

    found = client.get(f"/api/v1/people/?team={sales.pk}&active=true").json()["results"]
    unknown = client.get("/api/v1/people/?password__startswith=a")

    assert found == [
        {
            "id": anna.pk,
            "name": "Anna",
            "email": anna.email,
            "team": "Sales",
            "job_role": None,
            "manager": None,
            "started_on": None,
            "groups": ["trainer"],
            "active": True,
        }
    ]
    assert unknown.status_code == 400
    assert client.post("/api/v1/people/", {"name": "x"}).status_code in (403, 405)


def test_me_says_who_asks(client):
    somebody = make.person(groups=["champion"], language="en")
    client.force_login(somebody)

    answer = client.get("/api/v1/me/").json()

    assert (answer["id"], answer["groups"], answer["token"]) == (somebody.pk, ["champion"], None)


def test_a_lead_changes_a_person_in_the_admin_site_but_no_administrator_and_no_rights_of_their_own(client, lead):
    somebody, chief = make.person(groups=["trainer"]), make.superuser()
    client.force_login(lead)
    asked = {"name": "Renamed", "email": "Renamed@company.example", "language": "en", "time_zone": "UTC"}
    asked |= {"is_superuser": "on", "password": "x", "is_active": ""}

    changed = client.post(f"/admin/people/person/{somebody.pk}/change/", asked)
    refused = client.post(f"/admin/people/person/{chief.pk}/change/", asked)

    somebody.refresh_from_db()
    assert changed.status_code == 302
    assert (somebody.name, somebody.email) == ("Renamed", "renamed@company.example")
    assert (somebody.is_superuser, somebody.is_active, somebody.password) == (False, True, "nobody knows it")
    assert refused.status_code == 403


def test_the_last_lead_cannot_lose_that_group_in_the_admin_site(client, lead):
    client.force_login(lead)
    asked = {"name": lead.name, "email": lead.email, "language": "en", "time_zone": "UTC", "groups": []}

    answer = client.post(f"/admin/people/person/{lead.pk}/change/", asked)

    assert answer.status_code == 200
    assert "last adoption lead" in answer.content.decode()


def test_the_admin_site_shows_tokens_without_their_digest_and_lets_nobody_touch_them(client):
    token, text = make.token(name="nightly")
    client.force_login(make.superuser())

    pages = [client.get("/admin/people/apitoken/"), client.get(f"/admin/people/apitoken/{token.pk}/change/")]

    assert all("nightly" in page.content.decode() for page in pages)
    assert not any(token.digest in page.content.decode() or text in page.content.decode() for page in pages)
    assert client.post(f"/admin/people/apitoken/{token.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_steward_reads_people_in_the_admin_site_and_changes_none(client):
    somebody = make.person()
    client.force_login(make.person(groups=["data steward"]))

    assert client.get(f"/admin/people/person/{somebody.pk}/change/").status_code == 200
    assert client.post(f"/admin/people/person/{somebody.pk}/change/", {"name": "x"}).status_code == 403
