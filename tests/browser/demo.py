"""A page with every part of the kit on it, for tests that look at the parts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import engines
from django.urls import include, path
from django.utils import timezone
from django_filters import FilterSet

from crm_adoption.kit.charts import Chart, Series
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.pages import BulkAction, Change, Column, Entry, SavedFilter, listing
from crm_adoption.people.models import Person

PARTS = (Path(__file__).parent / "parts.html").read_text()


@login_required
def parts(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    for level, sentence in (("success", "1,480 rows repaired."), ("warning", "One report is stamped."),
                            ("error", "The file is not a CSV.")):  # fmt: skip
        getattr(messages, level)(request, sentence)
    tables = ("Accounts", "Contacts", "Opportunities", "Leads", "<script>alert(1)</script>")
    ingredients = (
        "Vision",
        "Sponsor",
        "Data",
        "Training",
        "Support",
        "Process",
        "Design",
        "Measures",
        "People",
        "Pace",
    )
    context = {
        "now": now - timedelta(hours=3),
        "values": [0.12, 0.11, None, 0.08, 0.06, 0.04],
        "bars": Chart("bar", tables, [Series("Wrong", [0.012, 0.073, 0.168, 0.19, 0.02])], unit="%", limit=0.05,
                      limit_label="limit", horizontal=True, head="Table"),
        "lines": {"type": "line", "categories": [f"W{n}" for n in range(36, 46)], "unit": "people", "head": "Week",
                  "series": [{"name": "People", "values": [8, 12, 21, 24, 30, 41, 44, 50, 57, 58]},
                             {"name": "Target", "values": [10, 16, 22, 28, 34, 40, 46, 52, 58, 64], "dashed": True}]},
        "stacked": Chart("stacked", tables, [Series("Blank", [3, 40, 80, 12, 4]), Series("Odd", [1, 20, 9, 30, 2]),
                         Series("Dangling", [0, 9, 44, 3, 1])], unit="rows", head="Table"),
        "wheel": Chart("wheel", ingredients, [Series("Evidence", [0.4, 0.8, 0.6, 0.3, 0.5, 0.7, 0.2, 0.9, 0.4, 0.6]),
                       Series("Claim", [0.6, 0.7, 0.9, 0.4, 0.5, 0.8, 0.6, 0.9, 0.5, 0.6])], unit="%", head="What"),
        "reasons": [("1,393 opportunities point at no product", "/"), "Accounts are blank in 1,425 rows"],
        "links": [("See the rows", "/")],
        "entries": [
            Entry(now - timedelta(minutes=5), "Ada accepted GTXPro as GTX Pro", who="Ada", url="/",
                  changes=(Change("product", "GTXPro", "GTX Pro"), Change("stage", "", "Won"))),
            Entry(now - timedelta(days=2), "Batch 4 applied", text="8,800 rows read"),
        ],
    }  # fmt: skip
    return HttpResponse(engines["django"].from_string(PARTS).render(context, request))


class PersonFilter(FilterSet):  # type: ignore[misc]
    class Meta:
        model = Person
        fields = {"name": ["icontains"], "language": ["exact"], "started_on": ["gte"]}


@login_required
def people(request: HttpRequest) -> HttpResponseBase:
    return listing(
        request,
        Person.objects.select_related("team"),
        PersonFilter,
        columns=[
            Column("name", "Name", kind="link", url=lambda person: f"/people/{person.pk}/"),
            Column("team", "Team", accessor="team.name"),
            Column("language", "Language", kind="badge"),
            Column("started_on", "Started", kind="date"),
            Column("pk", "Number", kind="number"),
        ],
        ordering={"name": "name", "started_on": ("started_on", "name"), "pk": "pk"},
        export_name="people",
        saved=[SavedFilter("English", "language=en")],
        bulk=[BulkAction("rename", "Speak Chinese", speak_chinese, warning="Their pages will be in Chinese.")],
        context={"title": "People of the company"},
        page_size=4,
    )


def speak_chinese(request: HttpRequest, people: QuerySet[Person]) -> str:
    return f"{people.update(language='zh-hans')} people changed."


def refused(request: HttpRequest) -> HttpResponse:
    raise Refusal("Close or move its 3 live subsidiaries first.", links=(("See the subsidiaries", "/parts/"),))


urlpatterns = [
    path("list/", people, name="list"),
    path("parts/", parts, name="parts"),
    path("refused/", login_required(refused), name="refused"),
    path("", include("crm_adoption.urls")),
]
