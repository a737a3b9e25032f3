"""One's own use: seen by nobody else."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm_adoption.kit.access import signed_in
from crm_adoption.kit.pages import editing
from crm_adoption.usage import queries, services
from crm_adoption.usage.access import reader
from crm_adoption.usage.forms import OpinionForm
from crm_adoption.usage.models import UseCase


@require_safe
@signed_in
def my_use(request: HttpRequest) -> HttpResponse:
    me, today = reader(request), timezone.localdate()
    said = queries.own_opinions(me)
    return render(request, "usage/my_use.html", {
        "own": queries.own_adoption(me, today), "saved": queries.own_hours_saved(me),
        "cases": [(case, said.get(case.pk)) for case in queries.own_cases(me)], "taps": range(1, 6),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def my_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap says how it feels; the page asks for the three other words."""
    case = get_object_or_404(UseCase.objects.select_related("job_role"), pk=pk, retired_on=None)
    me, today = reader(request), timezone.localdate()
    if request.method == "POST" and "tap" in request.POST:
        tap = request.POST["tap"]
        if tap in ("1", "2", "3", "4", "5"):
            services.say_opinion(case, me, on=today, feels=int(tap))
            messages.success(request, _("Thank you. Nobody sees your answer, only the mean of five or more."))
        return redirect("my-use")
    form = OpinionForm(request.POST or None)
    return editing(
        request, form, save=lambda sent: services.say_opinion(case, me, on=today, **sent.cleaned_data),
        success_url=reverse("my-use"), done=_("Thank you. Nobody sees your answer, only the mean of five or more."),
        context={"title": str(case), "back": reverse("my-use"), "verb": _("Say it"),
                 "lead": _("How do you find it today, from 1 to 5?")},
    )  # fmt: skip
