"""One's own training: seats, and the code on the screen."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.jobs.services import start
from crm_adoption.kit.access import EVERYBODY, for_groups
from crm_adoption.kit.pages import editing
from training import queries, services
from training.access import reader
from training.forms import AskForm, StageForm
from training.models import Booking, ChangeStage, Session

SESSIONS_SHOWN, ENQUIRIES_SHOWN = 5, 5


@require_safe
@for_groups(*EVERYBODY)
def my_training(request: HttpRequest) -> HttpResponse:
    """What changes for me, what I get, what I have to learn, and when I am taught next."""
    me, now = reader(request), timezone.now()
    today = timezone.localdate(now)
    items = queries.curriculum(me, today)
    open_courses = [item.course for item in items if item.state != "done"]
    stage = ChangeStage.objects.filter(person=me).first()
    context = {
        "doing": queries.own_doing(me),
        "quizzes": queries.open_quizzes(me, items),
        "windows": [(window, mine) for window, mine in queries.own_windows(me, today) if mine.done_on is None],
        "enquiries": list(queries.own_enquiries(me)[:ENQUIRIES_SHOWN]),
        "ask_form": AskForm(),
        "stage": stage,
        "stage_form": StageForm(instance=stage),
        "items": items,
        "done": sum(item.is_done for item in items),
        "bookings": list(queries.own_bookings(me, now)),
        "sessions": list(queries.sessions_for(me, open_courses, now)[:SESSIONS_SHOWN]),
        "changes": queries.changes_for(me.job_role),
        "practice": queries.practice(me),
    }
    return render(request, "training/my_training.html", context)


@require_POST
@for_groups(*EVERYBODY)
def take_seat(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(Session.objects.select_related("course"), pk=pk)
    with transaction.atomic():
        booking = services.book(session, reader(request), now=timezone.now())
        start("tell_session", scope=str(session.pk), by=request.user)
    if booking.state == Booking.State.WAITING:
        messages.warning(request, _("All seats are taken; you get the next one that is given back."))
    else:
        messages.success(request, _("You have a seat in “%(course)s”.") % {"course": session})
    return redirect("my-training")


@require_POST
@for_groups(*EVERYBODY)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(Session.objects.select_related("course"), pk=pk)
    with transaction.atomic():
        services.leave(session, reader(request))
        start("tell_session", scope=str(session.pk), by=request.user)
    messages.success(request, _("Your seat in “%(course)s” is free for somebody else.") % {"course": session})
    return redirect("my-training")


@require_http_methods(["GET", "POST"])
@for_groups(*EVERYBODY)
def here(request: HttpRequest, key: str) -> HttpResponse:
    """The page behind the code on the screen: one button says that one is there."""
    session = services.session_of(key)
    booking = Booking.objects.filter(session=session, person=reader(request)).first()
    if request.method == "POST":
        booking = services.check_in(session, reader(request), now=timezone.now())
        messages.success(request, _("Noted: you are here. It starts with your own records."))
        return redirect("my-training")
    return render(request, "training/here.html", {"session": session, "booking": booking, "key": key})


@require_http_methods(["GET", "POST"])
@for_groups(*EVERYBODY)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the trainer something."""
    return editing(
        request, AskForm(request.POST or None),
        save=lambda sent: services.ask(reader(request), **sent.cleaned_data, now=timezone.now()),
        success_url=reverse("my-training"), done=_("Your trainer has your question; the answer will stand here."),
        context={"title": _("Ask a question"), "back": reverse("my-training"), "verb": _("Ask")},
    )  # fmt: skip


@require_POST
@for_groups(*EVERYBODY)
def say_stage(request: HttpRequest) -> HttpResponse:
    """Where one stands with the change; nobody else is shown it."""
    form = StageForm(request.POST)
    if form.is_valid():
        services.say_stage(reader(request), **form.cleaned_data, on=timezone.localdate())
        messages.success(request, _("Noted for you alone."))
    else:
        messages.error(request, _("Choose where you stand."))
    return redirect("my-training")
