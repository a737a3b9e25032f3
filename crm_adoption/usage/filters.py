"""How a question about use is made safe."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm_adoption.people.models import JobRole, Team
from crm_adoption.usage.models import Capability, EffortRelease, LedgerLine, ShadowSystem, UseCase


class CapabilityFilter(filters.FilterSet):  # type: ignore[misc]
    """Capabilities by a word of their name, their kind, and who needs them."""

    q = filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))
    kind = filters.ChoiceFilter(choices=Capability.Kind.choices, label=_("Kind"))
    role = filters.ModelChoiceFilter(field_name="job_roles", queryset=JobRole.objects.all(), label=_("Job role"))
    retired = filters.BooleanFilter(field_name="retired_on", lookup_expr="isnull", exclude=True, label=_("Retired"))

    class Meta:
        model = Capability
        fields: list[str] = []


class UseCaseFilter(filters.FilterSet):  # type: ignore[misc]
    """Use cases by a word of their name, by role, and by what is not known of them."""

    q = filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))
    role = filters.ModelChoiceFilter(field_name="job_role", queryset=JobRole.objects.all(), label=_("Job role"))
    core = filters.BooleanFilter(field_name="is_core", label=_("Core"))
    counted = filters.BooleanFilter(field_name="capability", lookup_expr="isnull", exclude=True, label=_("Is counted"))
    asked = filters.BooleanFilter(method="found_by_asking", label=_("Users were asked"))

    class Meta:
        model = UseCase
        fields: list[str] = []

    def found_by_asking(self, found: QuerySet[UseCase], name: str, value: Any) -> QuerySet[UseCase]:
        return found.exclude(learned_from="") if value else found.filter(learned_from="")


class ShadowSystemFilter(filters.FilterSet):  # type: ignore[misc]
    """Shadow systems by name, team and state."""

    q = filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))
    team = filters.ModelChoiceFilter(queryset=Team.objects.all(), label=_("Team"))
    state = filters.ChoiceFilter(choices=ShadowSystem.State.choices, label=_("State"))
    alive = filters.BooleanFilter(method="living", label=_("Alive"))

    class Meta:
        model = ShadowSystem
        fields: list[str] = []

    def living(self, found: QuerySet[ShadowSystem], name: str, value: Any) -> QuerySet[ShadowSystem]:
        retired = ShadowSystem.State.RETIRED
        return found.exclude(state=retired) if value else found.filter(state=retired)


class EffortReleaseFilter(filters.FilterSet):  # type: ignore[misc]
    """Books by name, and whether they are closed."""

    q = filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))
    settled = filters.BooleanFilter(field_name="settled_at", lookup_expr="isnull", exclude=True, label=_("Closed"))

    class Meta:
        model = EffortRelease
        fields: list[str] = []


class LedgerLineFilter(filters.FilterSet):  # type: ignore[misc]
    """Lines of cost and gain."""

    kind = filters.ChoiceFilter(choices=LedgerLine.Kind.choices, label=_("Kind"))
    line = filters.ChoiceFilter(choices=LedgerLine.Line.choices, label=_("Line"))

    class Meta:
        model = LedgerLine
        fields: list[str] = []
