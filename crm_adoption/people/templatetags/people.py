"""`{% load people %}`: a form field in the house's dress."""

from __future__ import annotations

from django import template
from django.forms import BoundField, CheckboxInput, Select
from django.utils.safestring import SafeString

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
