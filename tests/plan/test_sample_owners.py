"""The sample company has owners and vacancies, a committee that met, expectations agreed and not, steps enforced."""

from __future__ import annotations

import pytest
from django.utils import timezone

from crm_adoption.plan import services
from crm_adoption.plan.models import Decision, StepRule
from crm_adoption.plan.queries.brought import steps
from crm_adoption.plan.queries.committee import committee
from crm_adoption.plan.queries.expectations import agreed, expectations
from crm_adoption.plan.queries.home_application import at_home
from crm_adoption.plan.queries.ownership import owned
from crm_adoption.plan.services.sample_owners import STEPS, make_owners
from crm_adoption.plan.services.sample_people import make_people
from crm_adoption.plan.services.sample_plan import make_plan
from crm_adoption.usage import sample as usage_sample
from training import sample as training_sample

pytestmark = pytest.mark.django_db


def test_the_sample_shows_owners_a_committee_expectations_and_enforced_steps_and_makes_them_once():
    now = timezone.now()
    today = timezone.localdate(now)
    people = make_people(now)
    assert make_owners(people, now) is False
    make_plan(people, now)
    training_sample.load(now=now, seed=7)

    assert make_owners(people, now) is True
    services.take_readings(now)

    assert sorted(one.has_both for one in owned()) == [False, True, True]
    found = committee(today)
    assert found.is_asked_for
    assert not found.sits
    assert found.planned is not None
    assert Decision.objects.filter(work_item__isnull=False, review__body="committee").count() == 2
    said = agreed(expectations(today))
    assert (said.all, said.agreed) == (3, 2)
    assert said.measurable >= 1
    assert StepRule.objects.count() == len(STEPS)
    assert {step.holds for step in steps()} == {True, False}
    assert make_owners(people, now) is False
    assert Decision.objects.filter(review__body="committee").count() == 2


def test_the_sample_log_names_clients_so_that_sellers_are_seen_inside_their_mail_program():
    now = timezone.now()
    make_plan(make_people(now), now)
    usage_sample.load(now=now, seed=7)

    found = at_home(timezone.localdate(now))

    assert [str(one.role) for one in found.shown] == ["Account manager"]
    assert 0.2 < (found.shown[0].share or 0.0) < 0.9
    assert [(name, str(one.role)) for name, one in found.unknown] == [("Mobile app", "Team lead")]
