"""Reviews of fields: which are due, and one page for each with its four questions answered from its profile (P46)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm_adoption.kit.access import LEAD, STEWARD, for_groups
from crm_adoption.kit.pages import editing
from crm_adoption.people.models import Person
from dataquality.forms import ReviewForm
from dataquality.models import FieldSetting
from dataquality.queries import profile as profiles
from dataquality.services import reviewing
from dataquality.views.named import table_named

KEEPERS = (LEAD, STEWARD)
AGAIN = timedelta(days=365)


@require_safe
@for_groups(*KEEPERS)
def field_reviews(request: HttpRequest) -> HttpResponse:
    """Due first, then what matters and nobody has ever reviewed."""
    found = profiles.field_reviews(timezone.localdate())
    everything = bool(request.GET.get("all"))
    context = {
        "rows": [one for one in found if everything or one.state != "unasked"], "everything": everything,
        "due": sum(one.state == "due" for one in found), "never": sum(one.state == "never" for one in found),
        "unasked": sum(one.state == "unasked" for one in found),
    }  # fmt: skip
    return render(request, "dataquality/field_reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def field_review(request: HttpRequest, slug: str, field: str) -> HttpResponse:
    """One field: what stands in it, and the four questions; what was answered before stands before what is proposed."""
    subject, today = table_named(slug), timezone.localdate()
    if field not in subject.columns:
        raise Http404(_("%(table)s have no field “%(field)s”.") % {"table": subject.label, "field": field})
    setting = FieldSetting.objects.filter(table=slug, field=field).select_related("signed_by").first()
    found = profiles.profile(subject, field)
    proposed = profiles.answers(found)
    known = (
        {name: getattr(setting, name) for name in (*reviewing.QUESTIONS, "definition", "verdict")} if setting else {}
    )
    initial: dict[str, Any] = proposed | {name: said for name, said in known.items() if said}

    def save(form: ReviewForm) -> FieldSetting:
        said = form.cleaned_data
        return reviewing.review_field(
            subject, field, answers={name: said[name] for name in reviewing.QUESTIONS}, verdict=said["verdict"],
            next_review_on=said["next_review_on"], definition=said["definition"], by=cast(Person, request.user),
            today=today,
        )  # fmt: skip

    return editing(
        request, ReviewForm(request.POST or None, initial=initial | {"next_review_on": today + AGAIN}),
        "dataquality/field_review.html", save=save, success_url=reverse("field-reviews"),
        done=_("Reviewed; it comes up again on its day."),
        context={
            "subject": subject, "field": field, "label": subject.columns[field].label, "profile": found,
            "setting": setting, "proposed": {name: text for name, text in proposed.items() if known.get(name)},
        },
    )  # fmt: skip
