"""Every address × everybody, against tests/access.csv.

A row says: the pattern, the methods it offers, who may (`anybody`, `signed in`, `nobody`, or groups; a superuser is in
all of them), and the scope a token needs (empty: no token opens it). Whoever may gets any answer but a refusal, 404
and 409 included; whoever may not gets 401, 403 or the way to sign-in. Methods a row does not name are open to nobody.
"""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.plugin import DjangoDbBlocker

from crm_adoption.kit.access import GROUPS
from crm_adoption.kit.permissions import SCOPES
from tests import make
from tests.training import made as _of_training  # noqa: F401 - says what stands for its arguments
from tests.usage import made as _of_usage  # noqa: F401 - says what stands for its arguments

FILE = Path(__file__).with_name("access.csv")
COLUMNS = ["pattern", "methods", "who", "scope"]
TOKENS = tuple(f"token {scope}" for scope in SCOPES)
OUTSIDE = ("nobody signed in", "deactivated")
INSIDE = (*GROUPS, "superuser")
EVERYBODY = (*OUTSIDE, *INSIDE, *TOKENS)
ADMIN_DOORS = ("/admin/", "/admin/login/")  # the admin site sends there whom it will refuse: only the end counts
SAYS_SO = {"readyz": 503, "sign-in/with/login/error/": 401}  # open to anybody, and such is the page's own answer
WATCHING = ("crm_adoption.kit.watching.RequestLog", "django_prometheus.", "whitenoise.")  # sees, and refuses nobody
REGEX_GROUP = re.compile(r"\(\?P<(\w+)>(?:\[[^\]]*\]|[^()])*\)")
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = before + re.sub(r"\\?[\^$]", "", REGEX_GROUP.sub(r"<\1>", str(entry.pattern)))
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


ROUTES = sorted({route for route, _entry in patterns(get_resolver())})
with FILE.open(newline="") as file:
    ROWS: dict[str, dict[str, dict[str, str]]] = {}
    for row in csv.DictReader(file):
        for method in row["methods"].split():
            ROWS.setdefault(row["pattern"], {})[method] = row


@pytest.fixture(scope="module")
def store(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One transaction for the whole file: people and rows are made once, and nothing of them stays."""
    logging.disable(logging.WARNING)  # thousands of refusals are meant
    heeded = [name for name in settings.MIDDLEWARE if not name.startswith(WATCHING)]
    with override_settings(MIDDLEWARE=heeded), django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def everybody(store: None) -> dict[str, dict[str, str]]:
    """Each one's cookie or header."""
    people = {group: make.person(groups=[group]) for group in GROUPS}
    people |= {"superuser": make.superuser(), "deactivated": make.person(groups=GROUPS)}
    doors: dict[str, dict[str, str]] = {"nobody signed in": {}}
    for who, somebody in people.items():
        client.cookies.clear()
        client.force_login(somebody)
        doors[who] = {"HTTP_COOKIE": f"session={client.cookies['session'].value}"}
    type(people["deactivated"]).objects.filter(pk=people["deactivated"].pk).update(is_active=False)
    owner = make.person(groups=GROUPS)
    for scope in SCOPES:
        doors[f"token {scope}"] = {"HTTP_AUTHORIZATION": f"Token {make.token(owner, scopes=[scope])[1]}"}
    return doors


client = Client(raise_request_exception=False)  # one for all: it loads the middleware once


def ask(door: dict[str, Any], method: str, address: str, query: dict[str, str]) -> HttpResponseBase:
    """One request whose effects are undone, by a browser that remembers nothing of the request before."""
    client.cookies.clear()
    more: dict[str, Any] = {"data": query} if method == "GET" else {"data": {}, "content_type": "application/json"}
    if method == "POST" and not address.startswith("/api/"):
        more = {"data": {}}
    with transaction.atomic():
        answer: HttpResponseBase = getattr(client, method.lower())(address, **more, **door)
        for _step in ADMIN_DOORS:
            if answer.status_code == 302 and urlsplit(answer.headers["Location"]).path in ADMIN_DOORS:
                answer = client.get(answer.headers["Location"], **door)
        transaction.set_rollback(True)
    return answer


def says(answer: HttpResponseBase) -> str:
    """`open`, `refused`, `not offered`, or `broken`."""
    if answer.status_code in (401, 403):
        return "refused"
    if answer.status_code == 302:
        to = urlsplit(answer.headers["Location"])
        return "refused" if to.path == "/sign-in/" and to.query.startswith("next=") else "open"
    if answer.status_code >= 500:
        return "broken"
    return "not offered" if answer.status_code == 405 else "open"


def who_may(row: dict[str, str]) -> set[str]:
    named = row["who"]
    if named == "anybody":
        return set(EVERYBODY)
    may = set(INSIDE) if named == "signed in" else {name.strip() for name in named.split(";")} - {"nobody"}
    if may:
        may.add("superuser")
    unknown = may - set(INSIDE)
    assert not unknown, f"{FILE.name} names {sorted(unknown)} for {row['pattern']}; there is no such group."
    return may | ({f"token {row['scope']}"} if row["scope"] else set())


def row_to_add(route: str, seen: dict[str, dict[str, str]]) -> str:
    """What the file would say if today's answers were right; read it before you paste it."""
    lines: dict[tuple[str, str], list[str]] = {}
    for method, answers in seen.items():
        may = {who for who, answer in answers.items() if answer == "open"}
        if may:
            groups = [name for name in GROUPS if name in may]
            words = (
                "anybody" if set(OUTSIDE) <= may else "signed in" if len(groups) == len(GROUPS) else ";".join(groups)
            )
            scopes = [scope for scope in SCOPES if f"token {scope}" in may]
            lines.setdefault((words or "superuser", "" if words == "anybody" else ";".join(scopes)), []).append(method)
    if not lines:
        return f"{route},{' '.join(seen)},nobody,"
    return "\n".join(f"{route},{' '.join(methods)},{who},{scope}" for (who, scope), methods in lines.items())


@pytest.fixture(scope="module")
def addresses(store: None) -> dict[str, tuple[str, dict[str, str]]]:
    """Each route with its arguments filled in, and its query; routes of one maker share what it made."""
    made = {maker: maker() for maker in {*make.ARGUMENTS.values(), dict}}
    filled = {}
    for route in ROUTES:
        values = made[make.ARGUMENTS.get(route, dict)]
        parts = ARGUMENT.split(route)  # text and names of arguments in turn
        parts[1::2] = [str(values.get(name, 999_999_999)) for name in parts[1::2]]
        filled[route] = "/" + "".join(parts), values.get("?", {})
    return filled


@pytest.mark.django_db
@pytest.mark.parametrize("route", ROUTES)
def test_every_address_opens_to_those_the_file_names_and_to_nobody_else(route, everybody, addresses):
    rows = ROWS.get(route, {})
    address, query = addresses[route]
    methods = ("GET", "POST", "PUT", "PATCH", "DELETE") if route.startswith("api/") else ("GET", "POST")
    seen: dict[str, dict[str, str]] = {}
    wrong: list[str] = []
    for method in methods:
        asking = EVERYBODY if method in rows or not rows else (OUTSIDE[0], "superuser", *TOKENS)
        if not route.startswith("api/"):
            asking = tuple(who for who in asking if who not in TOKENS[1:])  # a page looks at no token: one shows it
        may = who_may(rows[method]) if method in rows else set()
        for who in asking:
            answer = ask(everybody[who], method, address, query)
            said = seen.setdefault(method, {})[who] = says(answer)
            if answer.status_code == SAYS_SO.get(route):
                said = seen[method][who] = "open"
            if (said == "open") != (who in may) or said == "broken":
                wrong.append(f"{method} as {who}: {answer.status_code}, {said}")

    assert rows, f"{FILE.name} lacks this address. If today's answers are right, add:\n{row_to_add(route, seen)}"
    assert not wrong, f"{route} differs from {FILE.name}:\n" + "\n".join(wrong) + f"\nToday:\n{row_to_add(route, seen)}"


def test_the_file_names_no_address_that_is_gone():
    assert sorted(set(ROWS) - set(ROUTES)) == []


def test_the_file_is_sorted_so_that_a_change_reads_well():
    named = [line.split(",")[0] for line in FILE.read_text().splitlines()[1:]]

    assert named == sorted(named)
