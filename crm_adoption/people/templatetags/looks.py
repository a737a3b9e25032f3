"""`{% load looks %}`: who looked at one's own figures."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from crm_adoption.people import looks
from crm_adoption.people.models import Person

NEWEST = 3
register = template.Library()


@register.inclusion_tag("people/_who_looked.html")
def who_looked(me: Person) -> dict[str, Any]:
    """The newest looks at the figures of who reads this page; one query."""
    found = list(looks.at(me, timezone.localdate())[: NEWEST + 1])
    return {"looks": found[:NEWEST], "more": len(found) > NEWEST}
