"""When readings are asked for: every night, and after each import."""

from __future__ import annotations

import pytest
from celery import current_app
from django.conf import settings
from django.utils import timezone

from crm_adoption.jobs.models import Job
from crm_adoption.plan.tasks import ask_for_readings
from dataquality.models import Batch, Source

pytestmark = pytest.mark.django_db


def batch(state: str) -> Batch:
    source, _ = Source.objects.get_or_create(name="A CRM")
    return Batch.objects.create(
        source=source,
        file="batches/x",
        file_name="x.csv",
        sha256="0" * 64,
        size=1,
        taken_at=timezone.now(),
        state=state,
    )


def asked() -> int:
    return Job.objects.filter(kind="take_readings").count()


def test_the_timetable_names_a_task_that_exists_and_it_asks_once():
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert ask_for_readings.name in named
    assert ask_for_readings.name in current_app.tasks

    ask_for_readings()
    ask_for_readings()

    assert asked() == 1


def test_an_applied_import_asks_for_readings_and_no_other_state_does(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        received = batch(Batch.State.RECEIVED)
        batch(Batch.State.REFUSED)
    assert asked() == 0

    with django_capture_on_commit_callbacks(execute=True):
        received.state = Batch.State.APPLIED
        received.applied_at = timezone.now()
        received.save()

    assert asked() == 1
