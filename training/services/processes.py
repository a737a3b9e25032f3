"""Processes and what they ask of people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import JobRole, Person, Seat
from crm_adoption.people.services import fill_seat, open_seat, vacate_seat
from training.models import GoLive, Impact, Process, ProcessVersion, TrainingSetting
from training.quarters import Quarter
from training.queries.impacts import cap_of, load_of


@transaction.atomic
def make_process(
    *, name: str, after: str, why: str, from_on: date, before: str = "", steps: Sequence[str] = (),
    owner: Person | None = None, by: Person | None = None,
) -> Process:  # fmt: skip
    """Describe a process for the first time."""
    name = name.strip()
    if Process.objects.filter(name__iexact=name).exists():
        raise Refusal(_("There is a process “%(name)s” already; change that one.") % {"name": name})
    process = Process.objects.create(name=name)
    ProcessVersion.objects.create(
        process=process, number=1, steps=list(steps), before=before, after=after, why=why, from_on=from_on, made_by=by
    )
    name_owner(process, owner=owner, on=from_on)
    return process


@transaction.atomic
def change_process(
    process: Process, *, after: str, why: str, from_on: date, before: str = "", steps: Sequence[str] = (),
    by: Person | None = None,
) -> Process:  # fmt: skip
    """Change what a process says: a new version. Courses that teach the one before are marked by that."""
    process = Process.objects.select_for_update().get(pk=process.pk)
    current = process.versions.get(number=process.version)
    said = {"steps": list(steps), "before": before, "after": after, "why": why}
    if said == {name: getattr(current, name) for name in said}:
        raise Refusal(_("Nothing about “%(name)s” is different from version %(n)s; say what changes.")
                      % {"name": process.name, "n": process.version})  # fmt: skip
    if from_on < current.from_on:
        raise Refusal(_("Version %(n)s is in force from %(day)s; the new one cannot begin before it.")
                      % {"n": process.version, "day": current.from_on})  # fmt: skip
    process.version += 1
    process.save(update_fields=["version", "updated_at"])
    ProcessVersion.objects.create(process=process, number=process.version, from_on=from_on, made_by=by, **said)
    return process


@transaction.atomic
def name_owner(process: Process, *, owner: Person | None, on: date) -> Process:
    """Say who answers for a process: the holder of its seat, which stands among the other seats."""
    if owner is None:
        if process.owner is not None:
            vacate_seat(process.owner)
        return process
    if process.owner is None:
        process.owner = Seat.objects.filter(
            kind=Seat.Kind.BUSINESS_OWNER, scope=Seat.Scope.PROCESS, scope_key=process.name
        ).first() or open_seat(kind=Seat.Kind.BUSINESS_OWNER, scope=Seat.Scope.PROCESS, scope_key=process.name)
        process.save(update_fields=["owner", "updated_at"])
    if process.owner.holder != owner:
        fill_seat(process.owner, holder=owner, on=on)
    return process


@transaction.atomic
def retire_process(process: Process, *, on: date) -> Process:
    """Nobody works this way any more; it stays in the history of those who were taught it."""
    taught = process.courses.filter(retired_on=None).first()
    if taught is not None:
        raise Refusal(
            _("The course “%(course)s” still teaches it; take the process out of that course first.")
            % {"course": taught},
            links=((str(taught), taught.get_absolute_url()),),
        )
    process.retired_on = on
    process.save(update_fields=["retired_on", "updated_at"])
    return process


@transaction.atomic
def describe_impact(impact: Impact) -> Impact:
    """Keep what a change asks of a role and gives to it, refused where the role could not bear it in that quarter."""
    if not impact.gets.strip():
        raise Refusal(_("Say what %(role)s gets; people do not let go until they get something better.")
                      % {"role": impact.job_role})  # fmt: skip
    same = Impact.objects.filter(process=impact.process, release=impact.release, job_role=impact.job_role)
    if same.exclude(pk=impact.pk).exists():
        raise Refusal(_("What this means for %(role)s is described already; change that row.")
                      % {"role": impact.job_role})  # fmt: skip
    JobRole.objects.select_for_update().get(pk=impact.job_role_id)
    quarter = Quarter.of(impact.lands_on)
    cap = cap_of(impact.job_role, TrainingSetting.now())
    load = load_of(impact.job_role, quarter, without=impact) + impact.size
    before = Impact.objects.filter(pk=impact.pk).first() if impact.pk else None
    grows = before is None or impact.size > before.size or Quarter.of(before.lands_on) != quarter
    if load > cap and (grows or before is None or before.job_role_id != impact.job_role_id):
        raise Refusal(
            _("%(role)s would bear %(load)s in %(quarter)s and can bear %(cap)s: let it land later, make it smaller, "
              "or raise the role's cap.")
            % {"role": impact.job_role, "load": load, "quarter": quarter, "cap": cap},
            code="saturated",
        )  # fmt: skip
    impact.save()
    return impact


def tell_impact(impact: Impact, *, on: date) -> Impact:
    """The role has been told what changes, why, and what it gets (M10)."""
    impact.told_on = on
    impact.save(update_fields=["told_on", "updated_at"])
    return impact


@transaction.atomic
def announce_go_live(
    release: str, *, name: str, on: date, job_roles: Collection[JobRole], processes: Collection[Process] = ()
) -> GoLive:
    """Say when a release reaches which roles; said again, it replaces what was said before."""
    if not job_roles:
        raise Refusal(_("Say which job roles “%(name)s” reaches; nobody else gets trained for it.") % {"name": name})
    known: dict[str, Any] = {"name": name, "on": on}
    go_live, _made = GoLive.objects.update_or_create(release=release, defaults=known)
    go_live.job_roles.set(job_roles)
    go_live.processes.set(processes)
    return go_live
