"""`{% load people %}`: a form field in the house's dress, and who answers for something."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Select
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString

from crm_adoption.kit.access import LEAD, belongs
from crm_adoption.people import queries
from crm_adoption.people.models import Seat

register = template.Library()


@register.filter
def control(field: BoundField) -> SafeString:
    """The input of a field, tied to its hint and its errors for those who cannot see them."""
    widget = field.field.widget
    dress = "form-control"
    if isinstance(widget, CheckboxInput):
        dress = "form-check-input"
    elif isinstance(widget, Select):
        dress = "form-select"
    told = [f"{field.auto_id}-{part}" for part, there in (("hint", field.help_text), ("errors", field.errors)) if there]
    attributes: dict[str, str | bool] = {"class": f"{dress} is-invalid" if field.errors else dress}
    if told:
        attributes["aria-describedby"] = " ".join(told)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs=attributes)


@register.filter
def is_choice_list(field: BoundField) -> bool:
    """Is it a group of check boxes, which wants a legend and no label of its own?"""
    return bool(getattr(field.field.widget, "input_type", "") == "checkbox" and hasattr(field.field, "choices"))


@register.inclusion_tag("people/_owners.html", takes_context=True)
def owners(context: Context, scope: str, key: str, else_programme: bool = False) -> dict[str, Any]:
    """The business owner and the technology owner of a process or a system, or the vacancy and how it is filled."""
    request = context.get("request")
    found = [
        {
            "label": Seat.Kind(kind).label,
            "seat": seat,
            "of_programme": seat is not None and seat.scope == Seat.Scope.PROGRAMME and scope != Seat.Scope.PROGRAMME,
            "fill": reverse("seat", args=[seat.pk]) if seat else queries.fill_url(kind, scope, key),
        }
        for kind, seat in queries.owners_of(scope, key, else_programme=else_programme)
    ]
    return {"owners": found, "may_fill": request is not None and belongs(request.user, (LEAD,))}
