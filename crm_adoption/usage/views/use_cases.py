"""Use cases by role, and one use case."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from crm_adoption.kit.access import belongs, for_groups
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.kit.pages import Column, SavedFilter
from crm_adoption.kit.pages.registers import Register
from crm_adoption.usage import queries, services
from crm_adoption.usage.access import KEEPERS, READERS
from crm_adoption.usage.filters import UseCaseFilter
from crm_adoption.usage.forms import UseCaseForm
from crm_adoption.usage.models import Dimension, UseCase


def _save(request: HttpRequest, form: Any) -> UseCase:
    said = form.cleaned_data
    return services.save_use_case(form.save(commit=False), serves=list(said["serves"]), elements=said["elements"])


use_cases = Register(
    "use-case", "use-cases", UseCase, UseCaseForm, folder="usage/",
    columns=[
        Column("name", _("Use case"), kind="link"),
        Column("job_role", _("Job role")),
        Column("priority", _("Priority"), kind="number"),
        Column("per_28_days", _("Times in 28 days"), kind="number"),
        Column("ideal_clicks", _("Clicks needed"), kind="number"),
        Column("actual_clicks", _("Clicks taken"), kind="number"),
        Column("personalization", _("Personalization"), kind="percent"),
        Column("context", _("Context"), kind="percent"),
        Column("capability", _("Counted by"), wide_only=True),
        Column("learned_from", _("Asked of"), on_page=False),
    ],
    ordering={
        "job_role": ("job_role__name", "-priority", "name", "pk"), "priority": ("-priority", "name", "pk"),
        "name": ("name", "pk"),
    },
    title=_("Use cases"),
    lead=_("What people of each role want to get done, how often, and what it costs them."),
    new=_("Add a use case"), save=_save, done=_("The use case is saved."),
    rows=lambda request: UseCase.objects.filter(retired_on=None).select_related("job_role", "capability"),
    filterset=UseCaseFilter, readers=READERS, writers=KEEPERS, has_page=True, initial=("job_role", "capability"),
    saved=[SavedFilter(_("Nobody was asked"), "asked=false"), SavedFilter(_("Not counted"), "counted=false")],
    template="usage/use_cases.html",
    context=lambda request: {"roles": queries.roles_with_cases(timezone.localdate())},
    empty=_("Ask people of a role what they want to reach, and how; write it down as their use cases."),
)  # fmt: skip


@require_safe
@for_groups(*READERS)
def use_case(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(UseCase.objects.select_related("job_role", "capability"), pk=pk)
    today = timezone.localdate()
    of_role = queries.roles_with_cases(today, role=shown.job_role)
    state = next((one for role in of_role for one in role.cases if one.case.pk == pk), None)
    return render(request, "usage/use_case.html", {
        "case": shown, "state": state, "elements": shown.elements.all(), "feels": _feels(shown),
        "dimensions": [(label, word in shown.dimensions) for word, label in Dimension.choices],
        "may_change": belongs(request.user, KEEPERS),
    })  # fmt: skip


def _feels(case: UseCase) -> Chart | None:
    months = queries.feels_by_month(case, timezone.localdate())
    if not any(mean is not None for _month, _n, mean in months):
        return None
    return Chart(
        "line", [f"{month:%Y-%m}" for month, _n, _mean in months],
        [Series(_now("It feels good, of 5"), [mean for _month, _n, mean in months])], maximum=5, head=_now("Month"),
    )  # fmt: skip
