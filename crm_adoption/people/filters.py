"""Questions about people."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm_adoption.people.models import Person, Team


class PersonFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(method="naming", label=_("Name or e-mail"))
    team = django_filters.ModelChoiceFilter(queryset=Team.objects.all(), label=_("Team"))
    active = django_filters.BooleanFilter(field_name="is_active", label=_("May sign in"))

    class Meta:
        model = Person
        fields: list[str] = []

    def naming(self, found: QuerySet[Person], name: str, value: Any) -> QuerySet[Person]:
        return found.filter(Q(name__icontains=value) | Q(email__icontains=value))
