"""Who answers for what."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person, Seat, Team


def open_seat(*, kind: Seat.Kind | str, scope: Seat.Scope | str, scope_key: str = "") -> Seat:
    """Say that somebody has to answer for this; vacant until filled."""
    scope_key = scope_key.strip()
    if scope == Seat.Scope.PROGRAMME and scope_key:
        raise Refusal(_("A seat of the programme names nothing further; leave that field empty."))
    if scope != Seat.Scope.PROGRAMME and not scope_key:
        raise Refusal(_("Say which one: a seat of %(scope)s needs its name.") % {"scope": Seat.Scope(scope).label})
    if scope == Seat.Scope.TEAM and not Team.objects.filter(name=scope_key).exists():
        raise Refusal(_("There is no team “%(team)s”; write its name as the list of teams does.") % {"team": scope_key})
    return Seat.objects.create(kind=kind, scope=scope, scope_key=scope_key)


@transaction.atomic
def fill_seat(seat: Seat, *, holder: Person, on: date, deputy: Person | None = None) -> Seat:
    """Give a seat to somebody, who answers from that day."""
    for place, person in (("holder", holder), ("deputy", deputy)):
        if person is not None and person.left_on is not None:
            raise Refusal(_("%(person)s has left; choose somebody who is still here.") % {"person": person}, code=place)
    if holder == deputy:
        raise Refusal(_("The deputy must be somebody else than the holder."), code="deputy")
    if seat.holder != holder or seat.since is None:
        seat.since = on
    seat.holder, seat.deputy = holder, deputy
    seat.save(update_fields=["holder", "deputy", "since", "updated_at"])
    return seat


@transaction.atomic
def answer_for(
    *, kind: Seat.Kind | str, scope: Seat.Scope | str, scope_key: str = "", holder: Person, on: date,
    deputy: Person | None = None,
) -> Seat:  # fmt: skip
    """Say who answers for something; its seat is opened where there is none yet."""
    known = Seat.objects.filter(kind=kind, scope=scope, scope_key__iexact=scope_key.strip()).order_by("pk")
    seat = known.vacant().first() or known.first() or open_seat(kind=kind, scope=scope, scope_key=scope_key)
    return fill_seat(seat, holder=holder, on=on, deputy=deputy)


def rename_place(scope: Seat.Scope | str, *, old: str, new: str) -> int:
    """What seats answer for is called otherwise now; they follow. Returns how many."""
    return Seat.objects.filter(scope=scope, scope_key__iexact=old).update(scope_key=new)


def vacate_seat(seat: Seat) -> Seat:
    """Nobody answers any more; a deputy does not inherit by silence."""
    seat.holder, seat.deputy, seat.since = None, None, None
    seat.save(update_fields=["holder", "deputy", "since", "updated_at"])
    return seat
