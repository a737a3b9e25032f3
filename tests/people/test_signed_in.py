"""Who a session belongs to is asked by one planned statement, and a session that has ended belongs to nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm_adoption.kit.access import LEAD
from crm_adoption.people.models import Person
from crm_adoption.people.signed_in import SessionStore, SignedIn
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client) -> Person:
    person = make.person(groups=[LEAD])
    client.force_login(person, backend="crm_adoption.people.signed_in.SignedIn")
    return person


def asks(client) -> list[str]:
    """What the store is asked by one request, once its statements are planned."""
    client.get("/api/v1/me/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/api/v1/me/").status_code == 200
    return [one["sql"] for one in asked.captured_queries]


def listed(client, person: Person) -> UserSession:
    """The session as signing in puts it into the list of sessions."""
    key = client.session.session_key
    return UserSession.objects.update_or_create(session_key=key, defaults={"user": person, "ip": "127.0.0.1"})[0]


def test_session_and_person_are_one_planned_statement(client, lead):
    listed(client, lead)

    said = asks(client)

    assert client.get("/api/v1/me/").json()["email"] == lead.email
    assert sum(text.startswith('EXECUTE "session"') for text in said) == 1
    assert not any(text.startswith('EXECUTE "person"') or 'FROM "django_session"' in text for text in said)


@pytest.mark.parametrize("whose", ["nobodys", "another"])
def test_the_list_of_sessions_signs_nobody_in(client, lead, whose):
    if whose == "another":
        listed(client, make.person(groups=[LEAD]))
    else:
        UserSession.objects.all().delete()

    said = asks(client)

    assert client.get("/api/v1/me/").json()["email"] == lead.email
    assert sum(text.startswith('EXECUTE "person"') for text in said) == 1


def test_a_session_of_another_password_is_nobodys(client, lead):
    listed(client, lead)
    assert client.get("/api/v1/me/").status_code == 200

    Person.objects.filter(pk=lead.pk).update(password="another")

    assert client.get("/api/v1/me/").status_code == 401


def test_signing_in_lists_the_session_with_its_person(client):
    person = make.person(groups=[LEAD], password="a long and unlikely password")

    client.post("/sign-in/", {"login": person.email, "password": "a long and unlikely password"})

    assert UserSession.objects.get(session_key=client.session.session_key).user == person
    assert not any(text.startswith('EXECUTE "person"') for text in asks(client))


def test_a_person_read_so_is_as_any_other_and_not_one_to_be_made(lead):
    person = SignedIn().get_user(lead.pk)

    assert person is not None
    assert person == lead
    assert not person._state.adding
    assert person._state.db == "default"
    for field in Person._meta.concrete_fields:
        assert getattr(person, field.attname) == getattr(Person.objects.get(pk=lead.pk), field.attname)


def test_an_ended_or_unknown_session_holds_nothing_and_loses_its_key(client, lead):
    key = client.session.session_key
    assert SessionStore(key).load()["_auth_user_id"] == str(lead.pk)
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(seconds=1))

    for wrong in (key, "0" * 32, "'; DROP TABLE people_person; --"):
        store = SessionStore(wrong)
        assert store.load() == {}
        assert store.session_key is None
    assert client.get("/api/v1/me/").status_code == 401


def test_a_cookie_of_any_characters_is_nobodys_and_never_an_error(client):
    for quoted in (r'"aaaaaaaaa\000"', r'"%c3%28\377\376xxxxxxx"', "é" * 40, "a" * 4000):
        answer = client.get("/api/v1/me/", headers={"cookie": f"session={quoted}"})
        assert answer.status_code == 401


def test_a_session_of_somebody_who_may_no_longer_sign_in_is_nobodys(client, lead):
    listed(client, lead)
    Person.objects.filter(pk=lead.pk).update(is_active=False)

    assert SignedIn().get_user(lead.pk) is None
    assert SignedIn().get_user(0) is None
    assert client.get("/api/v1/me/").status_code == 401
