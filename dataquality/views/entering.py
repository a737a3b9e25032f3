"""A record entered here by hand, and what it probably duplicates, said while it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm_adoption.jobs.services import start
from crm_adoption.kit.access import LEAD, STEWARD, for_groups
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality.forms import EnterForm
from dataquality.models import Pair
from dataquality.models.matching import NEARLY_SURE
from dataquality.reasons import for_it
from dataquality.services import entering, matching
from dataquality.services.matching import Likely
from dataquality.subjects import Subject
from dataquality.views.named import table_named

KEEPERS = (LEAD, STEWARD)


@dataclass(frozen=True)
class Alike:
    """A stored record that is probably the same, how probably, and what speaks most for it."""

    record: Any
    probability: float
    reasons: list[str]


def alike(subject: Subject, likely: list[Likely], *, besides: int | None = None) -> list[Alike]:
    """The likely duplicates as pages show them, the surest first; those that somebody called different are left out."""
    wanted = {one.record_id for one in likely}
    if besides is not None:
        apart = Pair.objects.touching(subject.slug, besides).filter(state=Pair.State.DIFFERENT)
        wanted -= {end for pair in apart.values_list("a", "b") for end in pair}
    records = subject.model._default_manager.select_related("source").in_bulk(wanted)
    return [
        Alike(records[one.record_id], min(one.probability, NEARLY_SURE), for_it(one.reasons, subject))
        for one in likely
        if one.record_id in records
    ]


def _enterable(slug: str) -> Subject:
    subject = table_named(slug)
    if not subject.enter:
        raise Http404(_("%(table)s are not entered here; they come with an export.") % {"table": subject.label})
    return subject


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def record_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter a record; one that is probably here already is shown first, and entered only with a reason."""
    subject = _enterable(slug)
    form = EnterForm(request.POST or None, subject=subject)
    likely: list[Likely] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                batch = entering.enter(
                    subject, form.values, by=cast(Person, request.user), now=timezone.now(),
                    allow_duplicate=form.cleaned_data["allow_duplicate"],
                )  # fmt: skip
            except entering.WouldDuplicate as refusal:
                likely, status = refusal.likely, 409
                form.add_error("allow_duplicate", _("Use the record that is here, or say why there may be two."))
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
                status = 409
            else:
                start("apply_batch", scope=str(batch.pk), by=request.user)
                messages.success(request, _("Entered; it leaves for the CRM with the next file."))
                return redirect(batch)
    context = {
        "form": form, "subject": subject, "alike": alike(subject, likely), "checked": bool(likely),
        "asks_why": bool(likely) or "allow_duplicate" in form.errors or bool(request.POST.get("allow_duplicate")),
    }  # fmt: skip
    return render(request, "dataquality/record_new.html", context, status=status)


@require_POST
@for_groups(*KEEPERS)
def record_new_check(request: HttpRequest, slug: str) -> HttpResponse:
    """What a record that is being typed probably duplicates."""
    subject = _enterable(slug)
    form = EnterForm(request.POST, subject=subject)
    values = form.values if form.is_valid() else {}
    likely = matching.likely_duplicates(subject, values) if values else []
    context = {"subject": subject, "alike": alike(subject, likely or []), "checked": likely is not None and values}
    return render(request, "dataquality/_alike.html", context)
