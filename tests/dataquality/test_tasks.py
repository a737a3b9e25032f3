"""The jobs that judge a stored table anew and end waivers, worked as a worker works them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from crm_adoption.jobs.services import run_here, start
from dataquality import subjects
from dataquality.models import Finding, Score
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
ACCOUNTS = subjects.get("accounts.account")


def test_a_table_is_judged_anew_and_scored():
    batch = make.batch(make.source(), ACCOUNTS)
    make.records(batch, {"name": "Acme"}, {"name": ""})

    job = run_here(start("check_table", scope=f"{ACCOUNTS.slug} {batch.source.pk}"))

    assert (job.state, job.counts) == ("done", {"checked": 2, "opened": 1, "closed": 0, "gone": 0})
    assert Finding.objects.get().code == "required_blank"
    assert Score.objects.get(table=ACCOUNTS.slug, field="", source=batch.source).wrong == 1


def test_waivers_that_ran_out_end():
    record = make.record(make.batch(make.source(), ACCOUNTS), name="Acme")
    yesterday = timezone.now().date() - timedelta(days=1)
    make.finding(record, "phone.format", state="waived", waiver_reason="known", waived_until=yesterday)

    job = run_here(start("expire_waivers"))

    assert (job.state, job.counts) == ("done", {"opened": 1})
    assert Finding.objects.get().state == "open"
