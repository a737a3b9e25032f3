"""A year of use at the sample company: taken up, kept, given up; asked about, saved, and kept beside the CRM."""

from __future__ import annotations

import io
import math
import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from contacts.models import LifecyclePolicy
from crm_adoption.people.models import JobRole, Person, Team
from crm_adoption.usage import evidence, services
from crm_adoption.usage.models import (
    Capability,
    EffortEntry,
    EffortRelease,
    LedgerLine,
    ShadowSystem,
    UsageSetting,
    UseCase,
    Via,
)
from crm_adoption.usage.sample import words
from dataquality import subjects

YEAR = 360  # days
NAMED_SINCE, ADD_IN_SHARE = 120, 0.55
ROWS, UNKNOWN = 60, 14  # of the spreadsheet that was found


@transaction.atomic
def load(*, now: datetime, seed: int) -> dict[str, int]:
    """Make the story for the job roles that there are; nothing happens where it was made before.

    It writes through the services that people use, but for the days of use, which come as a log would bring them.
    """
    roles = {role.name: role for role in JobRole.objects.filter(name__in=(words.SELLER, words.LEAD, words.SERVICE))}
    if not roles or Capability.objects.exists():
        return {"capabilities": 0, "days": 0, "use_cases": 0, "shadows": 0}
    chance, today = random.Random(seed), timezone.localdate(now)  # noqa: S311 - a story, no secret
    _constants()
    people = list(Person.objects.filter(job_role__in=roles.values(), left_on=None).order_by("pk"))
    capabilities = _capabilities(roles)
    days = _days(capabilities, people, today, chance) + services.derive_use(today=today)
    cases = _use_cases(roles, capabilities, today)
    _opinions(cases, people, today, chance)
    _releases(cases, people, now, today)
    shadows = _shadows(people, now, today)
    _lines(today)
    _ways_out(people)
    return {"capabilities": len(capabilities), "days": days, "use_cases": len(cases), "shadows": shadows}


def _constants() -> None:
    services.seed()
    UsageSetting.objects.filter(pk=1, licence_cost=None).update(licence_cost=Decimal(54_000), hourly_rate=Decimal(62))


def _capabilities(roles: dict[str, JobRole]) -> dict[str, Capability]:
    made = {}
    kept = ("code", "name", "kind", "value", "tables", "derived", "fields", "summary", "aliases")
    for said in words.CAPABILITIES:
        needed = [roles[name] for name in said["roles"] if name in roles]
        if needed:
            capability = Capability(**{name: said[name] for name in kept if name in said})
            made[capability.code] = services.save_capability(capability, job_roles=needed)
    return made


def _days(capabilities: dict[str, Capability], people: list[Person], today: date, chance: random.Random) -> int:
    """Days of use as a log would tell them: each who took a capability up has a habit; all sign in now and then."""
    found: list[services.Use] = []
    for said in words.CAPABILITIES:
        capability = capabilities.get(said["code"])
        if capability is None:
            continue
        own = [person for person in people if person.job_role and person.job_role.name in said["roles"]]
        for person in chance.sample(own, round(said["share"] * len(own))):
            begins = min(YEAR, said["begins"]) - chance.randrange(0, 60)
            often = [said["rate"] / 5 * _kept(back, said.get("fades")) for back in range(max(0, begins) + 1)]
            found += [
                services.Use(person.pk, capability.pk, today - timedelta(days=back), chance.randrange(1, 4))
                for back in _habit(often, today, chance)
            ]
    for person in people:
        found += [services.Use(person.pk, None, today - timedelta(days=back), 1)
                  for back in _habit([0.1] * YEAR, today, chance)]  # fmt: skip
    return services.record_use(_through(found, people, today), via=Via.LOG)


def _habit(often: list[float], today: date, chance: random.Random) -> list[int]:
    """The days back, the oldest first, of one who uses a thing on such a share of the working days `back` days ago.

    Each working day adds about its share, and a whole one is a day of use. Tossed for each day by itself, the use of
    a few would halve within a month on some days of the year, and the story would tell of a loss that it does not mean.
    """
    due, days = chance.random(), []
    for back in range(len(often) - 1, -1, -1):
        if (today - timedelta(days=back)).weekday() < 5:
            due += often[back] * chance.uniform(0.5, 1.5)
            if due >= 1:
                due -= 1
                days.append(back)
    return days


def _through(found: list[services.Use], people: list[Person], today: date) -> list[services.Use]:
    """The log names the client since four months ago; sellers took to the add-in of their mail program, slowly."""
    chance = random.Random(len(found))  # noqa: S311 - a story, no secret
    role = {person.pk: person.job_role.name if person.job_role else "" for person in people}
    told = []
    for one in found:
        back = (today - one.day).days
        if back > NAMED_SINCE:
            told.append(one)
            continue
        inside = ADD_IN_SHARE * (1 - back / (2 * NAMED_SINCE)) if role.get(one.person_id) == words.SELLER else 0.0
        channel = words.ADD_IN if chance.random() < inside else words.APP if chance.random() < 0.1 else words.BROWSER
        told.append(replace(one, channel=channel))
    return told


def _kept(back: int, fades: int | None) -> float:
    """How much of the habit is left; what fades is halved every four weeks from then on."""
    return 1.0 if fades is None or back >= fades else math.pow(0.5, (fades - back) / 28)


def _use_cases(roles: dict[str, JobRole], capabilities: dict[str, Capability], today: date) -> dict[str, UseCase]:
    made = {}
    for said in words.USE_CASES:
        known: dict[str, Any] = dict(said)
        role = roles.get(known.pop("role"))
        serves = [roles[name] for name in known.pop("serves", ()) if name in roles]
        elements, code = known.pop("elements"), known.pop("capability")
        if role is None:
            continue
        learned_on = today - timedelta(days=210) if known["learned_from"] else None
        case = UseCase(job_role=role, capability=capabilities.get(code), learned_on=learned_on, **known)
        made[case.name] = services.save_use_case(case, serves=serves, elements=elements)
    return made


def _opinions(cases: dict[str, UseCase], people: list[Person], today: date, chance: random.Random) -> None:
    """Half of each role says how it feels, every two months; it gets better where clicks were saved."""
    for case in cases.values():
        own = [person for person in people if person.job_role_id == case.job_role_id]
        for back in range(300, 0, -60):
            better = 1 if case.name == "Write a quotation" and back < 60 else 0
            for person in own[:: 2 if len(own) > 10 else 1]:
                mood = [min(5, max(1, chance.choice((2, 3, 3, 4)) + better)) for _ in range(4)]
                services.say_opinion(
                    case, person, on=today - timedelta(days=back), feels=mood[0], predictable=mood[1],
                    convenient=mood[2], timely=mood[3],
                )  # fmt: skip


def _releases(cases: dict[str, UseCase], people: list[Person], now: datetime, today: date) -> None:
    sponsor = Person.objects.filter(groups__name="executive sponsor", left_on=None).order_by("pk").first()
    for said in words.RELEASES:
        answers = sponsor if said.get("why") else None
        release = services.save_release(EffortRelease(
            release=said["release"], name=said["name"], on=today - timedelta(days=said["ago"]),
            why=said.get("why", "") if answers else "", answered_by=answers,
        ))  # fmt: skip
        for entry in said["entries"]:
            known = dict(entry)
            case = cases.get(known.pop("use_case"))
            if case is not None:
                services.save_entry(EffortEntry(release=release, use_case=case, **known))
        if said["settle"] and answers and release.entries.exists():
            services.settle_release(release, now=now - timedelta(days=said["ago"]))


def _shadows(people: list[Person], now: datetime, today: date) -> int:
    for place, said in enumerate(words.SHADOWS):
        team = Team.objects.filter(name=said["team"]).first()
        retired = said["state"] == "retired"
        shadow = services.save_shadow(ShadowSystem(
            name=said["name"], team=team, table=said["table"], why=said["why"],
            state="understood" if retired else said["state"], found_on=today - timedelta(days=said["ago"]),
            owner=people[place] if place < len(people) else None,
        ))  # fmt: skip
        if retired:
            services.retire_shadow(shadow, because=said["because"], on=today - timedelta(days=30))
        elif not place:
            _x_ray(shadow, now, today)
    return len(words.SHADOWS)


def _x_ray(shadow: ShadowSystem, now: datetime, today: date) -> None:
    """A sheet that holds people the CRM knows, some with another city, and some it does not."""
    model: Any = subjects.get(shadow.table).model
    known = model.objects.live().exclude(email="").order_by("pk").values_list("full_name", "email", "city")
    rows = [[name, mail, city] for name, mail, city in known[: ROWS - UNKNOWN]]
    rows += [[f"Loan {n}", f"loan{n}@laboratory.example", "Basel"] for n in range(1, UNKNOWN + 1)]
    lines = ["Full Name,Email,City,Instrument on loan,Back on"]
    for n, (name, mail, city) in enumerate(rows):
        cells = [name, mail, "Basel" if n % 6 == 0 else city, f"B{120 + n % 4 * 100}",
                 (today - timedelta(days=n % 45)).isoformat()]  # fmt: skip
        lines.append(",".join('"' + cell.replace('"', '""') + '"' for cell in cells))
    services.take_x_ray(
        shadow, io.BytesIO("\n".join(lines).encode()), name="demo instruments.csv", by=None, now=now,
        edited_on=today - timedelta(days=1),
    )  # fmt: skip


def _lines(today: date) -> None:
    """Costs and gains; a gain names its check only where the check had read something by then."""
    before, after = today - timedelta(days=150), today
    for said in words.LINES:
        known = dict(said)
        check = known.pop("check", "")
        if check and evidence.reading(check, before) is not None:
            known |= {"check_slug": check, "baseline_on": before, "after_on": after}
        services.save_line(LedgerLine(**known))


def _ways_out(people: list[Person]) -> None:
    """Four of the six ways out of the data are ruled, and one of them has no owner."""
    for place, (trigger, rule, action) in enumerate(words.WAYS_OUT):
        LifecyclePolicy.objects.get_or_create(
            trigger=trigger, defaults={"rule": rule, "action": action, "owner": people[0] if place and people else None}
        )
