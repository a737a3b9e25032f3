"""What is said of roles, teams, and where somebody stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import JobRole, Person, Team
from dataquality import subjects
from training.models import ChangeStage, RoleProfile, RoleTarget, TeamRating, TrainingSetting


def seed() -> None:
    """Make sure that the constants exist; what people set stays."""
    TrainingSetting.objects.get_or_create(pk=1)


@transaction.atomic
def describe_role(role: JobRole, *, fields: Mapping[str, Any], profile: Mapping[str, Any]) -> JobRole:
    """Keep what is known of a role: the fields of U12 and the goal of U11 on the role, the rest on its profile."""
    for name, value in fields.items():
        setattr(role, name, value)
    role.save(update_fields=[*fields, "updated_at"])
    RoleProfile.objects.update_or_create(job_role=role, defaults=dict(profile))
    return role


@transaction.atomic
def set_targets(role: JobRole, *, targets: Mapping[str, int]) -> None:
    """What a role is expected to do: table to new records in 28 days; nought or nothing expects nothing."""
    for table in targets:
        subjects.get(table)
    wanted = {table: number for table, number in targets.items() if number}
    RoleTarget.objects.filter(job_role=role).exclude(table__in=wanted).delete()
    for table, number in wanted.items():
        RoleTarget.objects.update_or_create(job_role=role, table=table, defaults={"per_28_days": number})


@transaction.atomic
def rate_team(
    team: Team, *, structure: int, skill: int, culture: int, free: int, on: date, by: Person, note: str = ""
) -> TeamRating:
    """Say whether a team has what the objectives need (M14) and how free its ways are (M6); one rating a day."""
    for number in (structure, skill, culture, free):
        if number not in range(1, 6):
            raise Refusal(_("%(team)s: %(n)s is no rating; choose from 1 to 5.") % {"team": team, "n": number})
    if team.culture != free:
        team.culture = free
        team.save(update_fields=["culture", "updated_at"])
    said = {"structure": structure, "skill": skill, "culture": culture, "note": note, "rated_by": by}
    rating, _made = TeamRating.objects.update_or_create(team=team, rated_on=on, defaults=said)
    return rating


def say_stage(person: Person, *, stage: str, on: date, expected_on: date | None = None) -> ChangeStage:
    """Where somebody stands with the change, said by themselves and shown to them alone (M17)."""
    known = ChangeStage.objects.filter(person=person).first() or ChangeStage(person=person, since=on)
    if known.stage != stage:
        known.stage, known.since = stage, on
    known.expected_on = expected_on
    known.save()
    return known
