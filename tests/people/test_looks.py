"""Who looked at whom: what shows a named person's figures leaves a line, and only that person reads it."""

from __future__ import annotations

import json
import logging
import re
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import IntegrityError, InternalError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import timezone

from crm_adoption.kit import looking
from crm_adoption.people import looks, services
from crm_adoption.people.models import Look, Person
from tests import make
from tests.test_access import ARGUMENT, ROUTES, ROWS, patterns
from tests.training import made
from tests.usage import made as _of_usage  # noqa: F401 - says what stands for its arguments
from training import services as training
from training.models import GoLive, Session

pytestmark = pytest.mark.django_db

# Addresses, by how they begin, that name people and show nobody's figures, and why. A page that comes to name people is
# marked with shows_people, or stands here.
NAMES_ONLY = {
    "admin/accounts/": "whose a record is in the CRM",
    "admin/contacts/": "whose a record is in the CRM",
    "admin/autocomplete/": "names to choose from",
    "admin/dataquality/": "who imported, corrected, waived or answered for it: acts on data, not figures of people",
    "admin/people/person/": "a directory; one person's page and history are marked and looked at below",
    "admin/people/seat/": "who answers for what, which everybody may know",
    "admin/usage/effortrelease/": "who settled it",
    "admin/usage/shadowsystem/": "who owns the file",
    "api/v1/gates/": "who answers for a report that is shown in spite of its gate",
    "api/v1/pairs/": "who judged it",
    "api/v1/people/": "a directory; one person alone is marked and looked at below",
    "api/v1/sessions/": "who teaches",
    "brought/unclaimed/": "whose the customer is in the CRM",
    "corrections/": "who proposed it",
    "field-reviews/": "who signed the review",
    "merges/": "who merged it",
    "people/": "a directory, invitations and seats; one person's page is marked and looked at below",
    "records/": "whose the record is, and who changed it",
    "reports/": "who answers for a report that is shown in spite of its gate",
    "sources/": "who owns it",
    "training/imports/": "who read the file",
    "training/sessions/": "who teaches; who has a seat is marked and looked at below",
    "usage/effort/": "who answers for it",
    "usage/imports/": "who read the file",
    "usage/shadow-systems/": "who owns the file",
    "verification/": "who read the file of answers",
}


def lines() -> list[tuple[str, str, str, int]]:
    return list(Look.objects.order_by("pk").values_list("viewer__name", "person__name", "what", "times"))


# --- the walk ---------------------------------------------------------------------------------------------------
NAMED = re.compile(r"Zyx(\d+)Qw")
OFFERED = re.compile(r"<option\b.*?</option>|<datalist\b.*?</datalist>", re.DOTALL)


def whom_it_names(answer: Any, viewer: Person) -> set[int]:
    """Other people an answer names: by name anywhere but in a list to choose from, or by key as a `person` of JSON."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = body.decode("utf-8", "replace")
    found = {int(key) for key in NAMED.findall(OFFERED.sub("", text))}
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        found |= persons_of(json.loads(text))
    return found - {viewer.pk}


def persons_of(value: Any) -> set[int]:
    if isinstance(value, dict):
        own = {value["person"]} if isinstance(value.get("person"), int) else set()
        return own.union(*map(persons_of, value.values()))
    return set().union(*map(persons_of, value)) if isinstance(value, list) else set()


def is_marked(callback: Any) -> str:
    """What the page, the viewset or the admin site's model says it shows."""
    for holder in (callback, getattr(callback, "cls", None), getattr(callback, "model_admin", None)):
        if said := getattr(holder, "shows_people", ""):
            return str(said)
    return ""


def name_everywhere(somebody: Person) -> None:
    """Whatever may name a person and does not, names this one, where the table's own rules let it."""
    for model in apps.get_models():
        if "site-packages" in apps.get_app_config(model._meta.app_label).path:
            continue
        for field in model._meta.concrete_fields:
            if field.related_model is Person and field.null and model is not Look:
                with suppress(IntegrityError, InternalError), transaction.atomic():
                    model._base_manager.filter(**{field.name: None}).update(**{field.name: somebody})


@pytest.fixture
def walked() -> dict[str, tuple[set[int], set[int]]]:
    """Every address that can be read, asked once by somebody who may everything: whom it named, who got a line."""
    logging.disable(logging.WARNING)
    values = {maker: maker() for maker in {*make.ARGUMENTS.values(), dict}}
    role = make.job_role()
    somebody = make.person(job_role=role, team=make.team())
    course = made.course()
    made.completion(somebody, course)
    made.completion(make.person(job_role=role), made.course())
    training.ask(somebody, text="How?", now=timezone.now())
    process = made.process()
    made.completion(make.person(), made.course(processes=[process]))
    made.change(process)
    for session in Session.objects.filter(ends_at__gt=timezone.now()):
        training.book(session, make.person(), now=timezone.now())
    for go_live in GoLive.objects.all():
        go_live.job_roles.add(role)
    name_everywhere(somebody)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET name = 'Zyx' || id || 'Qw'")
    viewer = make.superuser()
    client = Client(raise_request_exception=True)
    client.force_login(viewer)
    found = {}
    for route in ROUTES:
        if "GET" not in ROWS.get(route, {}) or route.startswith("sign-in/"):
            continue
        known = values[make.ARGUMENTS.get(route, dict)]
        parts = ARGUMENT.split(route)
        parts[1::2] = [str(known.get(name, 999_999_999)) for name in parts[1::2]]
        Look.objects.all().delete()
        answer = client.get("/" + "".join(parts), known.get("?", {}), follow=True)
        named = whom_it_names(answer, viewer) if answer.status_code == 200 else set()
        found[route] = named, set(Look.objects.values_list("person", flat=True))
    logging.disable(logging.NOTSET)
    return found


def test_a_page_that_names_people_leaves_a_line_for_each_or_says_why_not(walked):
    callbacks, wrong = dict(patterns(get_resolver())), []
    for route, (named, lined) in walked.items():
        excused, marked = route.startswith(tuple(NAMES_ONLY)), is_marked(callbacks[route].callback)
        if named and not marked and not excused:
            wrong.append(f"{route} names {len(named)} people: mark it with shows_people, or say in NAMES_ONLY why not.")
        if marked and named - lined and not excused:
            wrong.append(f"{route} shows {marked} of people {sorted(named - lined)} and leaves no line for them.")
    kinds = {is_marked(one.callback) for route, one in callbacks.items() if walked.get(route, ({}, {}))[1]}

    assert not wrong, "\n".join(wrong)
    assert {"people.person", "people.tokens", "training.learning", "training.sessions", "training.enquiries"} <= kinds


def test_every_address_that_is_excused_is_still_there():
    assert [start for start in NAMES_ONLY if not any(route.startswith(start) for route in ROUTES)] == []


def test_a_marked_page_that_says_nobody_fails_instead_of_forgetting():
    @looking.shows_people("test.forgets", "What a page forgot")
    def page(request):
        return HttpResponse("Anna Able: 12 of 20")

    request = RequestFactory().get("/page/")
    request.user = make.person()

    with pytest.raises(RuntimeError, match="has not said whose"):
        page(request)


# --- what a line says -------------------------------------------------------------------------------------------
@pytest.fixture
def trained():
    """Two people with a course each, and the trainer who may see it."""
    anna, bert = (make.person(name=name) for name in ("Anna Able", "Bert Bold"))
    for person in (anna, bert):
        made.completion(person, made.course())
    return anna, bert, make.person(name="Tom Trainer", groups=["trainer"])


def test_everybody_a_list_names_gets_one_line_a_day_that_counts(client, trained):
    _anna, _bert, tom = trained
    client.force_login(tom)

    for _time in range(3):
        client.get("/training/completions/")

    assert sorted(lines()) == [("Tom Trainer", "Anna Able", "training.learning", 3),
                               ("Tom Trainer", "Bert Bold", "training.learning", 3)]  # fmt: skip
    assert {(look.role, look.via) for look in Look.objects.all()} == {("trainer", "page")}


def test_only_whom_the_page_names_gets_a_line(client, trained):
    anna, _bert, tom = trained
    client.force_login(tom)

    client.get(f"/training/completions/{anna.completions.get().pk}/withdraw/")

    assert lines() == [("Tom Trainer", "Anna Able", "training.learning", 1)]


def test_a_file_leaves_lines_for_everybody_in_it_beyond_the_page(client):
    tom, course = make.person(groups=["trainer"]), made.course()
    people = [make.person() for _ in range(60)]
    for person in people:
        made.completion(person, course)
    client.force_login(tom)

    answer = client.get("/training/completions/?export=csv")
    b"".join(answer.streaming_content)

    assert set(Look.objects.filter(via="file").values_list("person", flat=True)) == {one.pk for one in people}


def test_a_program_and_the_admin_site_leave_lines_too(client, trained):
    anna, _bert, tom = trained
    _token, text = make.token(tom)
    lead = make.person(groups=["adoption lead"])

    client.get(f"/api/v1/completions/{anna.completions.get().pk}/", headers={"authorization": f"Token {text}"})
    client.force_login(lead)
    client.get(f"/admin/people/person/{anna.pk}/change/")

    seen = Look.objects.filter(person=anna).values_list("viewer", "via", "role", "what")
    assert set(seen) == {
        (tom.pk, "api", "trainer", "training.learning"), (lead.pk, "admin", "adoption lead", "people.person"),
    }  # fmt: skip


def test_neither_a_refusal_nor_a_look_at_oneself_leaves_a_line(client, trained):
    anna, _bert, tom = trained
    client.force_login(anna)
    assert client.get(f"/people/{anna.pk}/").status_code == 200
    assert client.get(f"/people/{tom.pk}/").status_code == 403
    assert client.get("/training/completions/").status_code == 403

    assert lines() == []


def test_a_person_reads_who_looked_on_their_pages_and_over_the_api_and_nobody_else_does(client, trained):
    anna, bert, tom = trained
    client.force_login(tom)
    client.get(f"/training/completions/{anna.completions.get().pk}/withdraw/")

    client.force_login(anna)
    for address in ("/people/who-looked/", "/my-use/", "/for-me/"):
        assert "Tom Trainer" in client.get(address).content.decode(), address
    [row] = client.get("/api/v1/me/looks/").json()["results"]
    assert (row["viewer"], row["role"], row["what"], row["times"]) == ("Tom Trainer", "trainer", "training.learning", 1)
    client.force_login(bert)
    for address in ("/people/who-looked/", "/my-use/", "/for-me/", "/api/v1/me/looks/"):
        assert "Tom Trainer" not in client.get(address).content.decode(), address


def test_a_lead_sees_counts_of_five_people_or_more_and_can_ask_by_no_viewer(client):
    tom, lead = make.person(name="Tom Trainer", groups=["trainer"]), make.person(groups=["adoption lead"])
    now = timezone.now()
    five = [make.person(name=f"Seen {n}").pk for n in range(5)]
    services.note_looks(tom, five, what="training.learning", role="trainer", via="page", now=now)
    services.note_looks(tom, five[:4], what="training.sessions", role="trainer", via="page", now=now)
    client.force_login(lead)

    shown = client.get("/people/looks/").content.decode()
    counted = {row.what: (row.people, row.times) for row in looks.by_month(timezone.localdate(now))}

    assert counted == {"training.learning": (5, 5), "training.sessions": (None, None)}
    assert "Tom Trainer" not in shown
    assert "Seen" not in shown
    assert client.get(f"/people/who-looked/?viewer={tom.pk}").context["rows"] == []
    assert client.get(f"/api/v1/me/looks/?person={five[0]}").json().get("results", []) == []
    assert not admin.site.is_registered(Look)


# --- the ledger -------------------------------------------------------------------------------------------------
def test_lines_are_forgotten_after_their_time_and_not_shown_from_then_on(settings):
    settings.LOOKS_KEPT_DAYS = 30
    anna, tom, now = make.person(), make.person(), timezone.now()
    for days in (29, 30):
        services.note_looks(tom, [anna.pk], what="people.person", role="", via="page", now=now - timedelta(days=days))

    assert looks.at(anna, timezone.localdate(now)).count() == 1
    assert services.forget_looks(now) == 1
    assert Look.objects.get().on == timezone.localdate(now) - timedelta(days=29)


def test_a_line_is_one_statement_however_many_people_are_named(django_assert_num_queries):
    tom, people = make.person(), [make.person().pk for _ in range(30)]

    with django_assert_num_queries(1):
        written = services.note_looks(
            tom, [*people, tom.pk, 999_999_999], what="people.person", role="", via="page", now=timezone.now()
        )

    assert written == 30


def test_who_is_gone_takes_the_name_along_and_leaves_the_line():
    anna, tom = make.person(), make.person()
    services.note_looks(tom, [anna.pk], what="people.person", role="", via="page", now=timezone.now())

    tom.delete()

    assert looks.at(anna, timezone.localdate()).get().viewer is None


@pytest.mark.parametrize("address", ["/api/v1/people/{}/", "/api/v1/enrolments/", "/api/v1/completions/"])
def test_what_may_be_asked_of_people_is_told_and_shows_nobody(client, address):
    somebody = make.person()
    client.force_login(make.superuser())

    answer = client.options(address.format(somebody.pk))

    assert answer.status_code == 200
    assert not Look.objects.exists()
