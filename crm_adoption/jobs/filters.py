"""How a question about jobs from outside is made safe."""

from __future__ import annotations

from django_filters import rest_framework as filters

from crm_adoption.jobs.models import Job


class JobFilter(filters.FilterSet):  # type: ignore[misc]
    kind = filters.CharFilter(label="Kind of work, exactly.")
    scope = filters.CharFilter(label="What it works on, exactly.")
    state = filters.MultipleChoiceFilter(choices=Job.State.choices, label="One or more states.")

    class Meta:
        model = Job
        fields = ("kind", "scope", "state")
