"""The report gate: what locks a report, what opens it, and who may see it meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from crm_adoption.kit.access import ANALYST, STEWARD
from crm_adoption.kit.errors import Refusal
from dataquality import reports, subjects
from dataquality.models import Override
from dataquality.queries import scoreboard
from dataquality.services import (
    accept_suggestion,
    gate,
    override_gate,
    settle_relations,
    take_scores,
    withdraw_override,
)
from tests import make
from tests.dataquality import maven

pytestmark = pytest.mark.django_db
DEALS = "accounts.opportunity"


def settle(batches):
    now = timezone.now()
    for slug, batch in batches.items():
        settle_relations(subjects.get(slug), source=batch.source, batch=batch, now=now)
        take_scores(subjects.get(slug), source=batch.source, batch=batch, now=now)


def said(state):
    return [reason.sentence for reason in state.reasons]


def test_a_real_export_locks_the_pipeline_by_exactly_two_pointers(shared_data):
    source = make.source()
    settle(maven.load(shared_data, source))

    state = gate(reports.get("pipeline"), source=source, now=timezone.now())

    assert state.state == "locked"
    assert said(state) == [
        "Opportunities: account pointer 16.2 % wrong (1,425 of 8,800); the limit is below 1 %. Fix 1,338 more.",
        "Opportunities: product pointer 16.8 % wrong (1,480 of 8,800); the limit is below 1 %. Fix 1,393 more.",
    ]


def test_accepting_one_suggestion_leaves_one_pointer_to_mend(shared_data):
    source, now = make.source(), timezone.now()
    settle(maven.load(shared_data, source))

    mended = accept_suggestion(
        subjects.get(DEALS), field="product", value="GTXPro", new="GTX Pro", source=source, by=make.person(), now=now
    )

    state = gate(reports.get("pipeline"), source=source, now=now)
    assert mended == 1480
    assert [(r.field, r.wrong, r.to_fix) for r in state.reasons] == [("account", 1425, 1338)]
    product = next(score for score in scoreboard(source) if score.slug == DEALS).of("product")
    assert (product.wrong, product.rows, product.passes) == (0, 8800, True)
