"""One action on many rows: never without a count and a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.kit.access import EVERYBODY, belongs
from crm_adoption.kit.errors import Refusal

Run = Callable[[HttpRequest, QuerySet[Any]], "str | HttpResponse | None"]


@dataclass(frozen=True)
class BulkAction:
    """What may be done to the chosen rows. `run` does it by one service and returns the sentence that says what was
    done, or an answer of its own. `warning` is shown on the question, before anything happens."""

    name: str
    label: str | Promise
    run: Run
    groups: tuple[str, ...] = EVERYBODY
    warning: str | Promise = ""
    icon: str = "check"
    danger: bool = False


def allowed(request: HttpRequest, actions: Sequence[BulkAction]) -> list[BulkAction]:
    return [action for action in actions if belongs(request.user, action.groups)]


def act(
    request: HttpRequest, queryset: QuerySet[Any], actions: Sequence[BulkAction], crumbs: dict[str, Any]
) -> HttpResponse:
    """Ask first, with the count; then do it, unless the count has changed since the question."""
    action = next((known for known in actions if known.name == request.POST.get("action")), None)
    if action is None:
        raise Refusal(_("This list has no action of that name; choose one of those it offers."))
    if not belongs(request.user, action.groups):
        raise PermissionDenied
    everything = request.POST.get("all") == "1"
    keys = request.POST.getlist("pk")
    chosen = queryset if everything else _only(queryset, keys)
    count = chosen.count()
    if not count:
        messages.warning(request, _("No row was chosen; tick the rows first."))
        return redirect(request.get_full_path())
    if request.POST.get("confirmed") == str(count):
        done = action.run(request, chosen)
        if isinstance(done, HttpResponse):
            return done
        said = done or _("%(label)s: %(count)s rows.") % {"label": action.label, "count": words.number(count)}
        messages.success(request, said)
        return redirect(request.get_full_path())
    asked_before = "confirmed" in request.POST
    sample = list(chosen[:5])
    context = {"action": action, "count": count, "everything": everything, "keys": [] if everything else keys,
               "sample": sample, "changed": asked_before, **crumbs}  # fmt: skip
    return render(request, "kit/confirm.html", context)


def _only(queryset: QuerySet[Any], keys: Sequence[str]) -> QuerySet[Any]:
    try:
        return queryset.filter(pk__in=keys)
    except (ValueError, TypeError):
        raise Refusal(_("A chosen row has no valid key; reload the list and choose again.")) from None
