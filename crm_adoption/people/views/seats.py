"""Who answers for what."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.kit.access import EVERYBODY, LEAD, belongs, for_groups
from crm_adoption.kit.errors import Refusal
from crm_adoption.people import queries, services
from crm_adoption.people.forms import FillSeatForm, PlaceForm, SeatForm, SeatsAskedForm
from crm_adoption.people.models import Seat


def _page(request: HttpRequest, form: SeatForm, *, status: int = 200) -> HttpResponse:
    """What is asked for and what was opened; a filter that cannot be read is told, and shows nothing."""
    asked = SeatsAskedForm(request.GET if request.method == "GET" else None)
    wrong = asked.is_bound and not asked.is_valid()
    every = queries.places()
    wanted = asked.cleaned_data if asked.is_bound and not wrong else {}
    shown = [
        place for place in every
        if (not wanted.get("kind") or wanted["kind"] in place.kinds)
        and (not wanted.get("scope") or wanted["scope"] == place.scope)
        and (not wanted.get("vacant") or place.is_vacant)
    ]  # fmt: skip
    context = {
        "places": [] if wrong else shown,
        "all": len(every),
        "vacant": sum(place.is_vacant for place in every),
        "asked": asked,
        "is_filtered": asked.is_bound and (wrong or any(wanted.values())),
        "may_change": belongs(request.user, (LEAD,)),
        "form": form,
    }
    return render(request, "people/seats.html", context, status=400 if wrong else status)


@require_safe
@for_groups(*EVERYBODY)
def seats(request: HttpRequest) -> HttpResponse:
    """Who answers for what, and what nobody answers for yet."""
    return _page(request, SeatForm())


@require_POST
@for_groups(LEAD)
def open_seat(request: HttpRequest) -> HttpResponse:
    form = SeatForm(request.POST)
    if form.is_valid():
        try:
            opened = services.open_seat(**form.cleaned_data)
        except Refusal as refusal:
            form.add_error("scope_key", refusal.sentence)
        else:
            messages.success(request, _("The seat %(seat)s is open; say who answers.") % {"seat": opened})
            return redirect("seat", opened.pk)
    return _page(request, form, status=422)


def _filled(request: HttpRequest, form: FillSeatForm, fill: Callable[..., Seat]) -> bool:
    """Fill a seat as the form says and tell so; a refusal goes to the field that it is about."""
    try:
        seat = fill(on=timezone.localdate(), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error("deputy" if refusal.code == "deputy" else "holder", refusal.sentence)
        return False
    messages.success(request, _("%(holder)s answers for it: %(seat)s.") % {"holder": seat.holder, "seat": seat})
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(LEAD)
def fill_seat(request: HttpRequest) -> HttpResponse:
    """Say who answers for what the address names; its seat is opened with that."""
    named = PlaceForm(request.GET)
    if not named.is_valid():
        messages.error(request, _("The address names no seat; choose one here."))
        return redirect("seats")
    kind, scope, key = (named.cleaned_data[name] for name in ("kind", "scope", "key"))
    place = queries.Place((kind,), scope, key, None)
    form = FillSeatForm(request.POST or None)
    fill = partial(services.answer_for, kind=kind, scope=scope, scope_key=key)
    if request.method == "POST" and form.is_valid() and _filled(request, form, fill):
        return redirect("seats")
    context = {"place": place, "form": form}
    return render(request, "people/seat_fill.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@for_groups(LEAD)
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill one seat, or vacate it."""
    shown = get_object_or_404(queries.seats(), pk=pk)
    if request.method == "POST" and "vacate" in request.POST:
        services.vacate_seat(shown)
        messages.success(request, _("The seat %(seat)s is vacant.") % {"seat": shown})
        return redirect("seats")
    form = FillSeatForm(request.POST or None, initial={"holder": shown.holder, "deputy": shown.deputy})
    fill = partial(services.fill_seat, shown)
    if request.method == "POST" and form.is_valid() and _filled(request, form, fill):
        return redirect("seats")
    return render(request, "people/seat.html", {"seat": shown, "form": form}, status=422 if form.is_bound else 200)
