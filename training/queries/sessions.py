"""Sessions with their seats, and who sits on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from crm_adoption.people.models import Person
from training.models import Booking, Course, Session


def sessions() -> QuerySet[Any]:
    """Every session with `taken` and `waiting`."""
    return Session.objects.select_related("course", "trainer").with_seats()


def to_fill(now: datetime) -> QuerySet[Any]:
    """Coming sessions with a free seat, the next first."""
    return sessions().filter(state="planned", ends_at__gt=now, taken__lt=F("seats")).order_by("starts_at", "pk")


def bookings_of(session: Session) -> QuerySet[Booking]:
    """Who has a seat, then who waits, in the order they came."""
    return session.bookings.exclude(state=Booking.State.LEFT).select_related("person__team").order_by(
        "state", "asked_at", "pk"
    )  # fmt: skip


def own_bookings(person: Person, now: datetime) -> QuerySet[Booking]:
    """One's own seats and places in waiting lists that are still to come, the next first."""
    return (
        Booking.objects.filter(person=person, session__ends_at__gt=now)
        .exclude(state=Booking.State.LEFT)
        .select_related("session__course", "session__trainer")
        .order_by("session__starts_at", "pk")
    )


def sessions_for(person: Person, courses: list[Course], now: datetime) -> QuerySet[Any]:
    """Coming sessions of these courses in which somebody has no seat yet, the next first."""
    mine = Booking.objects.filter(person=person).exclude(state=Booking.State.LEFT)
    found = sessions().filter(state="planned", starts_at__gt=now, course__in=courses)
    return found.exclude(pk__in=mine.values("session")).order_by("starts_at", "pk")
