"""What is no longer used (3.5, P54): decay of a capability, its weeks, and how many go on after the first time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from django.db.models import Count

from crm_adoption.usage.models import Capability, UsageDay, UsageSetting
from dataquality.statements import fetch

PERIODS = 12  # of 28 days, in a curve
WEEKS = 52


@dataclass(frozen=True)
class Decay:
    """Days of persons in the last window and in the best of the same length ever; 1 - last / best."""

    last: int
    best: int
    best_until: date
    above: float
    is_known: bool  # used for two windows at least, so that there is something to compare

    @property
    def rate(self) -> float:
        return 1 - self.last / self.best

    @property
    def is_decayed(self) -> bool:
        return self.is_known and self.rate > self.above


def decays(until: date) -> dict[int, Decay]:
    """By capability ever used."""
    setting = UsageSetting.now()
    days: dict[int, dict[date, int]] = defaultdict(dict)
    rows = UsageDay.objects.filter(capability__isnull=False, day__lte=until).order_by()
    for capability, day, n in rows.values_list("capability", "day").annotate(n=Count("pk")):
        days[capability][day] = n  # type: ignore[index]
    return {one: _decay(counts, until, setting) for one, counts in days.items()}


def _decay(counts: dict[date, int], until: date, setting: UsageSetting) -> Decay:
    first, span = min(counts), setting.decay_days
    length = (until - first).days + 1
    sums = [0, *accumulate(counts.get(first + timedelta(days=n), 0) for n in range(length))]
    windows = [(sums[end] - sums[max(0, end - span)], end) for end in range(1, length + 1)]
    best, end = max(windows, key=lambda one: one[0])
    return Decay(windows[-1][0], best, first + timedelta(days=end - 1), setting.decayed_above, length >= 2 * span)


def decayed(until: date) -> tuple[list[Capability], int]:
    """Live capabilities whose use fell by more than half from its best, and of how many that can be said."""
    known = {pk: one for pk, one in decays(until).items() if one.is_known}
    capabilities = Capability.objects.live().filter(pk__in=known)
    return [one for one in capabilities if known[one.pk].is_decayed], len(capabilities)


def weeks(until: date, *, n: int = WEEKS) -> list[date]:
    """The Mondays of the last whole weeks and the one that runs, the oldest first."""
    monday = until - timedelta(days=until.weekday())
    return [monday - timedelta(weeks=back) for back in range(n - 1, -1, -1)]


def use_by_week(until: date, *, n: int = WEEKS) -> dict[int, dict[date, int]]:
    """By capability and Monday: how many people who are here and need it used it in that week."""
    found: dict[int, dict[date, int]] = defaultdict(dict)
    rows = fetch(
        """
        SELECT u.capability_id, date_trunc('week', u.day)::date, count(DISTINCT u.person_id)
          FROM usage_usageday u JOIN people_person p ON p.id = u.person_id
         WHERE u.capability_id IS NOT NULL AND u.day >= %s AND u.day <= %s
           AND p.left_on IS NULL AND p.job_role_id IS NOT NULL
           AND (p.job_role_id IN (SELECT n.jobrole_id FROM usage_capability_job_roles n
                                   WHERE n.capability_id = u.capability_id)
                OR NOT EXISTS (SELECT FROM usage_capability_job_roles n WHERE n.capability_id = u.capability_id))
         GROUP BY 1, 2
        """,
        [weeks(until, n=n)[0], until],
    )
    for capability, monday, people in rows:
        found[capability][monday] = people
    return found


@dataclass(frozen=True)
class Survival:
    """Of the people who began at least so many periods ago, the share that still used it in that period."""

    period: int
    people: int
    share: float | None


def abandonment(capability: Capability, until: date) -> Sequence[Survival]:
    """How many of those who used it once still do, 28 days by 28 days after their first day (P54).

    A period of fewer than five people has no share.
    """
    setting = UsageSetting.now()
    rows = fetch(
        """
        WITH began AS (
            SELECT person_id, min(day) AS day FROM usage_usageday WHERE capability_id = %s AND day <= %s GROUP BY 1),
        used AS (
            SELECT DISTINCT u.person_id, (u.day - b.day) / %s AS period
              FROM usage_usageday u JOIN began b USING (person_id) WHERE u.capability_id = %s AND u.day <= %s)
        SELECT k, count(*), count(u.person_id)
          FROM generate_series(0, %s) AS k
          JOIN began b ON b.day + (k + 1) * %s - 1 <= %s
          LEFT JOIN used u ON u.person_id = b.person_id AND u.period = k
         GROUP BY k ORDER BY k
        """,
        [capability.pk, until, setting.decay_days, capability.pk, until, PERIODS, setting.decay_days, until],
    )
    return [
        Survival(period, people, still / people if people >= setting.shown_from else None)
        for period, people, still in rows
    ]
