"""API tokens: made once, scoped, refused politely."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.permissions import IMPORT, NamedGroups
from crm_adoption.people import services
from crm_adoption.people.models import ApiToken
from crm_adoption.people.tokens import BearerToken
from tests import make
from tests.people.conftest import PASSWORD

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


def ask(client, header: str | bytes, address: str = ME, method: str = "get"):
    return getattr(client, method)(address, HTTP_AUTHORIZATION=header)


@pytest.mark.parametrize("keyword", ["Token", "Bearer", "token", "BEARER"])
def test_a_token_opens_the_api_as_its_owner(client, keyword):
    owner = make.person(groups=["integration"])
    _token, text = make.token(owner)

    answer = ask(client, f"{keyword} {text}")

    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["token"]["scopes"]) == (owner.pk, ["read"])


def test_the_token_and_its_owner_are_read_whole():
    token, text = make.token(make.person(groups=["integration"]))
    stored = ApiToken.objects.select_related("user").get(pk=token.pk)

    owner, found = BearerToken().authenticate_credentials(text.encode())

    assert found.last_used_at is None
    assert model_to_dict(found) == model_to_dict(stored)
    assert model_to_dict(owner) == model_to_dict(stored.user)
    assert (owner.created_at, found.created, found.digest) == (stored.user.created_at, stored.created, stored.digest)


@pytest.mark.parametrize(
    "header",
    [
        b"Token \xff\xfe",
        b"Bearer \xff\xfe",
        "Token",
        "Token a b",
        "Token crma_" + "0" * 64,
        "Token crma_" + "0" * 63,
        "Token crma_" + "g" * 64,
        "Token crma_\x00" + "0" * 63,
        "Token " + "x" * 10_000,
        "Bearer crma_" + "²" * 64,
    ],
)
def test_garbage_is_refused_with_401_and_never_an_error(client, header):
    make.token()

    answer = ask(client, header.decode("latin-1") if isinstance(header, bytes) else header)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Token"


def test_a_token_of_another_kind_is_nobodys(client):
    assert ask(client, "Basic bGVuYTpzZWNyZXQ=").status_code == 401


def test_an_expired_token_is_refused_and_stays_for_its_owner_to_see(client):
    expired, text = make.token(days=-1)

    answer = ask(client, f"Token {text}")

    assert answer.status_code == 401
    assert ApiToken.objects.filter(pk=expired.pk).exists()


def test_reading_notes_the_use_once_a_minute_and_writes_nothing_else(client):
    token, text = make.token()

    def writes() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            assert ask(client, f"Token {text}").status_code == 200
        return [
            sql for query in asked if any(verb in (sql := query["sql"]) for verb in ("UPDATE ", "INSERT ", "DELETE "))
        ]

    first, second = writes(), writes()
    token.refresh_from_db()

    assert len(first) == 1
    assert 'SET "last_used_at"' in first[0]
    assert second == []
    assert token.last_used_at is not None
    assert timezone.now() - token.last_used_at < timedelta(minutes=1)


def test_a_token_of_somebody_who_may_not_sign_in_is_refused(client):
    owner = make.person()
    _token, text = make.token(owner)
    type(owner).objects.filter(pk=owner.pk).update(is_active=False)

    assert ask(client, f"Token {text}").status_code == 401


def test_a_token_without_the_scope_read_reads_nothing(client):
    _token, text = make.token(make.person(groups=["adoption lead"]), scopes=["import", "admin"])

    answer = ask(client, f"Token {text}", "/api/v1/people/")

    assert answer.status_code == 403
    assert answer.json()["errors"][0]["detail"] == "This token lacks the scope read; make one that has it."


def test_a_scope_gives_no_more_than_the_owner_may(client):
    _token, text = make.token(make.person(groups=["champion"]), scopes=["read", "import", "admin"])

    assert ask(client, f"Token {text}", "/api/v1/people/").status_code == 403


@pytest.mark.parametrize(
    ("scopes", "said", "may"),
    [
        (["read"], None, False),
        (["import"], None, True),
        (["admin"], None, False),
        (["import"], "admin", False),
        (["admin"], "admin", True),
    ],
)
def test_writing_takes_the_scope_import_or_the_one_the_view_says(rf, scopes, said, may):
    token, _text = make.token(make.person(groups=["adoption lead"]), scopes=scopes)
    request = rf.post("/")
    request.user, request.auth = token.user, token
    view = type("View", (), {"writers": ("adoption lead",), "scope": said or IMPORT})()

    assert NamedGroups().has_permission(request, view) is may


def test_no_page_opens_by_a_token(client):
    _token, text = make.token(make.person(groups=["adoption lead"]), scopes=["read", "import", "admin"])

    assert ask(client, f"Token {text}", "/people/").status_code == 302


def test_the_token_is_kept_as_a_digest_which_no_text_of_it_shows(client):
    token, text = make.token(name="nightly")

    assert text not in str(vars(token))
    assert token.digest not in str(token) + repr(token)
    assert str(token) == f"nightly of {token.user}"


def test_a_token_is_shown_once_then_listed_without_its_text_and_revoked(client, lead, sign_in):
    sign_in(lead)
    client.post("/sign-in/again/", {"password": PASSWORD})

    made = client.post("/people/tokens/", {"name": "nightly import", "scopes": ["read", "import"], "days": "30"})
    text = made.context["made"]
    listed = client.get("/people/tokens/").content.decode()
    works = ask(type(client)(), f"Token {text}").status_code
    client.post(f"/people/tokens/{ApiToken.objects.get().pk}/revoke/")

    assert text in made.content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    assert "nightly import" in listed
    assert text not in listed
    assert (works, ask(type(client)(), f"Token {text}").status_code) == (200, 401)


def test_making_a_token_asks_for_the_password_once_more(client, lead):
    client.force_login(lead)

    answer = client.post("/people/tokens/", {"name": "nightly", "scopes": ["read"], "days": "30"})

    assert answer.headers["Location"].startswith("/sign-in/again/")
    assert not ApiToken.objects.exists()


def test_nobody_revokes_the_token_of_somebody_else(client, lead):
    token, _text = make.token()
    client.force_login(lead)

    assert client.post(f"/people/tokens/{token.pk}/revoke/").status_code == 404
    assert ApiToken.objects.filter(pk=token.pk).exists()


@pytest.mark.parametrize(
    ("scopes", "days", "sentence"),
    [
        (["read"], 366, "from 1 to 365 days, not 366"),
        (["read"], 0, "from 1 to 365 days, not 0"),
        ([], 30, "A token needs a scope"),
        (["everything"], 30, "no scope “everything”"),
    ],
)
def test_a_token_has_known_scopes_and_ends_within_a_year(scopes, days, sentence):
    with pytest.raises(Refusal, match=sentence):
        services.make_token(make.person(), name="nightly", scopes=scopes, days=days)


def test_the_store_itself_refuses_a_token_without_an_end():
    token, _text = make.token()

    wrong: dict[str, Any]
    for wrong in (
        {"expiry": None},
        {"expiry": timezone.now() + timedelta(days=400)},
        {"scopes": []},
        {"scopes": ["x"]},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiToken.objects.filter(pk=token.pk).update(**wrong)


def test_the_schema_shows_the_token_scheme(client):
    schema = client.get("/api/v1/schema/?format=json").json()

    assert schema["components"]["securitySchemes"]["apiToken"]["scheme"] == "bearer"
    assert {"apiToken": []} in schema["paths"]["/api/v1/me/"]["get"]["security"]
    assert schema["components"]["schemas"]["ScopesEnum"]["enum"] == ["read", "import", "admin"]
