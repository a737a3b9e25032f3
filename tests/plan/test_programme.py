"""What it is all for, and where the cycle of the programme stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from crm_adoption.kit.access import END_USER, LEAD
from crm_adoption.plan import services
from crm_adoption.plan.models import Phase, Programme, Review
from crm_adoption.plan.queries.stages import stages
from tests import make
from training.models import GoLive

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def going_on() -> dict[str, str]:
    return {stage.slug: stage.sentence for stage in stages(NOW) if stage.is_now}


def test_p13_the_vision_is_read_by_everybody_and_written_by_those_who_lead(client):
    services.seed()
    client.force_login(make.person(groups=[END_USER]))
    asked = client.get("/programme/").content.decode()
    assert "Does CRM help you create raving fans?" in asked
    assert "/programme/change/" not in asked

    client.force_login(make.person(groups=[LEAD]))
    sent = {"name": "Ours", "purpose": "One list.", "vision": "Raving fans.", "it_model": "small", "cadence": "13w"}
    assert client.post("/programme/change/", sent).status_code == 302

    assert Programme.objects.get().vision == "Raving fans."
    client.force_login(make.person(groups=[END_USER]))
    for address in ("/", "/programme/"):
        assert "Raving fans." in client.get(address).content.decode()


def test_p52_the_cycle_begins_with_assessing_and_each_stage_is_told_by_rows():
    services.seed()
    assert going_on() == {"assess": "nothing is planned yet"}

    Phase.objects.create(name="Drafted")
    Phase.objects.create(name="Approved", state="approved")
    Phase.objects.create(name="Live", state="open", opened_at=NOW - timedelta(days=3))
    Phase.objects.create(name="Long live", state="open", opened_at=NOW - timedelta(days=90))
    GoLive.objects.create(release="r", name="Live", on=timezone.localdate(NOW) - timedelta(days=25))

    assert going_on() == {"design": "Drafted", "build": "Approved", "deploy": "Live", "reinforce": "Live"}
    Review.objects.create(planned_on=timezone.localdate(NOW), held_on=timezone.localdate(NOW))
    assert going_on()["assess"] == "a review is held today"


def test_many_phases_in_one_stage_are_named_by_the_first():
    for number in range(5):
        Phase.objects.create(name=f"Phase {number}")

    assert going_on()["design"] == "Phase 0, Phase 1, Phase 2 and 2 more"
