"""`{% load field_reviews %}`: how many reviews of fields are due, where a steward begins the day."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from dataquality.queries.profile import due_reviews

register = template.Library()


@register.inclusion_tag("dataquality/_reviews_due.html")
def reviews_due() -> dict[str, Any]:
    """One query; nothing is said while none is due."""
    return {"due": due_reviews(timezone.localdate())}
