"""Pulses: asked of everybody, answered by nobody in particular."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from crm_adoption.plan.models import Pulse, PulseAnswer, PulseItem, PulseTicket
from crm_adoption.plan.pulse_items import ITEMS


@transaction.atomic
def ask_pulse(pulse: Pulse, *, by: Person) -> Pulse:
    """Open a pulse to everybody who may sign in, with the standard sentences."""
    overlapping = Pulse.objects.filter(opens_on__lte=pulse.closes_on, closes_on__gte=pulse.opens_on)
    if overlapping.exclude(pk=pulse.pk).exists():
        raise Refusal(_("Another pulse is open in these days; people are asked one thing at a time."))
    is_new = pulse.pk is None
    pulse.asked_by = pulse.asked_by or by
    pulse.save()
    if is_new:
        PulseItem.objects.bulk_create(
            PulseItem(pulse=pulse, position=place, slug=slug, ingredient_slug=ingredient, sentence=str(sentence))
            for place, (slug, ingredient, sentence) in enumerate(ITEMS)
        )
        PulseTicket.objects.bulk_create(
            PulseTicket(pulse=pulse, person=person) for person in Person.objects.active().order_by("pk")
        )
    return pulse


def why_over(pulse: Pulse, ticket: PulseTicket, today: date) -> str | None:
    """Why a ticket answers its pulse no more, or not yet; None where it does."""
    if ticket.used:
        return _("You have answered “%(pulse)s”; an answer cannot be found again to be changed.") % {"pulse": pulse}
    if not pulse.opens_on <= today <= pulse.closes_on:
        return _("“%(pulse)s” is open from %(first)s to %(last)s.") % {
            "pulse": pulse, "first": pulse.opens_on, "last": pulse.closes_on,
        }  # fmt: skip
    return None


@transaction.atomic
def answer_pulse(pulse: Pulse, *, by: Person, scores: Mapping[int, int], today: date) -> int:
    """Answer a pulse once. The ticket is marked as used; the answers know team and role, and nobody's name.

    `scores` is item key to 1-5; sentences may be left out. The rows are written in an order of their own, so that
    neither their place nor a time tells whose they are.
    """
    ticket = PulseTicket.objects.select_for_update().filter(pulse=pulse, person=by).first()
    if ticket is None:
        raise Refusal(_("You were not asked in “%(pulse)s”.") % {"pulse": pulse})
    if (over := why_over(pulse, ticket, today)) is not None:
        raise Refusal(over)
    known = {item.pk: item for item in pulse.items.all()}
    wrong = [score for score in scores.values() if score not in range(1, 6)]
    if not scores or wrong or set(scores) - set(known):
        raise Refusal(_("Choose a number from 1 to 5 for at least one sentence."))
    PulseAnswer.objects.bulk_create(
        PulseAnswer(item=known[key], score=score, team=by.team, job_role=by.job_role, on=pulse.opens_on)
        for key, score in scores.items()
    )
    ticket.used = True
    ticket.save(update_fields=["used"])
    return len(scores)
