"""A message drafted from the plan's facts: chosen, read, changed, and kept as a message."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm_adoption.kit.access import CHAMPION, LEAD, SPONSOR, for_groups
from crm_adoption.plan.forms.drafts import DraftForm
from crm_adoption.plan.forms.engagement import MessageForm
from crm_adoption.plan.models import Phase
from crm_adoption.plan.queries.drafts import ELEMENTS, Draft
from crm_adoption.plan.queries.launch import drafted
from crm_adoption.plan.views.phases import reader

LINES = 24


@require_safe
@for_groups(LEAD, SPONSOR, CHAMPION)
def message_draft(request: HttpRequest) -> HttpResponse:
    """The question above, the draft below; what the address does not say is proposed."""
    asked = request.GET.copy()
    for name, value in _proposed(request).items():
        if name not in asked:
            asked.setlist(name, value)
    form = DraftForm(asked if asked.get("phase") else None, auto_id="asked_%s")  # the draft below has the same fields
    made = drafted(form.wish, now=timezone.now(), today=timezone.localdate()) if form.is_valid() else None
    context = {"form": form, "draft": made, "message_form": _form(made) if made else None}
    return render(request, "plan/message_draft.html", context)


def _proposed(request: HttpRequest) -> dict[str, list[str]]:
    phases = Phase.objects.exclude(state=Phase.State.CLOSED)
    nearest = phases.filter(state=Phase.State.APPROVED).first() or phases.first()
    return {
        "phase": [str(nearest.pk)] if nearest else [""],
        "audience": ["users"],
        "moment": ["deployment"],
        "elements": list(ELEMENTS),
        "language": [reader(request).language],
    }


def _form(made: Draft) -> MessageForm:
    """The message it becomes, with room to read and change its text."""
    form = MessageForm(initial=_initial(made))
    form.fields["body"].widget.attrs["rows"] = min(LINES, made.body.count("\n") + 3)
    return form


def _initial(made: Draft) -> dict[str, object]:
    wish = made.wish
    return {
        "subject": made.subject, "body": made.body, "audience": wish.audience, "job_role": wish.job_role,
        "moment": wish.moment, "phase": wish.phase, "language": wish.language,
        "objective": wish.phase.objectives.first(), **{f"has_{one}": made.holds(one) for one in ELEMENTS},
    }  # fmt: skip
