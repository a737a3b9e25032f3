"""What it is all for, read by everybody and written by those who lead it; and where its cycle stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm_adoption.kit.access import EVERYBODY, LEAD, SPONSOR, belongs, for_groups
from crm_adoption.kit.pages import editing
from crm_adoption.plan.forms.programme import ProgrammeForm
from crm_adoption.plan.models import Programme
from crm_adoption.plan.queries.stages import stages


@require_safe
@for_groups(*EVERYBODY)
def programme(request: HttpRequest) -> HttpResponse:
    """Purpose, vision, and the stages of the cycle that go on today."""
    context = {
        "programme": Programme.objects.first(),
        "stages": stages(timezone.now()),
        "may_change": belongs(request.user, (LEAD, SPONSOR)),
        "may_plan": belongs(request.user, (LEAD,)),
    }
    return render(request, "plan/programme.html", context)


@require_http_methods(["GET", "POST"])
@for_groups(LEAD, SPONSOR)
def programme_change(request: HttpRequest) -> HttpResponse:
    """Write the purpose and the vision; the authors' questions stand beside the field."""
    form = ProgrammeForm(request.POST or None, instance=get_object_or_404(Programme, pk=1))
    return editing(
        request, form, "plan/edit.html", save=lambda sent: sent.save(), success_url=reverse("programme"),
        done=_("The programme is saved."),
        context={
            "title": _("What is it all for?"), "back": reverse("programme"), "back_label": _("The programme"),
            "lead": _("Everybody reads it on their first page. Write it in the words of those who serve customers."),
        },
    )  # fmt: skip
