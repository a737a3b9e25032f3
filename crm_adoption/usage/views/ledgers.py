"""The click ledger and the return."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.kit.access import belongs, for_groups
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.pages import Column, SavedFilter, editing
from crm_adoption.kit.pages.registers import Register
from crm_adoption.usage import queries, services
from crm_adoption.usage.access import KEEPERS, MONEY, READERS
from crm_adoption.usage.filters import EffortReleaseFilter, LedgerLineFilter
from crm_adoption.usage.forms import EntryForm, LedgerLineForm, ReleaseForm
from crm_adoption.usage.models import EffortEntry, EffortRelease, LedgerLine, UsageSetting


def _book(request: HttpRequest) -> dict[str, Any]:
    book = queries.book()
    roles = None
    if book.roles:
        hours = [Series(_now("Hours a week"), [one.hours for one in book.roles])]
        roles = Chart("bar", [one.role.name for one in book.roles], hours, unit=_now("h"), horizontal=True,
                      head=_now("Job role"))  # fmt: skip
    return {"book": book, "roles": roles, "setting": UsageSetting.now()}


effort = Register(
    "effort-release", "effort", EffortRelease, ReleaseForm, folder="usage/",
    columns=[
        Column("name", _("Release"), kind="link"),
        Column("on", _("Goes live"), kind="date"),
        Column("settled_at", _("Closed"), kind="moment"),
        Column("answered_by", _("Answered for by")),
        Column("why", _("Why it may take more"), on_page=False),
    ],
    ordering={"on": ("-on", "-pk"), "name": ("name", "pk")},
    title=_("Click ledger"),
    lead=_("What each release takes from people and gives back to them; one that takes more must say why."),
    new=_("Open a book"), save=lambda request, form: services.save_release(form.save(commit=False)),
    done=_("The book is open; write down what the release changes."),
    rows=lambda request: EffortRelease.objects.select_related("answered_by"), filterset=EffortReleaseFilter,
    readers=READERS, writers=KEEPERS, has_page=True, saved=[SavedFilter(_("Still open"), "settled=false")],
    initial=("release", "name", "on"), template="usage/effort.html", context=_book,
    empty=_("Open a book for the next release, and count the clicks it adds and removes."),
)  # fmt: skip


@require_safe
@for_groups(*READERS)
def effort_release(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(EffortRelease, pk=pk)
    return render(request, "usage/effort_release.html", {
        "release": shown, "balance": queries.balance_of(shown), "setting": UsageSetting.now(),
        "may_change": belongs(request.user, KEEPERS) and shown.settled_at is None,
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def entry_new(request: HttpRequest, pk: int) -> HttpResponse:
    release = get_object_or_404(EffortRelease, pk=pk)
    form = EntryForm(request.POST or None, instance=EffortEntry(release=release))
    return editing(
        request, form, save=lambda sent: services.save_entry(sent.save(commit=False)),
        success_url=release.get_absolute_url(), done=_now("Written down."),
        context={"title": _now("What “%(release)s” changes") % {"release": release},
                 "back": release.get_absolute_url()},
    )  # fmt: skip


@require_POST
@for_groups(*KEEPERS)
def entry_remove(request: HttpRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(EffortEntry.objects.select_related("release"), pk=pk)
    services.remove_entry(entry)
    messages.success(request, _now("Taken out of the book."))
    return redirect(entry.release)


@require_POST
@for_groups(*KEEPERS)
def effort_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the book; what keeps it open is said on its page."""
    release = get_object_or_404(EffortRelease, pk=pk)
    try:
        services.settle_release(release, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _now("Closed; its use cases take what it says from now on."))
    return redirect(release)


returns = Register(
    "ledger-line", "returns", LedgerLine, LedgerLineForm, folder="usage/",
    columns=[
        Column("name", _("What"), kind="link"),
        Column("kind", _("Kind"), accessor=lambda one: one.get_kind_display()),
        Column("line", _("Line"), accessor=lambda one: one.get_line_display()),
        Column("amount", _("In a year"), kind="number"),
        Column("check_slug", _("Shown by")),
        Column("baseline_on", _("Before"), kind="date"),
        Column("after_on", _("After"), kind="date"),
        Column("note", _("How it was reckoned"), on_page=False),
    ],
    ordering={"kind": ("kind", "line", "name", "pk"), "amount": ("-amount", "pk"), "name": ("name", "pk")},
    title=_("Return"),
    lead=_("What the programme costs and brings in a year. Only gains that two readings show count."),
    new=_("Add a line"), save=lambda request, form: services.save_line(form.save(commit=False)),
    done=_("The line is saved."), rows=lambda request: LedgerLine.objects.all(), filterset=LedgerLineFilter,
    readers=MONEY, writers=MONEY, template="usage/returns.html", initial=("kind", "line"),
    saved=[SavedFilter(_("Costs"), "kind=cost"), SavedFilter(_("Gains"), "kind=gain")],
    context=lambda request: {"found": queries.returns(timezone.localdate()),
                             "use": queries.utilisation(timezone.localdate())},
    empty=_("Write down what the programme costs, then the five gains and the check that shows each."),
)  # fmt: skip
