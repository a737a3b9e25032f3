"""One action on many rows: never without a count and a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.kit.access import EVERYBODY, belongs
from crm_adoption.kit.errors import Refusal

Run = Callable[..., "str | HttpResponse | None"]


@dataclass(frozen=True)
class BulkAction:
    """What may be done to the chosen rows. `run(request, rows)` does it by one service and returns the sentence that
    says what was done, or an answer of its own. `warning` is shown on the question, before anything happens.

    `asks` is a form that the question holds; what it says goes to `run` by name. `on_row` offers the action on each
    row for which it is true as well, with the same question. `shows` says a row in the question, `row_label` is a
    shorter word for the row's own button.
    """

    name: str
    label: str | Promise
    run: Run
    groups: tuple[str, ...] = EVERYBODY
    warning: str | Promise = ""
    icon: str = "check"
    danger: bool = False
    asks: type[Form] | None = None
    on_row: Callable[[Any], bool] | None = None
    shows: Callable[[Any], str] = str
    row_label: str | Promise = ""


def allowed(request: HttpRequest, actions: Sequence[BulkAction]) -> list[BulkAction]:
    return [action for action in actions if belongs(request.user, action.groups)]


def on_row(actions: Sequence[BulkAction], record: Any) -> list[BulkAction]:
    """The actions that this row offers by itself."""
    return [action for action in actions if action.on_row is not None and action.on_row(record)]


def act(
    request: HttpRequest, queryset: QuerySet[Any], actions: Sequence[BulkAction], crumbs: dict[str, Any]
) -> HttpResponse:
    """Ask first, with the count; then do it, unless the count has changed since the question."""
    wanted, _colon, one = request.POST.get("row_action", "").partition(":")
    name = wanted or request.POST.get("action")
    action = next((known for known in actions if known.name == name), None)
    if action is None:
        raise Refusal(_("This list has no action of that name; choose one of those it offers."))
    if not belongs(request.user, action.groups):
        raise PermissionDenied
    everything = request.POST.get("all") == "1" and not one
    keys = [one] if one else request.POST.getlist("pk")
    chosen = queryset if everything else _only(queryset, keys)
    count, back = chosen.count(), _back(request)
    if not count:
        messages.warning(request, _("No row was chosen; tick the rows first."))
        return redirect(back)
    asked_before = "confirmed" in request.POST
    form = action.asks(request.POST if asked_before else None) if action.asks else None
    status = 200
    if request.POST.get("confirmed") == str(count) and (form is None or form.is_valid()):
        try:
            done = action.run(request, chosen, **(form.cleaned_data if form else {}))
        except Refusal as refusal:
            if form is None:
                raise
            form.add_error(None, refusal.sentence)
            status = 409
        else:
            if isinstance(done, HttpResponse):
                return done
            said = done or _("%(label)s: %(count)s rows.") % {"label": action.label, "count": words.number(count)}
            messages.success(request, said)
            return redirect(back)
    elif form is not None and form.errors:
        status = 422
    changed = asked_before and request.POST["confirmed"] != str(count)
    context = {"action": action, "count": count, "everything": everything, "keys": [] if everything else keys,
               "sample": [action.shows(row) for row in chosen[:5]], "changed": changed, "form": form, **crumbs,
               "back": back}  # fmt: skip
    return render(request, "kit/confirm.html", context, status=status)


def _back(request: HttpRequest) -> str:
    """The page that asked, where it says so and is ours; else this list."""
    named = request.POST.get("back", "")
    return named if url_has_allowed_host_and_scheme(named, {request.get_host()}) else request.get_full_path()


def _only(queryset: QuerySet[Any], keys: Sequence[str]) -> QuerySet[Any]:
    try:
        return queryset.filter(pk__in=keys)
    except (ValueError, TypeError):
        raise Refusal(_("A chosen row has no valid key; reload the list and choose again.")) from None
