"""Sessions that rest or grow old end, and signing in leads back; whoever asks too often is told when to ask again."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from rest_framework.test import APIClient, APIRequestFactory
from rest_framework.views import APIView

from crm_adoption.kit.access import LEAD
from crm_adoption.kit.models import Caller
from crm_adoption.kit.throttling import PerCaller, forget_callers
from crm_adoption.people import idle
from tests import make
from tests.people.conftest import PASSWORD

pytestmark = pytest.mark.django_db
MINUTES = 60


@pytest.fixture
def later(monkeypatch):
    """Let the clock of sessions go on."""
    passed = [0.0]

    def go_on(seconds):
        passed[0] += seconds

    monkeypatch.setattr(idle, "time", SimpleNamespace(time=lambda: time.time() + passed[0]))
    return go_on


@pytest.fixture
def signed_in(client):
    client.force_login(make.person(groups=[LEAD]))
    return client


def test_a_session_that_rested_ends_and_signing_in_leads_back_to_the_page(client, later):
    person = make.person(groups=[LEAD], password=PASSWORD)
    client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    later(31 * MINUTES)

    ended = client.get("/findings/?state=open")
    page = client.get(ended["Location"]).content.decode()
    back = client.post("/sign-in/", {"login": person.email, "password": PASSWORD, "next": "/findings/?state=open"})

    assert ended["Location"] == "/sign-in/?next=/findings/%3Fstate%3Dopen"
    assert "You were away for more than 30 minutes." in page
    assert back["Location"] == "/findings/?state=open"
    assert client.get("/findings/?state=open").status_code == 200


def test_a_session_in_use_goes_on_but_not_for_ever(signed_in, later):
    for _ in range(35):
        later(20 * MINUTES)
        assert signed_in.get("/people/profile/").status_code == 200

    later(20 * MINUTES + 5)

    assert signed_in.get("/people/profile/").status_code == 302


def test_what_a_page_fetches_by_itself_is_no_use_and_leads_the_page_to_sign_in(signed_in, later):
    for _ in range(2):
        later(10 * MINUTES)
        assert signed_in.get("/jobs/", headers={"HX-Request": "true"}).status_code == 286
    later(11 * MINUTES)

    ended = signed_in.get(
        "/jobs/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/jobs/?show=failed"}
    )

    assert ended["HX-Redirect"] == "/sign-in/?next=/jobs/%3Fshow%3Dfailed"
    assert ended.content == b""


def test_a_form_sent_too_late_leads_back_to_its_page_and_changes_nothing(signed_in, later):
    later(31 * MINUTES)

    ended = signed_in.post("/people/seats/open/", {}, headers={"Referer": "http://testserver/people/seats/"})
    elsewhere = signed_in.post("/people/seats/open/", {}, headers={"Referer": "https://elsewhere.example/x"})

    assert ended["Location"] == "/sign-in/?next=/people/seats/"
    assert "elsewhere" not in elsewhere["Location"]


def test_a_program_with_a_session_is_told_in_the_shape_of_the_api(signed_in, later):
    later(31 * MINUTES)

    answer = signed_in.get("/api/v1/people/")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "not_authenticated")


def test_how_long_a_session_may_rest_is_a_setting(signed_in, later, settings):
    settings.SESSION_IDLE_MINUTES = 5
    later(6 * MINUTES)

    assert signed_in.get("/people/profile/").status_code == 302


def test_a_locked_account_says_when_to_try_again(client):
    cache.clear()
    asked = {"login": "nobody@company.example", "password": "wrong"}

    answers = [client.post("/sign-in/", asked) for _ in range(5)]

    assert (answers[-1].status_code, answers[-1]["Retry-After"]) == (429, "900")
    assert "Too many attempts" in answers[-1].content.decode()


def test_a_page_asked_for_too_often_is_one_sentence_and_a_time(client, settings):
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    ask = {"email": "nobody@company.example"}

    first, second = (client.post("/sign-in/password/reset/", ask) for _ in range(2))

    assert first.status_code == 302
    assert (second.status_code, second["Retry-After"]) == (429, "60")
    assert "wait a minute, then go on" in second.content.decode()


def test_a_caller_of_the_api_who_asks_too_often_is_told_when_to_ask_again(settings):
    settings.API_RATE = "3/min"
    people = [make.person(groups=[LEAD]) for _ in range(2)]
    clients = []
    for person in people:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {make.token(person, scopes=['read'])[1]}")
        clients.append(client)

    answers = [clients[0].get("/api/v1/people/") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 120
    assert answers[-1].json()["errors"][0]["code"] == "throttled"
    assert clients[1].get("/api/v1/people/").status_code == 200


def test_calls_of_the_last_minute_count_for_the_part_of_it_that_is_less_than_a_minute_ago(settings, monkeypatch):
    settings.API_RATE = "4/min"
    person, at = make.person(), [60_000.0]
    monkeypatch.setattr(PerCaller, "timer", lambda _self: at[0])

    def ask():
        request = APIRequestFactory().get("/")
        request.user = person
        throttle = PerCaller()
        return None if throttle.allow_request(request, APIView()) else throttle.wait()

    assert [ask() for _ in range(5)] == [None, None, None, None, pytest.approx(75)]  # a quarter of 4 must fall away
    at[0] += 76
    assert ask() is None
    assert ask() == pytest.approx(60 * (1 - 2 / 4) - 16)
    at[0] += 14
    assert ask() is None
    at[0] += 1_000
    assert [ask() for _ in range(4)] == [None] * 4


def test_an_address_is_counted_under_its_fingerprint_however_long_it_is(settings):
    settings.API_RATE = "2/min"
    request = APIRequestFactory().get("/", headers={"x-forwarded-for": "7" * 5_000})
    request.user = AnonymousUser()

    allowed = [PerCaller().allow_request(request, APIView()) for _ in range(3)]

    assert allowed == [True, True, False]
    assert len(Caller.objects.get().who) < 100


def test_counts_of_callers_are_forgotten_once_they_matter_no_more(settings, monkeypatch):
    settings.API_RATE = "1/min"
    at = [60_000.0]
    monkeypatch.setattr(PerCaller, "timer", lambda _self: at[0])
    request = APIRequestFactory().get("/")
    request.user = make.person()
    PerCaller().allow_request(request, APIView())

    forget_callers()
    still_counted = not PerCaller().allow_request(request, APIView())
    at[0] += 120
    forget_callers()

    assert still_counted
    assert not Caller.objects.exists()
