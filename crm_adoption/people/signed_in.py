"""Who a browser's session belongs to, asked before every request: two statements that are planned once a connection."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from crm_adoption.kit.prepared import fetch_prepared
from crm_adoption.people.models import Person

SESSION = "SELECT session_data FROM {} WHERE session_key = $1::text AND expire_date > $2::timestamptz"
PERSON = "SELECT {} FROM {} WHERE id = $1::bigint"


class SessionStore(db.SessionStore):
    """Django's own sessions in the store, read by a planned statement; `SESSION_ENGINE` names this module."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key, where it is not known, has ended, or could never be a key."""
        if self.session_key and self.session_key.isalnum():  # a cookie may hold any character, and the store none of 0
            asked = [self.session_key, timezone.now()]
            for (data,) in fetch_prepared("session", SESSION.format(self.model._meta.db_table), asked):
                found: dict[str, Any] = self.decode(data)
                return found
        self._session_key = None
        return {}


class SignedIn(AuthenticationBackend):  # type: ignore[misc]
    """Addresses and passwords as allauth checks them; the person of a session read by a planned statement."""

    def get_user(self, user_id: int) -> Person | None:
        names = [field.attname for field in Person._meta.concrete_fields]
        statement = PERSON.format(", ".join(f'"{name}"' for name in names), Person._meta.db_table)
        for row in fetch_prepared("person", statement, [user_id]):
            person = Person.from_db(DEFAULT_DB_ALIAS, names, row)
            return person if self.user_can_authenticate(person) else None
        return None
