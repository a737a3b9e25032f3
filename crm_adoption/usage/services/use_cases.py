"""Use cases as people describe them, and how they find them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import JobRole, Person
from crm_adoption.usage.models import Element, Opinion, UseCase


@transaction.atomic
def save_use_case(
    case: UseCase,
    *,
    serves: Collection[JobRole] | None = None,
    elements: Collection[tuple[str, int, bool]] | None = None,
) -> UseCase:
    """Keep a use case with whom its input serves, and what matters on its screen (name, importance, is there)."""
    if UseCase.objects.filter(job_role=case.job_role, name__iexact=case.name).exclude(pk=case.pk).exists():
        raise Refusal(_("%(role)s has a use case “%(name)s” already; change that one.")
                      % {"role": case.job_role, "name": case.name})  # fmt: skip
    if case.prefilled is not None and case.prefilled > (case.inputs or 0):
        raise Refusal(_("More fields are filled in advance (%(filled)s) than there are to fill (%(inputs)s).")
                      % {"filled": case.prefilled, "inputs": case.inputs or 0})  # fmt: skip
    case.save()
    if serves is not None:
        case.serves.set(serves)
    if elements is not None:
        case.elements.all().delete()
        Element.objects.bulk_create(
            Element(use_case=case, name=name, importance=importance, on_screen=there)
            for name, importance, there in elements
        )
    return case


@transaction.atomic
def say_opinion(case: UseCase, person: Person, *, on: date, feels: int, **more: int | None) -> Opinion:
    """How somebody finds one of their own use cases; said again on the same day, it replaces what was said."""
    if person.job_role_id != case.job_role_id:
        raise Refusal(_("“%(case)s” is a use case of %(role)s, not of yours.") % {"case": case, "role": case.job_role})
    known = {"predictable": None, "convenient": None, "timely": None} | more | {"feels": feels}
    opinion, _made = Opinion.objects.update_or_create(use_case=case, person=person, on=on, defaults=known)
    return opinion
