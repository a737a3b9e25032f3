"""Who a browser's session belongs to, asked before every request: one statement that is planned once a connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.usersessions.models import UserSession
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.sessions.backends import db
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from crm_adoption.kit.prepared import columns_of, fetch_prepared, read_as
from crm_adoption.people.models import Person

SESSION = """
    SELECT s.session_data, {columns}
      FROM {sessions} s
      LEFT JOIN {signed_in} u ON u.session_key = s.session_key LEFT JOIN {people} p ON p.id = u.user_id
     WHERE s.session_key = $1::text AND s.expire_date > $2::timestamptz"""
PERSON = "SELECT {columns} FROM {people} p WHERE p.id = $1::bigint"


class SessionStore(db.SessionStore):
    """Django's own sessions in the store, read by a planned statement; `SESSION_ENGINE` names this module.

    `person` came with what was read: who signed in with it, by the list of sessions. What the session says is not
    looked at here, so that nobody is signed in by this alone.
    """

    person: Person | None = None

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key, where it is not known, has ended, or could never be a key."""
        if self.session_key and self.session_key.isalnum():  # a cookie may hold any character, and the store none of 0
            statement = SESSION.format(
                columns=columns_of(Person, "p"), people=Person._meta.db_table, sessions=self.model._meta.db_table,
                signed_in=UserSession._meta.db_table,
            )  # fmt: skip
            for data, *values in fetch_prepared("session", statement, [self.session_key, timezone.now()]):
                person = read_as(Person, values)
                self.person = person if person.pk is not None else None
                found: dict[str, Any] = self.decode(data)
                return found
        self._session_key = None
        return {}


class SignedIn(AuthenticationBackend):  # type: ignore[misc]
    """Addresses and passwords as allauth checks them; the person of a session as it came with the session."""

    def get_user(self, user_id: int) -> Person | None:
        """Who has this number and may sign in."""
        session = _session.get()
        person = session.person if session is not None else None
        if person is None or person.pk != user_id:
            statement = PERSON.format(columns=columns_of(Person, "p"), people=Person._meta.db_table)
            rows = fetch_prepared("person", statement, [user_id])
            person = read_as(Person, rows[0]) if rows else None
        return person if person is not None and self.user_can_authenticate(person) else None


class WhoIsSignedIn(AuthenticationMiddleware):
    """Django's own, which looks whether the session is still good for the person; only the question is saved."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)

        def who() -> Any:
            with _of(request.session):
                return get_user(request)

        request.user = SimpleLazyObject(who)  # type: ignore[assignment]


# The session whose person is asked for right now, by nobody but the middleware.
_session: ContextVar[SessionStore | None] = ContextVar("session", default=None)


@contextmanager
def _of(session: Any) -> Iterator[None]:
    before = _session.set(session if isinstance(session, SessionStore) else None)
    try:
        yield
    finally:
        _session.reset(before)
