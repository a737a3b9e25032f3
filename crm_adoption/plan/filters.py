"""How a question about the plan is made safe."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from crm_adoption.people.models import JobRole
from crm_adoption.plan.models import (
    AccessPath,
    Feedback,
    LeaderAct,
    Message,
    Motivator,
    Objective,
    Phase,
    Promise,
    Trial,
    WorkItem,
)
from crm_adoption.plan.queries.customers import WHY
from dataquality.models import Source

WHY_LABELS = [
    ("unclaimed", _("Unclaimed")),
    ("unowned", _("Nobody who is here owns it")),
    ("unseen", _("Nobody was seen at it")),
    ("unprofitable", _("Costs time and brings nothing")),
]


class ObjectiveFilter(filters.FilterSet):  # type: ignore[misc]
    """Objectives by level."""

    kind = filters.ChoiceFilter(choices=Objective.Kind.choices, label=_("Level"))

    class Meta:
        model = Objective
        fields: list[str] = []


class WorkItemFilter(filters.FilterSet):  # type: ignore[misc]
    """Work items by phase, kind, track, role and whether they are done."""

    phase = filters.ModelChoiceFilter(queryset=Phase.objects.all(), label=_("Phase"))
    kind = filters.ChoiceFilter(choices=WorkItem.Kind.choices, label=_("Kind"))
    track = filters.ChoiceFilter(choices=WorkItem.Track.choices, label=_("Track"))
    job_role = filters.ModelChoiceFilter(queryset=JobRole.objects.all(), label=_("For whom"))
    state = filters.ChoiceFilter(choices=WorkItem.State.choices, label=_("State"))
    open = filters.BooleanFilter(method="only_open", label=_("Not done"))
    technology_only = filters.BooleanFilter(method="only_technology", label=_("Technology only"))

    class Meta:
        model = WorkItem
        fields: list[str] = []

    def only_open(self, queryset: QuerySet[WorkItem], name: str, value: Any) -> QuerySet[WorkItem]:
        doing = Q(state__in=(WorkItem.State.OPEN, WorkItem.State.DOING))
        return queryset.filter(doing if value else ~doing)

    def only_technology(self, queryset: QuerySet[WorkItem], name: str, value: Any) -> QuerySet[WorkItem]:
        alone = Q(job_role=None, objective=None)
        return queryset.filter(alone if value else ~alone)


class MessageFilter(filters.FilterSet):  # type: ignore[misc]
    """Messages by audience, moment and whether they were sent."""

    audience = filters.ChoiceFilter(choices=Message.Audience.choices, label=_("For whom"))
    moment = filters.ChoiceFilter(choices=Message._meta.get_field("moment").choices, label=_("Moment"))
    state = filters.ChoiceFilter(choices=Message.State.choices, label=_("State"))
    phase = filters.ModelChoiceFilter(queryset=Phase.objects.all(), label=_("Phase"))

    class Meta:
        model = Message
        fields: list[str] = []


class PromiseFilter(filters.FilterSet):  # type: ignore[misc]
    """Promises by state."""

    state = filters.ChoiceFilter(choices=Promise.State.choices, label=_("State"))

    class Meta:
        model = Promise
        fields: list[str] = []


class LeaderActFilter(filters.FilterSet):  # type: ignore[misc]
    """Acts by kind and moment."""

    kind = filters.ChoiceFilter(choices=LeaderAct.Kind.choices, label=_("Act"))
    moment = filters.ChoiceFilter(choices=LeaderAct._meta.get_field("moment").choices, label=_("Moment"))

    class Meta:
        model = LeaderAct
        fields: list[str] = []


class AccessPathFilter(filters.FilterSet):  # type: ignore[misc]
    """Ways to the CRM by role, device, state and what is wrong with them."""

    job_role = filters.ModelChoiceFilter(queryset=JobRole.objects.all(), label=_("Job role"))
    device = filters.ChoiceFilter(choices=AccessPath.Device.choices, label=_("On"))
    state = filters.ChoiceFilter(choices=AccessPath.State.choices, label=_("State"))
    untold = filters.BooleanFilter(method="only_untold", label=_("Prohibited and not told"))
    long = filters.BooleanFilter(method="only_long", label=_("More than three steps"))

    class Meta:
        model = AccessPath
        fields: list[str] = []

    def only_untold(self, queryset: QuerySet[AccessPath], name: str, value: Any) -> QuerySet[AccessPath]:
        untold = Q(state=AccessPath.State.PROHIBITED, communicated_on=None)
        return queryset.filter(untold if value else ~untold)

    def only_long(self, queryset: QuerySet[AccessPath], name: str, value: Any) -> QuerySet[AccessPath]:
        long = Q(steps__gt=3)
        return queryset.filter(long if value else ~long)


class TrialFilter(filters.FilterSet):  # type: ignore[misc]
    """Trials by release, role, and whether they were made and count."""

    phase = filters.ModelChoiceFilter(queryset=Phase.objects.all(), label=_("Before"))
    job_role = filters.ModelChoiceFilter(queryset=JobRole.objects.all(), label=_("As"))
    tried = filters.BooleanFilter(field_name="passed", lookup_expr="isnull", exclude=True, label=_("Tried"))
    counts = filters.BooleanFilter(method="only_counting", label=_("Counts"))

    class Meta:
        model = Trial
        fields: list[str] = []

    def only_counting(self, queryset: QuerySet[Trial], name: str, value: Any) -> QuerySet[Trial]:
        counting = Q(passed=True, like_production=True, as_end_user=True)
        return queryset.filter(counting if value else ~counting)


class MotivatorFilter(filters.FilterSet):  # type: ignore[misc]
    """Motivators by role, kind and whether somebody owns them."""

    job_role = filters.ModelChoiceFilter(queryset=JobRole.objects.all(), label=_("Job role"))
    kind = filters.ChoiceFilter(choices=Motivator.Kind.choices, label=_("Kind"))
    vacant = filters.BooleanFilter(field_name="owner", lookup_expr="isnull", label=_("Nobody owns it"))

    class Meta:
        model = Motivator
        fields: list[str] = []


class FeedbackFilter(filters.FilterSet):  # type: ignore[misc]
    """What people say, by kind and whether it was answered."""

    kind = filters.ChoiceFilter(choices=Feedback.Kind.choices, label=_("Kind"))
    area = filters.ChoiceFilter(choices=Feedback.Area.choices, label=_("Area"))
    state = filters.ChoiceFilter(choices=Feedback.State.choices, label=_("State"))
    job_role = filters.ModelChoiceFilter(queryset=JobRole.objects.all(), label=_("Job role"))

    class Meta:
        model = Feedback
        fields: list[str] = []


class CustomerFilter(filters.FilterSet):  # type: ignore[misc]
    """Customers to look at, by what is wrong with them."""

    why = filters.ChoiceFilter(choices=WHY_LABELS, method="only_why", label=_("Why"))
    source = filters.ModelChoiceFilter(queryset=Source.objects.all(), label=_("Source"))

    class Meta:
        model = Account
        fields: list[str] = []

    def only_why(self, queryset: QuerySet[Account], name: str, value: str) -> QuerySet[Account]:
        return queryset.filter(WHY[value])
