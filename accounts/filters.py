"""Which disagreements a list shows."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Disagreement
from accounts.queries import labels
from dataquality.models import Source


class DisagreementFilter(filters.FilterSet):  # type: ignore[misc]
    """Disagreements by field, and by a system that has a part in them."""

    field = filters.ChoiceFilter(choices=lambda: [*labels().items()], label=_("Field"))
    source = filters.ModelChoiceFilter(queryset=Source.objects.all(), method="of_source", label=_("System"))
    by_master = filters.BooleanFilter(label=_("Against the declared master"))

    class Meta:
        model = Disagreement
        fields: list[str] = []

    def of_source(self, queryset: QuerySet[Disagreement], name: str, value: Source) -> QuerySet[Disagreement]:
        """On either side."""
        return queryset.filter(Q(source=value) | Q(against_source=value))
