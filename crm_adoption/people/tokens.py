"""API tokens at the door: hashed, expiring, scoped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from hmac import compare_digest
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from crm_adoption.kit.prepared import columns_of, fetch_prepared, read_as
from crm_adoption.people.models import ApiToken, Person

KEYWORDS = (b"token", b"bearer")
SHAPE = re.compile(rb"crma_[0-9a-f]{64}")
NOTED_EVERY = timedelta(minutes=1)
REFUSED = _("This token is not known, has expired, or its owner may not sign in; make a new one on the token page.")


class BearerToken(TokenAuthentication):  # type: ignore[misc]
    """`Authorization: Token crma_…` or `Bearer crma_…`; whatever is not such a token is 401, whichever bytes it has.

    Reading changes nothing but `last_used_at`, and that once a minute; expired tokens stay for their owner to see.
    """

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() not in KEYWORDS:
            return None
        if len(words) != 2 or not SHAPE.fullmatch(words[1]):
            raise AuthenticationFailed(REFUSED)
        return self.authenticate_credentials(words[1])

    def authenticate_credentials(self, token: bytes) -> tuple[Person, ApiToken]:
        text, now = token.decode("ascii"), timezone.now()
        digest = hash_token(text)
        candidates = _known(text[: CONSTANTS.TOKEN_KEY_LENGTH])
        found = next((each for each in candidates if compare_digest(each.digest, digest)), None)
        if found is None or found.has_expired(now) or not found.user.is_active:
            raise AuthenticationFailed(REFUSED)
        if found.last_used_at is None or found.last_used_at < now - NOTED_EVERY:
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        return found.user, found


def _known(key: str) -> Iterator[ApiToken]:
    """The tokens that begin so, with their owners: asked before every request of a program."""
    statement = KNOWN.format(
        token=columns_of(ApiToken, "t"), owner=columns_of(Person, "p"), tokens=ApiToken._meta.db_table,
        people=Person._meta.db_table,
    )  # fmt: skip
    own = len(ApiToken._meta.concrete_fields)
    for row in fetch_prepared("known_tokens", statement, [key]):
        token = read_as(ApiToken, row[:own])
        token.user = read_as(Person, row[own:])
        yield token


KNOWN = "SELECT {token}, {owner} FROM {tokens} t JOIN {people} p ON p.id = t.user_id WHERE t.token_key = $1::text"


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema shows it."""

    target_class = "crm_adoption.people.tokens.BearerToken"
    name = "apiToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "crma_ and 64 hexadecimal digits",
            "description": "Make a token on the page API tokens. `Authorization: Token …` is accepted as well.",
        }
