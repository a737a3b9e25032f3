"""How each role reaches the CRM, how long it takes, and how soon what happened stands in it (P30-P37)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from statistics import median

from crm_adoption.people.models import JobRole
from crm_adoption.plan.models import AccessPath, Trial
from dataquality.statements import fetch

Device, State = AccessPath.Device, AccessPath.State
LAG = """
    SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM created_at - happened_at))
    FROM accounts_activity
    WHERE state = 'live' AND created_at > %s AND created_at <= %s AND happened_at <= created_at
"""


LAG_BY_ROLE = """
    SELECT p.job_role_id, count(*), count(DISTINCT a.owner_id),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.created_at - a.happened_at))
    FROM accounts_activity a JOIN people_person p ON p.id = a.owner_id
    WHERE a.state = 'live' AND a.created_at > %s AND a.created_at <= %s AND a.happened_at <= a.created_at
      AND p.job_role_id IS NOT NULL
    GROUP BY 1
"""


@dataclass(frozen=True)
class RoleLag:
    """How soon a role writes down what happened, beside the ways it has away from its desk (P35)."""

    role: JobRole
    people: int
    activities: int
    hours: float | None  # none while fewer people than may be shown wrote anything
    ways: Sequence[AccessPath]  # open ones on the road or without a network

    @property
    def needs_a_way(self) -> bool:
        """On the road, and no open way there."""
        return self.role.in_the_field and not self.ways


@dataclass(frozen=True)
class Cell:
    """One role on one device: whether it needs it, the shortest open way, and what stands in it."""

    device: str  # as people say it
    needed: bool
    steps: int | None
    state: str  # open, todo, prohibited, untold, missing, "" where it is neither needed nor recorded


@dataclass(frozen=True)
class Matrix:
    """Roles x devices; a needed device without an open way is a roadblock."""

    devices: Sequence[tuple[str, str]]
    rows: Sequence[tuple[JobRole, Sequence[Cell]]]

    @property
    def share(self) -> float | None:
        """Needed devices with an open way, or a prohibition people were told, of all that are needed."""
        needed = [cell for _role, cells in self.rows for cell in cells if cell.needed]
        if not needed:
            return None
        return sum(1 for cell in needed if cell.state in ("open", "prohibited")) / len(needed)

    @property
    def needed(self) -> int:
        return sum(1 for _role, cells in self.rows for cell in cells if cell.needed)


def access_matrix() -> Matrix:
    devices = list(Device.choices)
    rows = [(role, [_cell(role, device, str(label)) for device, label in devices])
            for role in JobRole.objects.prefetch_related("access_paths")]  # fmt: skip
    return Matrix([(value, str(label)) for value, label in devices], rows)


def _cell(role: JobRole, device: str, label: str) -> Cell:
    paths = [path for path in role.access_paths.all() if path.device == device]
    of = partial(Cell, label, device in role.devices)
    open_ = [path for path in paths if path.state == State.OPEN]
    if open_:
        return of(min((p.steps for p in open_ if p.steps is not None), default=None), "open")
    if any(path.state == State.PROHIBITED for path in paths):
        told = any(path.state == State.PROHIBITED and path.communicated_on for path in paths)
        return of(None, "prohibited" if told else "untold")
    if paths:
        return of(None, "todo")
    return of(None, "missing" if device in role.devices else "")


def most_steps() -> tuple[float, int] | None:
    """The steps to the first useful screen of the role that needs most, by its shortest open way, and how many roles
    have one whose steps were counted (P31)."""
    shortest: dict[int, int] = {}
    open_ = AccessPath.objects.filter(state=State.OPEN, steps__isnull=False).values_list("job_role_id", "steps")
    for role, steps in open_:
        if steps is not None:
            shortest[role] = min(steps, shortest.get(role, steps))
    return (float(max(shortest.values())), len(shortest)) if shortest else None


def capture_lag(now: datetime, *, over_days: int = 28) -> tuple[float, int] | None:
    """Median hours from what happened to its record (model.md 3.11), of activities created in the window."""
    rows = fetch(LAG, [now - timedelta(days=over_days), now])
    n, seconds = rows[0]
    return (float(seconds) / 3600, int(n)) if n else None


def lag_by_role(now: datetime, *, shown_from: float, over_days: int = 28) -> list[RoleLag]:
    """Each role that wrote activities in the window or works in the field, the slowest first."""
    rows = {
        role: (n, people, float(seconds) / 3600)
        for role, n, people, seconds in fetch(LAG_BY_ROLE, [now - timedelta(days=over_days), now])
    }
    found = []
    for role in JobRole.objects.prefetch_related("access_paths"):
        n, people, hours = rows.get(role.pk, (0, 0, 0.0))
        if not n and not role.in_the_field:
            continue
        ways = [
            path for path in role.access_paths.all()
            if path.state == State.OPEN and path.network in (AccessPath.Network.ROAD, AccessPath.Network.NONE)
        ]  # fmt: skip
        found.append(RoleLag(role, people, n, hours if people >= shown_from else None, ways))
    return sorted(found, key=lambda one: (one.hours is None, -(one.hours or 0.0), one.role.name))


def trial_coverage() -> tuple[float, int] | None:
    """Trials that passed as an end-user in a place like production, of all planned for phases not yet closed (P39)."""
    trials = list(Trial.objects.exclude(phase__state="closed"))
    return (sum(1 for trial in trials if trial.counts) / len(trials), len(trials)) if trials else None


def slowest(today: date, *, over_days: int = 90) -> tuple[float, int] | None:
    """The median of the p95 seconds that trials and watches noted in the window."""
    seconds = [
        value
        for value in Trial.objects.filter(on__gt=today - timedelta(days=over_days), on__lte=today).values_list(
            "seconds", flat=True
        )
        if value is not None
    ]
    return (median(seconds), len(seconds)) if seconds else None
