"""How a question from outside is made safe."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.forms import DateInput
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.access import LEAD, STEWARD
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Batch, Correction, Finding, MatchRule, MatchRun, Merge, Pair, Record, Source
from dataquality.models.findings import Severity
from dataquality.queries.matching import ORDERS


def tables() -> list[tuple[str, str]]:
    return [(subject.slug, subject.label) for subject in subjects.every()]


class BatchFilter(filters.FilterSet):  # type: ignore[misc]
    """Imports by source, table and state."""

    source = filters.ModelChoiceFilter(queryset=Source.objects.all(), label=_("Source"))
    table = filters.ChoiceFilter(choices=tables, label=_("Table"))
    state = filters.ChoiceFilter(choices=Batch.State.choices, label=_("State"))
    open = filters.BooleanFilter(method="only_open", label=_("Waiting for somebody"))

    class Meta:
        model = Batch
        fields: list[str] = []

    def only_open(self, queryset: QuerySet[Batch], name: str, value: Any) -> QuerySet[Batch]:
        states = [Batch.State.RECEIVED, Batch.State.STAGED, Batch.State.CHECKED]
        return queryset.filter(state__in=states) if value else queryset.exclude(state__in=states)


class FindingFilter(filters.FilterSet):  # type: ignore[misc]
    """Findings by table, field, what is wrong, source and state."""

    table = filters.ChoiceFilter(choices=tables, label=_("Table"))
    field = filters.CharFilter(label=_("Field"))
    code = filters.CharFilter(label=_("What is wrong"))
    value = filters.CharFilter(label=_("Value"))
    source = filters.ModelChoiceFilter(queryset=Source.objects.all(), label=_("Source"))
    severity = filters.ChoiceFilter(choices=Severity.choices, label=_("Severity"))
    state = filters.ChoiceFilter(choices=Finding.State.choices, label=_("State"))
    suggested = filters.BooleanFilter(method="by_suggestion", label=_("Has a suggestion"))

    class Meta:
        model = Finding
        fields: list[str] = []

    def by_suggestion(self, queryset: QuerySet[Finding], name: str, value: Any) -> QuerySet[Finding]:
        suggested = queryset.filter(suggestion__isnull=False)
        return suggested if value else queryset.filter(suggestion__isnull=True)


class WaivedFilter(filters.FilterSet):  # type: ignore[misc]
    """Waived findings by table, who waived them and until when."""

    table = filters.ChoiceFilter(choices=tables, label=_("Table"))
    source = filters.ModelChoiceFilter(queryset=Source.objects.all(), label=_("Source"))
    waived_by = filters.ModelChoiceFilter(
        queryset=Person.objects.filter(groups__name__in=(LEAD, STEWARD)).distinct(), label=_("Who")
    )
    until = filters.DateFilter(
        field_name="waived_until", lookup_expr="lte", label=_("Ends by"), widget=DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Finding
        fields: list[str] = []


class RecordFilter(filters.FilterSet):  # type: ignore[misc]
    """The records of any table by source, state and the CRM's own id."""

    source = filters.ModelChoiceFilter(queryset=Source.objects.all(), label=_("Source"))
    state = filters.ChoiceFilter(choices=Record.State.choices, label=_("State"))
    external_id = filters.CharFilter(label=_("Id in the CRM"))


class CorrectionFilter(filters.FilterSet):  # type: ignore[misc]
    """Corrections by table, field and fate."""

    table = filters.ChoiceFilter(choices=tables, label=_("Table"))
    field = filters.CharFilter(label=_("Field"))
    source = filters.ModelChoiceFilter(queryset=Source.objects.all(), label=_("Source"))
    fate = filters.ChoiceFilter(choices=Correction.Fate.choices, label=_("Fate"))

    class Meta:
        model = Correction
        fields: list[str] = []


class PairFilter(filters.FilterSet):  # type: ignore[misc]
    """Pairs by table, state and probability."""

    table = filters.ChoiceFilter(choices=tables, method="of_table", label=_("Table"))
    beside = filters.ChoiceFilter(choices=tables, method="of_table", label=_("Beside"))
    state = filters.ChoiceFilter(choices=Pair.State.choices, label=_("State"))
    at_least = filters.NumberFilter(
        field_name="probability", lookup_expr="gte", min_value=0, max_value=1, label=_("At least as probable as")
    )
    below = filters.NumberFilter(
        field_name="probability", lookup_expr="lt", min_value=0, max_value=1, label=_("Less probable than")
    )
    joined = filters.BooleanFilter(label=_("In one cluster"))
    rule = filters.CharFilter(label=_("Given by the rule"))
    record = filters.NumberFilter(method="of_record", min_value=1, max_value=2**63 - 1, label=_("Number of a record"))
    order = filters.ChoiceFilter(choices=[(name, name) for name in ORDERS], method="in_order", label=_("Order"))

    class Meta:
        model = Pair
        fields: list[str] = []

    def of_table(self, queryset: QuerySet[Pair], name: str, value: str) -> QuerySet[Pair]:
        """Within `table`, or between it and `beside`."""
        table, beside = self.data.get("table") or value, self.data.get("beside") or ""
        table_a, table_b = sorted((table, beside or table))
        return queryset.filter(table_a=table_a, table_b=table_b)

    def of_record(self, queryset: QuerySet[Pair], name: str, value: Any) -> QuerySet[Pair]:
        """Of one record, of `table` where that is asked for."""
        return queryset.filter(Q(a=value) | Q(b=value))

    def in_order(self, queryset: QuerySet[Pair], name: str, value: str) -> QuerySet[Pair]:
        """Left to the pager, which orders by the same names."""
        return queryset


class MatchRunFilter(filters.FilterSet):  # type: ignore[misc]
    """Detections by table and kind."""

    table = filters.ChoiceFilter(choices=tables, label=_("Table"))
    beside = filters.ChoiceFilter(choices=tables, label=_("Beside"))
    kind = filters.ChoiceFilter(choices=MatchRun.Kind.choices, label=_("Kind"))

    class Meta:
        model = MatchRun
        fields: list[str] = []


class MergeFilter(filters.FilterSet):  # type: ignore[misc]
    """Merges by table, and whether they stand."""

    table = filters.ChoiceFilter(choices=tables, label=_("Table"))
    undone = filters.BooleanFilter(field_name="undone_at", lookup_expr="isnull", exclude=True, label=_("Undone"))

    class Meta:
        model = Merge
        fields = ("table", "undone")


class MatchRuleFilter(filters.FilterSet):  # type: ignore[misc]
    """Matching rules by table, and whether they count."""

    table = filters.ChoiceFilter(choices=tables, label=_("Table"))
    published = filters.BooleanFilter(label=_("Published"))

    class Meta:
        model = MatchRule
        fields: list[str] = []
