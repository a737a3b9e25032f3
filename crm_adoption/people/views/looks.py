"""Who looked at one's own figures; and how often anybody's were looked at, as counts."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm_adoption.kit.access import LEAD, for_groups, signed_in
from crm_adoption.kit.pages import Column, listing
from crm_adoption.people import looks
from crm_adoption.people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def who_looked(request: HttpRequest) -> HttpResponseBase:
    """One's own lines of the ledger; nobody else may ask for them."""
    me = request.user
    assert isinstance(me, Person)
    return listing(
        request, looks.at(me, timezone.localdate()), None, "people/who_looked.html",
        columns=[
            Column("viewer", _("Who"), lambda one: one.viewer.name if one.viewer else _("Somebody who is gone")),
            Column("role", _("As")),
            Column("what", _("What they saw"), lambda one: one.kind),
            Column("via", _("Where"), lambda one: one.get_via_display()),
            Column("times", _("Times that day"), kind="whole"),
            Column("last_at", _("Last"), kind="moment"),
        ],
        ordering={"last_at": ("-last_at", "-pk")},
        export_name="who-looked",
        context={
            "title": _("Who looked at me"), "days": settings.LOOKS_KEPT_DAYS,
            "empty_sentence": _("Nobody has opened a page that shows your figures by name."),
        },
    )  # fmt: skip


@require_safe
@for_groups(LEAD)
def look_counts(request: HttpRequest) -> HttpResponse:
    """Counts by month and kind, so that a lead sees whether trust is used with measure; never who, never whom."""
    context = {
        "rows": looks.by_month(timezone.localdate()), "fewest": looks.FEWEST,
        "days": settings.LOOKS_KEPT_DAYS,
    }  # fmt: skip
    return render(request, "people/look_counts.html", context)
