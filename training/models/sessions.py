"""Session and Booking: who is taught when, and who came."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import Person
from training.models.courses import Course


class SessionQuerySet(models.QuerySet["Session"]):
    def planned(self) -> SessionQuerySet:
        return self.filter(state=Session.State.PLANNED)

    def coming(self, now: datetime) -> SessionQuerySet:
        return self.planned().filter(ends_at__gt=now).order_by("starts_at", "pk")

    def with_seats(self) -> SessionQuerySet:
        """Says of each session how many seats are taken and how many people wait: `taken`, `waiting`."""
        State = Booking.State
        return self.annotate(
            taken=Count("bookings", filter=Q(bookings__state=State.BOOKED)),
            waiting=Count("bookings", filter=Q(bookings__state=State.WAITING)),
        )


class Session(Stamped):
    """A course on a day: with seats, a trainer, and an invitation that is updated under the same UID."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        CANCELLED = "cancelled", _("cancelled")

    class Purpose(models.TextChoices):
        TRAINING = "training", _("training")
        REINFORCEMENT = "reinforcement", _("reinforcement")

    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions", verbose_name=_("course"))
    purpose = models.CharField(_("purpose"), max_length=13, choices=Purpose, default=Purpose.TRAINING)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), blank=True)
    trainer = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="sessions_given", verbose_name=_("trainer")
    )
    seats = models.PositiveSmallIntegerField(_("seats"), default=10)
    practice = models.TextField(
        _("practice"), blank=True, help_text=_("What each does on their own records in this session.")
    )
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED, editable=False)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(editable=False, help_text=_("When what the invitation says last changed."))

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(name="training_session_ends_later", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="training_session_has_a_seat", condition=Q(seats__gte=1)),
        ]

    def __str__(self) -> str:
        return str(self.course)

    def get_absolute_url(self) -> str:
        return reverse("training-session", args=[self.pk])

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED


class BookingQuerySet(models.QuerySet["Booking"]):
    def untold(self) -> BookingQuerySet:
        """Whoever still believes something else: has a seat and no letter that says so, or a letter and no seat."""
        State = Booking.State
        goes = Q(state=State.BOOKED, session__state=Session.State.PLANNED)
        invite = goes & (~Q(told_state=State.BOOKED) | Q(told_sequence__lt=F("session__sequence") + F("turns")))
        return self.filter(invite | ~goes & Q(told_state=State.BOOKED))


class Booking(Stamped):
    """Somebody's seat in a session, or their place in its waiting list."""

    class State(models.TextChoices):
        BOOKED = "booked", _("has a seat")
        WAITING = "waiting", _("waits for a seat")
        LEFT = "left", _("gave the seat back")

    class Via(models.TextChoices):
        LIST = "list", _("the trainer's list")
        QR = "qr", _("the code on the screen")
        CSV = "csv", _("a file")

    session = models.ForeignKey(Session, models.CASCADE, related_name="bookings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bookings")
    state = models.CharField(max_length=7, choices=State)
    asked_at = models.DateTimeField(help_text=_("The waiting list is in this order."))
    was_there = models.BooleanField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    via = models.CharField(max_length=4, choices=Via, blank=True)
    turns = models.PositiveIntegerField(default=0, help_text=_("How often the seat was taken again or given back."))
    told_sequence = models.PositiveIntegerField(null=True, blank=True)
    told_state = models.CharField(max_length=7, choices=State, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="training_booking_once", fields=["session", "person"]),
            models.CheckConstraint(
                name="training_booking_says_how_it_was_seen", condition=Q(was_there=None, via="") | ~Q(via="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.session}"

    @property
    def goes(self) -> bool:
        """Has this person a seat in a session that takes place?"""
        return self.state == self.State.BOOKED and not self.session.is_cancelled

    @property
    def sequence(self) -> int:
        """The number of the letter that says how things stand; it only rises, so a calendar takes the newest."""
        return self.session.sequence + self.turns
