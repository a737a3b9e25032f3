"""What is told of one record: its findings in words, and its history as it can be read aloud."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dataquality import subjects
from dataquality.models import Version
from dataquality.queries import findings_of, history_of
from tests import make

pytestmark = pytest.mark.django_db
DEALS = subjects.get("accounts.opportunity")


def test_the_history_of_a_deal_is_read_in_the_order_of_the_exports_not_of_the_imports():
    source = make.source()
    march, april = (make.batch(source, DEALS, taken_at=datetime(2020, month, 1, tzinfo=UTC)) for month in (3, 4))
    deal, other = make.records(march, {}, {})
    for batch, record, changed in (
        (april, deal, {"stage": ["Engaging", "Won"], "account_ref": ["", "Acme"]}),
        (march, deal, {"stage": ["Prospecting", "Engaging"]}),
        (april, other, {"stage": ["Engaging", "Lost"]}),
    ):
        Version.objects.create(table=DEALS.slug, record_id=record.pk, batch=batch, changed=changed)

    history = history_of(deal, ("stage",))

    assert [(each.at.month, each.label, each.old, each.new) for each in history] == [
        (3, "Stage", "Prospecting", "Engaging"),
        (4, "Stage", "Engaging", "Won"),
    ]
    assert "account" in {each.field for each in history_of(deal)}


def test_the_findings_of_a_record_are_said_in_sentences_open_ones_first(django_assert_max_num_queries):
    deal = make.record(make.batch(make.source(), DEALS))
    make.finding(deal, "product.pointer", code="pointer_dangling", value="GTXPro", suggestion="GTX Pro")
    make.finding(deal, "stage.required", code="required_blank", state="closed")

    with django_assert_max_num_queries(1):
        first, second = findings_of(deal)

    assert first.sentence == (
        "Product “GTXPro” points to no product that we know. Correct it, or import the table it points to."
        " Accept “GTX Pro”, or type the right one."
    )
    assert (first.label, second.finding.state) == ("Product", "closed")
