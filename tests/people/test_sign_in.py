"""Getting in, and being kept out."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache

from crm_adoption.people.models import Person
from tests import make
from tests.people.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()


def test_a_person_signs_in_with_their_address_however_it_is_spelt(client, lead):
    answer = client.post("/sign-in/", {"login": " Lena@Company.example", "password": PASSWORD, "next": "/people/"})

    assert answer.headers["Location"] == "/people/"
    assert client.get("/people/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(client, lead):
    wrong = client.post("/sign-in/", {"login": lead.email, "password": "not this one"})
    unknown = client.post("/sign-in/", {"login": "nobody@company.example", "password": "not this one"})

    sentence = "This e-mail address and password do not go together"
    assert wrong.status_code == unknown.status_code == 200
    assert sentence in wrong.content.decode()
    assert sentence in unknown.content.decode()


def test_a_page_of_another_site_is_not_where_sign_in_leads(client, lead, settings):
    settings.LOGIN_REDIRECT_URL = "/people/"
    answer = client.post("/sign-in/", {"login": lead.email, "password": PASSWORD, "next": "https://evil.example/"})

    assert answer.headers["Location"] == "/people/"


def test_nobody_signs_up(client):
    asked = {"email": "new@company.example", "password1": PASSWORD, "password2": PASSWORD}
    answer = client.post("/sign-in/closed/", asked)

    assert "There is no sign-up" in answer.content.decode()
    assert not Person.objects.filter(email="new@company.example").exists()


def test_the_fifth_wrong_password_closes_this_account_from_this_address_only(client, lead):
    other = make.person(email="otto@company.example", password=PASSWORD)

    def attempt(person, password, place):
        asked = {"login": person.email, "password": password, "next": "/people/profile/"}
        return client.post("/sign-in/", asked, REMOTE_ADDR=place)

    first = [attempt(lead, "wrong", "198.51.100.1").status_code for _ in range(5)]
    right_but_late = attempt(lead, PASSWORD, "198.51.100.1")

    assert first == [200, 200, 200, 200, 429]
    assert right_but_late.status_code == 429
    assert "Too many attempts" in right_but_late.content.decode()
    assert lead.email not in right_but_late.content.decode()
    assert attempt(other, PASSWORD, "198.51.100.1").status_code == 302
    client.logout()
    assert attempt(lead, PASSWORD, "198.51.100.2").status_code == 302


def test_an_unknown_address_is_locked_like_a_known_one(client):
    asked = {"login": "nobody@company.example", "password": "wrong"}

    assert [client.post("/sign-in/", asked).status_code for _ in range(5)] == [200, 200, 200, 200, 429]


def test_spelling_the_address_differently_does_not_win_more_attempts(client, lead):
    spellings = [
        "lena@company.example",
        "LENA@company.example",
        "Lena@Company.Example",
        " lena@company.example",
        "lenA@company.example",
    ]

    answers = [client.post("/sign-in/", {"login": spelt, "password": "wrong"}).status_code for spelt in spellings]

    assert answers[-1] == 429


def test_a_forwarded_address_counts_only_behind_a_trusted_proxy(client, lead, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    asked = {"login": lead.email, "password": "wrong"}

    answers = [client.post("/sign-in/", asked, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}").status_code for n in range(5)]

    assert answers[-1] == 429


def test_a_forgotten_password_is_reset_by_a_letter_and_ends_every_session(client, lead, sign_in):
    sign_in(lead)
    elsewhere = client.cookies["session"].value
    client.logout()
    sign_in(lead)
    kept = client.cookies["session"].value
    other = type(client)()

    other.post("/sign-in/password/reset/", {"email": lead.email})
    [letter] = mail.outbox
    (link,) = re.findall(r"http://testserver(\S+)", str(letter.body))
    form = other.get(link, follow=True)
    done = other.post(
        form.request["PATH_INFO"], {"password1": "nine quiet herons wade", "password2": "nine quiet herons wade"}
    )

    assert elsewhere != kept
    assert done.status_code == 302
    assert client.get("/people/").status_code == 302
    assert sign_in(lead, "nine quiet herons wade").status_code == 302
    assert client.get("/people/").status_code == 200


def test_a_reset_is_no_way_in_for_somebody_who_never_chose_a_password(client):
    named_by_the_crm = make.person(email="agent@company.example")
    named_by_the_crm.set_unusable_password()
    named_by_the_crm.save()

    answer = client.post("/sign-in/password/reset/", {"email": "agent@company.example"})

    assert answer.status_code == 302
    assert mail.outbox == []


def test_changing_the_password_needs_the_old_one_and_a_strong_new_one(client, lead, sign_in):
    sign_in(lead)

    weak = client.post(
        "/sign-in/password/change/", {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    )
    new = "nine quiet herons wade"
    wrong = client.post("/sign-in/password/change/", {"oldpassword": "wrong", "password1": new, "password2": new})
    right = client.post("/sign-in/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert "at least 12 characters" in weak.content.decode()
    assert wrong.status_code == 200
    assert right.status_code == 302
    lead.refresh_from_db()
    assert lead.check_password(new)


def test_a_person_sees_their_sessions_and_ends_the_others(client, lead, sign_in):
    other = type(client)()
    other.post(
        "/sign-in/", {"login": lead.email, "password": PASSWORD, "next": "/people/"}, HTTP_USER_AGENT="Old phone"
    )
    sign_in(lead, HTTP_USER_AGENT="Desk")

    shown = client.get("/sign-in/sessions/").content.decode()
    client.post("/sign-in/sessions/")

    assert "Old phone" in shown
    assert "Desk" in shown
    assert client.get("/people/").status_code == 200
    assert other.get("/people/").status_code == 302


def test_signing_out_takes_a_post(client, lead, sign_in):
    sign_in(lead)

    assert client.get("/sign-in/out/").status_code == 200
    assert client.get("/people/").status_code == 200
    assert client.post("/sign-in/out/").headers["Location"] == "/sign-in/"
    assert client.get("/people/").status_code == 302


def test_the_admin_site_opens_through_the_same_door(client, lead):
    nobody = client.get("/admin/people/team/", follow=True)
    client.force_login(make.person(groups=["champion"]))
    champion = client.get("/admin/people/team/", follow=True)
    client.force_login(lead)

    assert nobody.redirect_chain[-1][0].startswith("/sign-in/?next=")
    assert champion.status_code == 403
    assert client.get("/admin/people/team/").status_code == 200
    assert client.post("/admin/login/", {"username": lead.email, "password": PASSWORD}).headers["Location"] == "/admin/"
