"""The people of the sample company: teams, job roles, sign-ins, seats with some vacancies, and what they claim."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from crm_adoption.kit.access import CHAMPION, END_USER
from crm_adoption.people.models import JobRole, Person, Seat, Team
from crm_adoption.plan.models import Claim, Ingredient, Programme
from crm_adoption.plan.sample.chance import Chance
from crm_adoption.plan.sample.company import (
    HEADQUARTERS,
    JOB_ROLES,
    MAIL_DOMAIN,
    NAME,
    PURPOSE,
    TEAMS,
    VISION,
    Staff,
    staff,
)
from crm_adoption.plan.sample.spelling import mailbox
from crm_adoption.plan.sample.world import export_days

SEED = 7
OFFICE = "Headquarters"
CLAIMING = 14  # people of the sales and service teams who answered
MOOD = {  # mean answer to each ingredient, as it was heard
    "scope-vision": 3.6, "executive-leadership": 3.1, "ownership-support": 3.9, "communication": 2.9,
    "accessibility": 3.3, "system-function": 3.4, "data-quality": 4.1, "process-alignment": 2.8,
    "end-user-motivation": 2.4, "training-reinforcement": 3.0,
}  # fmt: skip


def sample_password() -> str:
    """One password for all sample sign-ins, of this install alone: it hangs on the local secret key."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"sample company", hashlib.sha256).digest()
    letters = base64.b32encode(digest).decode().lower()
    return f"norvane-{letters[:4]}-{letters[4:8]}"


def sample_sign_ins(now: datetime) -> list[tuple[str, str, str]]:
    """(e-mail, password, group) of one person a group."""
    password = sample_password()
    people = [(f"{mailbox(given, family)}@{MAIL_DOMAIN}", group) for given, family, group, _ in HEADQUARTERS]
    people += [(one.email, group) for one, group in _from_the_teams(_staff(now))]
    return [(email, password, group) for email, group in people]


def _staff(now: datetime) -> list[Staff]:
    return staff(Chance(SEED), export_days(now.date())[0])


def _from_the_teams(known: list[Staff]) -> list[tuple[Staff, str]]:
    """The champion leads the first team, the end-user sells in it."""
    return [(known[0], CHAMPION), (known[1], END_USER)]


@transaction.atomic
def make_people(now: datetime) -> dict[str, Person]:
    """Everybody of the sample company, by e-mail; running it twice makes nobody twice."""
    known = _staff(now)
    roles = {
        name: JobRole.objects.get_or_create(
            name=name, defaults={"tasks": tasks, "in_the_field": field, "devices": devices}
        )[0]
        for name, (tasks, field, devices) in JOB_ROLES.items()
    }
    office, _ = Team.objects.get_or_create(name=OFFICE, defaults={"culture": 2})
    teams = {
        name: Team.objects.get_or_create(name=name, defaults={"culture": culture, "parent": office})[0]
        for name, (_countries, _size, culture) in TEAMS.items()
    }
    people: dict[str, Person] = {}
    by_id: dict[str, Person] = {}
    for given, family, _group, role in HEADQUARTERS:
        address = f"{mailbox(given, family)}@{MAIL_DOMAIN}"
        people[address] = _person(address, f"{given} {family}", office, roles[role], None, None)
    for one in known:
        by_id[one.id] = people[one.email] = _person(
            one.email, one.name, teams[one.team], roles[one.title], by_id.get(one.manager_id), one
        )
    for email, password, group in sample_sign_ins(now):
        person = people[email]
        person.set_password(password)
        person.save(update_fields=["password", "updated_at"])
        person.groups.set(Group.objects.filter(name=group))
    _fill_seats(people, known, now)
    return people


def _person(email: str, name: str, team: Team, role: JobRole, manager: Person | None, one: Staff | None) -> Person:
    """Somebody who is known here; only the sample sign-ins get a password that works."""
    person: Person | None = Person.objects.filter(email=email).first()
    if person is None:
        person = Person.objects.create_user(
            email, None, name=name, team=team, job_role=role, manager=manager,
            started_on=one.started_on if one else None,
        )  # fmt: skip
    return person


def _fill_seats(people: dict[str, Person], known: list[Staff], now: datetime) -> None:
    """Most seats are held; technology, two champions and the stewards of most tables are still missing."""
    by_group = {group: people[f"{mailbox(given, family)}@{MAIL_DOMAIN}"] for given, family, group, _ in HEADQUARTERS}
    sponsor, steward = by_group["executive sponsor"], by_group["data steward"]
    leads = {one.team: people[one.email] for one in reversed(known)}
    Kind, Scope = Seat.Kind, Seat.Scope
    seats: list[tuple[str, str, str, Person | None]] = [
        (Kind.EXECUTIVE_SPONSOR, Scope.PROGRAMME, "", sponsor),
        (Kind.BUSINESS_OWNER, Scope.PROGRAMME, "", sponsor),
        (Kind.TECHNOLOGY_OWNER, Scope.PROGRAMME, "", None),
        (Kind.ADOPTION_LEAD, Scope.PROGRAMME, "", by_group["adoption lead"]),
        (Kind.TRAINER, Scope.PROGRAMME, "", by_group["trainer"]),
        (Kind.ANALYST, Scope.PROGRAMME, "", by_group["analyst"]),
        (Kind.STEWARD, Scope.TABLE, "accounts.account", steward),
        (Kind.STEWARD, Scope.TABLE, "contacts.contact", steward),
        (Kind.STEWARD, Scope.TABLE, "accounts.opportunity", None),
        (Kind.STEWARD, Scope.TABLE, "contacts.lead", None),
    ]
    for place, team in enumerate([OFFICE, *TEAMS]):
        seats.append((Kind.CHAMPION, Scope.TEAM, team, leads.get(team) if place in (1, 2, 3, 5) else None))
    for kind, scope, key, holder in seats:
        since = now.date() - timedelta(days=120) if holder else None
        Seat.objects.get_or_create(kind=kind, scope=scope, scope_key=key, defaults={"holder": holder, "since": since})


@transaction.atomic
def describe_programme() -> None:
    """Say what the programme is for, unless somebody has already."""
    programme = Programme.objects.get(pk=1)
    if not programme.purpose:
        programme.name, programme.purpose, programme.vision = f"CRM at {NAME}", PURPOSE, VISION
        programme.save()


@transaction.atomic
def make_claims(people: dict[str, Person], now: datetime) -> None:
    """A pulse survey three weeks ago; answers of one's own that are there already stay."""
    chance = Chance(SEED)
    respondents = [people[one.email] for one in _staff(now)[:CLAIMING]]
    for ingredient in Ingredient.objects.all():
        for person in respondents:
            mean = MOOD[ingredient.slug]
            score = round(mean + chance.share("claim", ingredient.slug, person.email) * 2.4 - 1.2)
            Claim.objects.get_or_create(
                ingredient=ingredient, respondent=person,
                defaults={"score": min(5, max(1, score)), "at": now - timedelta(days=21)},
            )  # fmt: skip
