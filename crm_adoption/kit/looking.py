"""Who looked at whom (T28): what shows a named person's figures leaves a line that this person can read.

A page is marked with `@shows_people(…)`, a viewset is a `ShowsPeople`, an admin page a `ShowsPeopleInAdmin`; each says
with `looked_at` whom its answer names (a list says it with `listing(…, names=…)`). One that is marked and does not say
whom fails, so that a page which comes to name people cannot forget it; `tests/people/test_looks.py` finds the pages
that name people and are not marked.

A list that names several people leaves a line for each of them, however many: each is owed the same truth. A line is
one viewer, one person, one kind of page in one role on one day, and counts how often, so that the lines stay few. A
file of a list leaves them before it is sent. Nobody leaves a line about themselves. What has only names on it (who owns
a record, who sits where, who answered for a decision) shows nobody's figures and leaves none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.functional import Promise

from crm_adoption.kit.access import LEAD, STEWARD, let_in_as

View = Callable[..., HttpResponseBase]
Text = str | Promise
PAGE, FILE, API, ADMIN = "page", "file", "api", "admin"
STAFF = (LEAD, STEWARD)  # who the admin site, and a page that guards itself, lets see others
READING = ("GET", "HEAD")  # OPTIONS tells what may be asked, and shows nobody
LONGEST = 60  # characters of a kind's slug

_kinds: dict[str, Text] = {}
_keepers: list[Callable[..., None]] = []


def declare(what: str, label: Text) -> str:
    """Give a kind of figures its name in people's words; several pages may show one kind."""
    if len(what) > LONGEST:
        raise ValueError(f"{what!r} has more than {LONGEST} characters.")
    _kinds.setdefault(what, label)
    return what


def name_of(what: str) -> Text:
    """In people's words; the slug itself where no page shows this kind any more."""
    return _kinds.get(what, what)


def keep_looks_with(keeper: Callable[..., None]) -> None:
    """Say who writes the lines; the floor that knows people does."""
    _keepers[:] = [keeper]


def looked_at(request: Any, people: Iterable[Any], *, via: str = "") -> None:
    """Say whom this answer shows: people, their keys, or rows with a `person`; nobody is an answer as well."""
    plain = plain_request(request)
    seen: set[int] = getattr(plain, "people_shown", None) or set()
    seen.update(key for one in people if (key := _key_of(one)) is not None)
    plain.people_shown = seen  # type: ignore[attr-defined]
    if via:
        plain.people_shown_via = via  # type: ignore[attr-defined]


def shows_people(what: str, label: Text) -> Callable[[View], View]:
    """A page whose answer shows figures of people by name; it stands below the guard, next to the view."""
    declare(what, label)

    def decorate(view: View) -> View:
        @wraps(view)
        def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            settle(request, response, what, via=PAGE)
            return response

        seen.shows_people = what  # type: ignore[attr-defined]
        return seen

    return decorate


def settle(request: Any, response: Any, what: str, *, via: str, must_say: bool = True) -> None:
    """Keep the lines of an answer that was given; a refusal and a way elsewhere show nobody."""
    if response.status_code >= 300:
        return
    plain = plain_request(request)
    people: set[int] | None = getattr(plain, "people_shown", None)
    if people is None:
        if must_say:
            raise RuntimeError(f"{plain.path} shows {what} and has not said whose; call looked_at.")
        return
    others = people - {request.user.pk}
    if not others:
        return
    role = let_in_as(request.user, getattr(plain, "let_in_by", ()) or STAFF)
    for keep in _keepers:
        keep(request.user, others, what=what, role=role, via=getattr(plain, "people_shown_via", via))


class _Shows:
    """What both kinds say: kind of figures with its name, where a row names the person, whether a list shows any."""

    shows: tuple[str, Text]
    shows_people: str
    person_of = "person_id"
    list_shows = True

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if "shows" in cls.__dict__:
            cls.shows_people = declare(*cls.shows)


class ShowsPeople(_Shows):
    """For viewsets: `shows` is the kind and its name; the person of a row is its `person`, unless `person_of` says.

    A list that is a mere directory says so with `list_shows`. Comes before the mixins of Django REST framework.
    """

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)  # type: ignore[misc]
        looked_at(self.request, _keys(rows or () if self.list_shows else (), self.person_of))  # type: ignore[attr-defined]
        return rows

    def get_object(self) -> Any:
        row = super().get_object()  # type: ignore[misc]
        looked_at(self.request, _keys([row], self.person_of))  # type: ignore[attr-defined]
        return row

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        finished = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        settle(request, finished, self.shows[0], via=API, must_say=request.method in READING)
        return finished


class ShowsPeopleInAdmin(_Shows):
    """For the admin site: a row's page, its history and, unless `list_shows` is false, the list."""

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **more: Any) -> Any:
        response = super().changeform_view(request, object_id, *args, **more)  # type: ignore[misc]
        return self._seen(request, object_id, response)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **more: Any) -> Any:
        response = super().history_view(request, object_id, *args, **more)  # type: ignore[misc]
        return self._seen(request, object_id, response)

    def changelist_view(self, request: HttpRequest, *args: Any, **more: Any) -> Any:
        response = super().changelist_view(request, *args, **more)  # type: ignore[misc]
        if self.list_shows and isinstance(response, TemplateResponse):
            shown = (response.context_data or {}).get("cl")
            looked_at(request, _keys(getattr(shown, "result_list", ()), self.person_of))
            settle(request, response, self.shows[0], via=ADMIN)
        return response

    def _seen(self, request: HttpRequest, object_id: str | None, response: Any) -> Any:
        row = self.get_object(request, unquote(object_id)) if object_id else None  # type: ignore[attr-defined]
        looked_at(request, _keys([] if row is None else [row], self.person_of))
        settle(request, response, self.shows[0], via=ADMIN)
        return response


def plain_request(request: Any) -> HttpRequest:
    """Django's own request beneath that of the API, where marks of one answer are kept."""
    plain: HttpRequest = getattr(request, "_request", request)
    return plain


def _keys(rows: Iterable[Any], person_of: str) -> list[int | None]:
    return [getattr(row, person_of) for row in rows]


def _key_of(one: Any) -> int | None:
    if one is None or isinstance(one, int):
        return one
    key: int | None = getattr(one, "person_id", None) or one.pk
    return key
