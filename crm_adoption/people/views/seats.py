"""Who answers for what."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.kit.access import EVERYBODY, LEAD, belongs, for_groups
from crm_adoption.kit.errors import Refusal
from crm_adoption.people import queries, services
from crm_adoption.people.forms import FillSeatForm, SeatForm


@require_safe
@for_groups(*EVERYBODY)
def seats(request: HttpRequest) -> HttpResponse:
    shown = list(queries.seats())
    context = {
        "seats": shown,
        "vacant": sum(seat.is_vacant for seat in shown),
        "may_change": belongs(request.user, (LEAD,)),
        "form": SeatForm(),
    }
    return render(request, "people/seats.html", context)


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
    shown = list(queries.seats())
    context = {"seats": shown, "vacant": sum(seat.is_vacant for seat in shown), "may_change": True, "form": form}
    return render(request, "people/seats.html", context, status=422)


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
    if request.method == "POST" and form.is_valid():
        try:
            services.fill_seat(shown, **form.cleaned_data, on=timezone.localdate())
        except Refusal as refusal:
            form.add_error("deputy" if refusal.code == "deputy" else "holder", refusal.sentence)
        else:
            messages.success(
                request, _("%(holder)s answers for it: %(seat)s.") % {"holder": shown.holder, "seat": shown}
            )
            return redirect("seats")
    return render(request, "people/seat.html", {"seat": shown, "form": form}, status=422 if form.is_bound else 200)
