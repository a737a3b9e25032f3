"""Through which client use came, where logs say it; beside how much use there was at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Sum

from crm_adoption.usage.models import ChannelDay, UsageDay

WINDOW = timedelta(days=28)


@dataclass(frozen=True)
class RoleChannels:
    """The use of one job role whose client is known: by client as logs write it, and of how many people."""

    people: int
    counts: Mapping[str, int]

    @property
    def all(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Channels:
    """By job role, in the 28 days up to the newest day whose client is known; `known` is its part of all use then."""

    until: date | None
    roles: Mapping[int, RoleChannels]
    known: float | None = None


def channels(today: date) -> Channels:
    """What logs said of clients, of people who are here and have a job role."""
    until = ChannelDay.objects.filter(day__lte=today).aggregate(day=Max("day"))["day"]
    if until is None:
        return Channels(None, {})
    window = {
        "day__gt": until - WINDOW, "day__lte": until, "person__left_on": None, "person__job_role__isnull": False,
    }  # fmt: skip
    days = ChannelDay.objects.filter(**window).order_by()
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for role, channel, n in days.values_list("person__job_role", "channel").annotate(n=Sum("count")):
        counts[role or 0][channel] = n
    people = dict(days.values_list("person__job_role").annotate(n=Count("person", distinct=True)))
    every = UsageDay.objects.filter(**window).aggregate(n=Sum("count"))["n"] or 0
    told = sum(n for found in counts.values() for n in found.values())
    roles = {role: RoleChannels(people[role], found) for role, found in counts.items()}
    return Channels(until, roles, min(1.0, told / every) if every else None)
