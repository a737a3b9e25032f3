"""TOTP and recovery codes, enrolled and used as people do."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache

from tests import make
from tests.people.conftest import PASSWORD

pytestmark = pytest.mark.django_db
ACTIVATE = "/sign-in/second-factor/totp/activate/"


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()


def code_for(secret: str) -> str:
    """What the app shows; near the end of its half minute we wait for the next, so that a slow test cannot miss it."""
    if time.time() % 30 > 26:
        time.sleep(4.1)
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return code


@pytest.fixture
def enrolled(client, lead, sign_in):
    """A lead with an authenticator app; signed out again. Gives the app's secret."""
    sign_in(lead)
    client.post("/sign-in/again/", {"password": PASSWORD})
    secret = client.get(ACTIVATE).context["form"].secret
    answer = client.post(ACTIVATE, {"code": code_for(secret)})
    assert answer.headers["Location"] == "/sign-in/second-factor/recovery-codes/"
    client.post("/sign-in/out/")
    return secret


def test_setting_it_up_asks_for_the_password_once_more(client, lead, sign_in):
    sign_in(lead)
    client.session.flush()
    client.force_login(lead)

    answer = client.get(ACTIVATE)

    assert answer.headers["Location"].startswith("/sign-in/again/")


def test_a_wrong_code_does_not_turn_it_on(client, lead, sign_in):
    sign_in(lead)
    client.post("/sign-in/again/", {"password": PASSWORD})
    secret = client.get(ACTIVATE).context["form"].secret
    wrong = "000000" if code_for(secret) != "000000" else "000001"

    answer = client.post(ACTIVATE, {"code": wrong})

    assert "This code is not right" in answer.content.decode()
    assert not Authenticator.objects.filter(user=lead).exists()


def test_once_set_up_the_password_alone_does_not_open(client, lead, enrolled, sign_in):
    half = sign_in(lead)
    closed = client.get("/people/")
    whole = client.post(half.headers["Location"], {"code": code_for(enrolled)})

    assert half.headers["Location"].startswith("/sign-in/second-factor/authenticate/")
    assert closed.status_code == 302
    assert whole.status_code == 302
    assert client.get("/people/").status_code == 200


def test_a_code_works_once(client, lead, enrolled, sign_in):
    code = code_for(enrolled)
    client.post(sign_in(lead).headers["Location"], {"code": code})
    client.post("/sign-in/out/")

    again = client.post(sign_in(lead).headers["Location"], {"code": code})

    assert "was used already" in again.content.decode()
    assert client.get("/people/").status_code == 302


def test_a_recovery_code_opens_once(client, lead, enrolled, sign_in):
    codes = Authenticator.objects.get(user=lead, type="recovery_codes").wrap().get_unused_codes()

    first = client.post(sign_in(lead).headers["Location"], {"code": codes[0]})
    client.post("/sign-in/out/")
    second = client.post(sign_in(lead).headers["Location"], {"code": codes[0]})

    assert len(codes) == 10
    assert first.status_code == 302
    assert second.status_code == 200


def test_the_secret_lies_encrypted_in_the_store_and_survives_a_new_key(lead, enrolled, settings):
    stored = Authenticator.objects.get(user=lead, type="totp")
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " * 6, [old]

    assert enrolled not in str(stored.data)
    assert stored.wrap().validate_code(code_for(enrolled))


def test_who_must_have_one_sees_nothing_else_until_it_is_set_up(client, lead, sign_in, settings):
    settings.MFA_REQUIRED_FOR = ["adoption lead", "superuser"]
    sign_in(lead)

    page, admin, api = client.get("/people/"), client.get("/admin/", follow=False), client.get("/api/v1/people/")
    client.force_login(make.person(groups=["champion"]))

    assert page.headers["Location"] == ACTIVATE
    assert client.get("/people/seats/").status_code == 200
    assert admin.status_code == 302
    assert api.status_code == 403
    assert "second factor" in api.json()["errors"][0]["detail"]


def test_who_must_have_one_cannot_turn_it_off(client, lead, enrolled, sign_in, settings):
    settings.MFA_REQUIRED_FOR = ["adoption lead"]
    client.post(sign_in(lead).headers["Location"], {"code": code_for(enrolled)})
    client.post("/sign-in/again/", {"password": PASSWORD})

    answer = client.post("/sign-in/second-factor/totp/deactivate/")

    assert client.get("/people/").status_code == 200
    assert "cannot be turned off" in answer.content.decode()
    assert Authenticator.objects.filter(user=lead, type="totp").exists()
