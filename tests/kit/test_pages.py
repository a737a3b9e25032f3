"""Lists, forms and records: strict about questions, complete over pages, asking before bulk work."""

from __future__ import annotations

import csv
import io
import sys
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm_adoption.kit import drawing, words
from crm_adoption.kit.access import LEAD
from crm_adoption.kit.charts import Chart, Series, chart_of
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.pages import editing
from crm_adoption.kit.pages.keyset import page_of
from crm_adoption.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.browser.demo")]


@pytest.fixture
def company():
    return Person.objects.bulk_create(
        Person(
            name=f"Person {n:02}", email=f"p{n}@example.test", started_on=date(2026, 1, n // 2 + 1) if n % 3 else None
        )
        for n in range(1, 14)
    )


@pytest.fixture
def lead(client):
    person = Person.objects.create_user("lead@example.test", name="Zoe Lead")
    person.groups.add(Group.objects.get_or_create(name=LEAD)[0])
    client.force_login(person, backend="crm_adoption.people.signed_in.SignedIn")
    return client


def walk(ordering, size):
    """All keys by following "older" from the first page to the last, and back by "newer"."""
    pages, cursor = [], ""
    while True:
        page = page_of(Person.objects.all(), ordering, size, cursor)
        pages.append([record.pk for record in page.records])
        if not page.older:
            break
        cursor = page.older
    back = [pages[-1]]
    while page.newer:
        page = page_of(Person.objects.all(), ordering, size, page.newer)
        back.insert(0, [record.pk for record in page.records])
    return pages, back


@pytest.mark.parametrize("size", [1, 3, 5, 13, 50])
@pytest.mark.parametrize(
    "ordering",
    [["pk"], ["-pk"], ["started_on"], ["-started_on"], ["started_on", "-name"], ["-started_on", "name"],
     ["language", "-started_on"], ["team__name", "started_on"]],
)  # fmt: skip
def test_pages_by_key_show_every_row_once_in_order_forwards_and_back(company, ordering, size):
    tie = "-pk" if ordering[-1].startswith("-") else "pk"
    expected = list(Person.objects.order_by(*ordering, tie).values_list("pk", flat=True))

    pages, back = walk(ordering, size)

    assert [key for page in pages for key in page] == expected
    assert [key for page in back for key in page] == expected


def test_no_page_counts_or_skips_rows(lead, company):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        lead.get("/list/?sort=started_on")

    said = " ".join(query["sql"] for query in queries if "people_person" in query["sql"])
    assert "COUNT(" not in said
    assert "OFFSET" not in said


def test_a_row_that_goes_between_two_pages_shifts_nothing(company):
    first = page_of(Person.objects.all(), ["name"], 4)
    first.records[0].delete()

    second = page_of(Person.objects.all(), ["name"], 4, first.older)

    assert [person.name for person in second.records] == ["Person 05", "Person 06", "Person 07", "Person 08"]


def test_a_damaged_cursor_and_one_of_another_order_are_refused(company):
    page = page_of(Person.objects.all(), ["name"], 4)

    with pytest.raises(Refusal, match="damaged"):
        page_of(Person.objects.all(), ["name"], 4, page.older[:-2] + "xx")
    with pytest.raises(Refusal, match="another sort order"):
        page_of(Person.objects.all(), ["-name"], 4, page.older)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("nmae__icontains=x", "no filter called “nmae__icontains”"),
        ("language=en&password__startswith=a", "no filter called “password__startswith”"),
        ("sort=password", "cannot be sorted by “password”"),
        ("sort=--name", "cannot be sorted"),
        ("started_on__gte=soon", "Enter a valid date"),
        ("cursor=nonsense", "damaged"),
        ("export=exe", "no export called “exe”"),
    ],
)
def test_a_question_the_list_does_not_know_shows_no_rows_and_says_so(lead, company, query, sentence):
    answer = lead.get(f"/list/?{query}")

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert "Person 01" not in answer.content.decode()


def test_applied_filters_are_chips_that_take_themselves_away(lead, company):
    page = lead.get("/list/?name__icontains=07&language=en").content.decode()

    assert "Person 07" in page
    assert "Person 08" not in page
    assert 'href="?language=en"' in page
    assert 'href="?name__icontains=07"' in page


def test_htmx_gets_the_table_alone(lead, company):
    answer = lead.get("/list/", headers={"HX-Request": "true", "HX-Target": "rows"})

    assert "<html" not in answer.content.decode()
    assert "Person 01" in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_an_export_holds_every_row_of_the_filter_beyond_the_page(lead, company):
    answer = lead.get("/list/?export=csv&name__icontains=Person&sort=-name")

    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode(), newline="")))

    assert rows[0] == ["Name", "Team", "Language", "Started", "Number"]
    assert [row[0] for row in rows[1:]] == [f"Person {n:02}" for n in range(13, 0, -1)]


def test_a_list_too_long_for_a_workbook_says_so_and_names_the_way_out(lead, company, monkeypatch):
    monkeypatch.setattr(sys.modules["crm_adoption.kit.pages.listing"], "MOST_IN_A_WORKBOOK", 5)

    answer = lead.get("/list/?export=xlsx")

    assert answer.status_code == 409
    assert "more than 5 rows" in answer.content.decode()
    assert lead.get("/list/?export=xlsx&name__icontains=Person 01").status_code == 200


def test_a_bulk_action_asks_with_the_count_and_then_does_it(lead, company):
    chosen = [str(person.pk) for person in company[:3]]

    question = lead.post("/list/", {"action": "rename", "pk": chosen})
    assert "Speak Chinese: 3 rows?" in question.content.decode()
    assert not Person.objects.filter(language="zh-hans").exists()
    lead.post("/list/", {"action": "rename", "pk": chosen, "confirmed": "3"})

    assert Person.objects.filter(language="zh-hans").count() == 3


def test_a_bulk_action_on_all_rows_keeps_to_the_filter(lead, company):
    lead.post("/list/?name__icontains=Person 0", {"action": "rename", "all": "1", "confirmed": "9"})

    assert Person.objects.filter(language="zh-hans").count() == 9


def test_a_bulk_action_asks_again_when_the_number_of_rows_changed(lead, company):
    question = lead.post("/list/?name__icontains=Person", {"action": "rename", "all": "1", "confirmed": "12"})

    assert "The number of rows changed" in question.content.decode()
    assert not Person.objects.filter(language="zh-hans").exists()


@pytest.mark.parametrize("sent", [{"action": "no-such"}, {"action": "rename", "pk": ["x' OR 1=1"]}])
def test_a_bulk_action_nobody_offers_and_a_key_that_is_none_are_refused(lead, company, sent):
    assert lead.post("/list/", sent).status_code == 409


def test_a_refusal_while_saving_stands_above_the_form_and_loses_nothing():
    class Wish(forms.Form):
        name = forms.CharField()

    def refuse(form):
        raise Refusal("Close its subsidiaries first.")

    request = RequestFactory().post("/", {"name": "Typed once"}, headers={"host": "localhost"})
    request.user, request.session = AnonymousUser(), SessionStore()
    setattr(request, "_messages", FallbackStorage(request))  # noqa: B010

    answer = editing(request, Wish(request.POST), save=refuse, success_url="/")

    assert answer.status_code == 409
    assert "Close its subsidiaries first." in answer.content.decode()
    assert 'value="Typed once"' in answer.content.decode()


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (0, "0 %"),
        (0.0731, "7.3 %"),
        (0.05, "5 %"),
        (0.0002, "< 0.1 %"),
        (0.99999, "> 99.9 %"),
        (1, "100 %"),
        (None, "–"),
    ],
)
def test_a_rate_is_never_rounded_to_none_or_to_all(rate, said):
    assert words.percent(rate) == said


def test_moments_are_said_in_one_unit():
    now = timezone.now()

    said = [words.ago(now - step, now) for step in (timedelta(seconds=5), timedelta(minutes=5), timedelta(hours=1))]
    said += [words.ago(now + timedelta(days=3), now), words.ago(timezone.localdate(now) - timedelta(days=1), now)]

    assert said == ["just now", "5 minutes ago", "1 hour ago", "in 3 days", "yesterday"]


def test_a_meter_over_its_limit_is_hatched_and_one_under_it_is_not():
    over, under = drawing.meter(0.073, 0.05), drawing.meter(0.012, 0.05)

    assert (over.over, bool(over.hatches), over.mark) == (True, True, 50.0)
    assert (under.over, under.hatches, under.bar) == (False, (), 12.0)


def test_a_chart_and_its_table_say_the_same():
    chart = chart_of({"type": "bar", "categories": ["A", "B"], "unit": "%", "limit": Decimal("0.05"),
                      "series": [{"name": "wrong", "values": [Decimal("0.0731"), None]}]})  # fmt: skip

    assert chart.options()["series"][0]["values"] == [0.0731, None]
    assert chart.rows() == [("A", "", ["7.3 %"]), ("B", "", ["–"])]


def test_a_chart_with_a_row_of_the_wrong_length_is_not_drawn():
    with pytest.raises(ValueError, match="'wrong' has 1 values for 2"):
        Chart("bar", ["A", "B"], [Series("wrong", [1])])


def test_words_of_users_stay_words_in_a_chart(lead):
    page = lead.get("/parts/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("address", ["/parts/", "/list/", "/search/?q=<script>alert(1)</script>"])
def test_no_page_of_ours_has_inline_style_or_script(lead, company, address):
    page = lead.get(address).content.decode()

    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page
