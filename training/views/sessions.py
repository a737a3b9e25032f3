"""Sessions: the calendar, one with its people, and the code on the screen."""

from __future__ import annotations

import io

import qrcode
import qrcode.image.svg
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.jobs.services import start
from crm_adoption.kit.access import EVERYBODY, belongs, for_groups
from crm_adoption.kit.looking import looked_at, shows_people
from crm_adoption.kit.pages import Column, SavedFilter, editing, listing
from training import queries, services
from training.access import KEEPERS, READERS, SEATING, reader
from training.filters import SessionFilter
from training.forms import AttendanceForm, SeatForm, SessionForm
from training.invitations import published
from training.models import Booking, Session


def _session(pk: int) -> Session:
    return get_object_or_404(Session.objects.select_related("course", "trainer"), pk=pk)


@require_safe
@for_groups(*READERS)
def session_list(request: HttpRequest) -> HttpResponseBase:
    may_change = belongs(request.user, KEEPERS)
    return listing(
        request, queries.sessions(), SessionFilter, "training/session_list.html",
        columns=[
            Column("course", _("Course"), accessor="course.title", kind="link"),
            Column("starts_at", _("Starts"), template="training/_when.html"),
            Column("place", _("Place"), lambda one: one.place or one.link),
            Column("trainer", _("Trainer"), accessor="trainer.name"),
            Column("seats", _("Seats"), template="training/_seats.html"),
            Column("purpose", _("Purpose"), lambda one: one.get_purpose_display()),
            Column("state", _("State"), kind="badge"),
        ],
        ordering={"starts_at": ("-starts_at", "pk")},
        export_name="sessions",
        saved=[SavedFilter(_("To come"), "coming=true&sort=-starts_at"), SavedFilter(_("Seats free"), "free=true")],
        context={
            "title": _("Sessions"), "may_change": may_change,
            "empty_sentence": _("Plan a session: people take a seat, get it into their calendars, and practise on "
                                "their own records."),
            "empty_url": reverse("training-session-new") if may_change else "", "empty_action": _("Plan a session"),
        },
    )  # fmt: skip


@require_safe
@for_groups(*READERS)
@shows_people(*SEATING)
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """One session; who comes is named to those who teach."""
    shown, may_change = _session(pk), belongs(request.user, KEEPERS)
    bookings = list(queries.bookings_of(shown))
    looked_at(request, bookings if may_change else ())
    context = {
        "session": shown, "bookings": bookings if may_change else [], "may_change": may_change,
        "taken": sum(one.state == Booking.State.BOOKED for one in bookings),
        "waiting": sum(one.state == Booking.State.WAITING for one in bookings),
        "untold": shown.bookings.untold().count(), "seat_form": SeatForm(),
        "has_begun": timezone.now() >= shown.starts_at - services.DOOR_OPENS,
        "is_open": not shown.is_cancelled and shown.ends_at > timezone.now(),
    }  # fmt: skip
    return render(request, "training/session.html", context)


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def session_new(request: HttpRequest) -> HttpResponse:
    known = {"trainer": reader(request).pk, "course": request.GET.get("course", "")}
    return editing(
        request, SessionForm(request.POST or None, initial=known),
        save=lambda sent: services.plan_session(sent.save(commit=False), now=timezone.now()),
        success_url=lambda made: made.get_absolute_url(), done=_("The session is planned; give people their seats."),
        context={"title": _("Plan a session"), "back": reverse("training-sessions")},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def session_change(request: HttpRequest, pk: int) -> HttpResponse:
    changed = _session(pk)

    @transaction.atomic
    def save(sent: SessionForm) -> Session:
        return _told(request, services.change_session(sent.save(commit=False), now=timezone.now()))

    return editing(
        request, SessionForm(request.POST or None, instance=changed), save=save,
        success_url=changed.get_absolute_url(), done=_("Kept; whoever has a seat is told."),
        context={"title": _("Change “%(name)s”") % {"name": changed}, "back": changed.get_absolute_url()},
    )  # fmt: skip


@require_POST
@for_groups(*KEEPERS)
def session_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    with transaction.atomic():
        gone = _told(request, services.cancel_session(_session(pk), now=timezone.now()))
    messages.success(request, _("Cancelled; whoever had a seat is told."))
    return redirect(gone)


@require_POST
@for_groups(*KEEPERS)
def session_seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a seat."""
    given, form = _session(pk), SeatForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose somebody from the list."))
        return redirect(given)
    with transaction.atomic():
        booking = services.book(given, form.cleaned_data["person"], now=timezone.now())
        _told(request, given)
    messages.success(request, f"{booking.person}: {booking.get_state_display()}.")
    return redirect(given)


@require_POST
@for_groups(*KEEPERS)
def session_unseat(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a seat back, and give it to who waits."""
    given, form = _session(pk), SeatForm(request.POST)
    if form.is_valid():
        with transaction.atomic():
            services.leave(given, form.cleaned_data["person"])
            _told(request, given)
    return redirect(given)


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
@shows_people(*SEATING)
def session_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    seen = _session(pk)
    seated = [one for one in queries.bookings_of(seen) if one.state == Booking.State.BOOKED]
    looked_at(request, seated)
    form = AttendanceForm(seated, request.POST if request.method == "POST" else None)

    def save(sent: AttendanceForm) -> int:
        present, absent = sent.parts()
        return services.note_attendance(seen, present=present, absent=absent, via=Booking.Via.LIST, now=timezone.now())

    return editing(
        request, form, save=save, success_url=seen.get_absolute_url(),
        done=lambda came: _("%(n)s were there.") % {"n": came},
        context={"title": _("Who was there?"), "back": seen.get_absolute_url(), "lead": str(seen)},
    )  # fmt: skip


@require_safe
@for_groups(*KEEPERS)
def session_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code on the screen, as a picture: people scan it, and are noted as being there."""
    address = request.build_absolute_uri(reverse("my-training-here", args=[services.key_of(_session(pk))]))
    drawn = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathFillImage, box_size=20)
    picture = io.BytesIO()
    drawn.save(picture)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@require_safe
@for_groups(*KEEPERS)
def session_screen(request: HttpRequest, pk: int) -> HttpResponse:
    """The page for the screen in the room."""
    return render(request, "training/session_screen.html", {"session": _session(pk)})


@require_safe
@for_groups(*EVERYBODY)
def session_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A session for one's own calendar."""
    shown = _session(pk)
    mine = Booking.objects.filter(session=shown, person=reader(request)).first()
    sequence = shown.sequence + mine.turns if mine else shown.sequence
    file = published(shown, now=timezone.now(), sequence=sequence)
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="session-{shown.pk}.ics"'
    return response


def _told(request: HttpRequest, changed: Session) -> Session:
    """Ring for the letters where somebody has to be told; it begins when this has been committed."""
    if changed.bookings.untold().exists():
        start("tell_session", scope=str(changed.pk), by=request.user)
    return changed
