"""The sample company's use: every page and every check has rows, and loading it twice loads it once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from crm_adoption.kit.access import SPONSOR
from crm_adoption.usage import queries, sample
from crm_adoption.usage.models import (
    Capability,
    EffortEntry,
    LedgerLine,
    Opinion,
    ShadowSystem,
    UsageDay,
    UseCase,
    XRay,
)
from crm_adoption.usage.sample import words
from dataquality import subjects
from tests import make

pytestmark = pytest.mark.django_db
MODELS = (Capability, UsageDay, UseCase, Opinion, EffortEntry, ShadowSystem, XRay, LedgerLine)


@pytest.fixture
def company(request: pytest.FixtureRequest) -> datetime:
    """Thirty people in the three roles with records of their own, and a sponsor; today, or so many days later."""
    now = timezone.now() + timedelta(days=getattr(request, "param", 0))
    source = make.source()
    for name, n in ((words.SELLER, 14), (words.LEAD, 6), (words.SERVICE, 10)):
        role = make.job_role(name=name)
        for _ in range(n):
            person = make.person(job_role=role)
            for table in (words.DEAL, words.CASE, words.VISIT):
                batch = make.batch(source, subjects.get(table), taken_at=now)
                make.records(batch, {"owner": person, "created_at": now - timedelta(days=2)})
    contacts = make.batch(source, subjects.get(words.CONTACT), taken_at=now)
    make.records(contacts, *({"full_name": f"Person {n}", "email": f"p{n}@lab.example", "city": "Ulm",
                              "modified_at": now - timedelta(days=90)} for n in range(60)))  # fmt: skip
    make.person(groups=[SPONSOR])
    sample.load(now=now, seed=7)
    return now


@pytest.mark.parametrize("company", range(7), indirect=True)
def test_the_story_is_under_the_line_somewhere_has_given_something_up_and_owes_something_on_any_day(company):
    today = timezone.localdate(company)
    use = queries.utilisation(today)

    assert use.u is not None
    assert 0.25 < use.u < 0.7
    assert {part.key for part in use.kinds if part.u} == {"input", "automation", "information"}
    assert [row.capability.code for row in use.decayed] == ["routes"]
    assert [row.capability.code for row in use.rows if row.decay is None] == ["causes-report"]
    assert use.shelfware is not None
    assert {one.state for one in queries.book().releases} == {"settled", "ready", "owes"}
    routes = Capability.objects.get(code="routes")
    shares = [one.share for one in queries.abandonment(routes, today) if one.share is not None]
    assert shares[0] == 1
    assert shares[-1] < 0.5
    assert 20 < (queries.adoption(today).median or 0) < 90


def test_every_page_has_its_figures(company):
    today = timezone.localdate(company)
    roles = {one.role.name: one for one in queries.roles_with_cases(today)}

    assert all(one.ux is not None for one in roles.values())
    assert 0 < (roles[words.SELLER].reciprocity or 0) < 1 < (roles[words.SERVICE].reciprocity or 0)
    seen = XRay.objects.get()
    assert (seen.rows, seen.unknown, seen.is_fresher) == (60, 14, True)
    assert seen.missing_in_crm == ["Instrument on loan", "Back on"]
    assert 0 < seen.compared["City"][1] < seen.compared["City"][0]
    assert queries.returns(today).claimed


def test_loading_it_twice_loads_it_once(company):
    before = [model.objects.count() for model in MODELS]

    assert sample.load(now=company + timedelta(hours=1), seed=7)["capabilities"] == 0

    assert [model.objects.count() for model in MODELS] == before


def test_without_the_roles_it_speaks_of_nothing_is_made():
    assert sample.load(now=timezone.now(), seed=7)["days"] == 0
    assert not Capability.objects.exists()
