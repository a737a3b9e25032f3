"""`manage.py scoreboard`: text that can be read aloud, and the same facts for a program."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dataquality import subjects
from dataquality.services import settle_relations, take_scores
from tests import make

pytestmark = pytest.mark.django_db


def printed(*words):
    out = StringIO()
    call_command("scoreboard", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def hardware():
    """One deal in four of a product spelt wrongly."""
    source, now = make.source(name="Hardware"), timezone.now()
    ware = make.record(make.batch(source, subjects.get("accounts.product")), name="GTX Pro")
    deals = subjects.get("accounts.opportunity")
    batch = make.batch(source, deals)
    make.records(
        batch,
        {"product_ref": "GTXPro", "account_ref": "A", "stage": "Won"},
        *({"product_ref": "GTX Pro", "product": ware, "account_ref": "A", "stage": "Won"} for _ in range(3)),
    )
    settle_relations(deals, source=source, batch=batch, now=now)
    take_scores(deals, source=source, batch=batch, now=now)
    return source


def test_it_says_what_is_wrong_what_is_locked_and_what_to_mend(hardware):
    text = printed("--source", "Hardware")

    lines = {line.split("  ")[0]: line.split() for line in text.splitlines() if line}
    assert lines["Opportunities"] == ["Opportunities", "4", "1", "25", "%", "<", "5", "%", "FAILS", "1"]
    assert "Pipeline by stage and owner: locked" in text
    assert "  Opportunities: product pointer 25 % wrong (1 of 4); the limit is below 1 %. Fix 1 more." in text
    assert lines["accounts.opportunity.product “GTXPro”"][-2:] == ["GTX", "Pro"]


def test_a_program_gets_the_same_facts(hardware):
    facts = json.loads(printed("--source", "Hardware", "--json"))

    deals = next(table for table in facts["tables"] if table["table"] == "accounts.opportunity")
    product = next(cells for cells in deals["fields"] if cells["field"] == "product")
    assert (deals["rows"], deals["wrong"], deals["rate"], deals["passes"], deals["to_fix"]) == (4, 1, 0.25, False, 1)
    assert (product["wrong"], product["rows"], product["limit"], product["pointer"]) == (1, 4, 0.01, True)
    assert facts["problems"][0]["suggestion"] == "GTX Pro"
    pipeline = next(each for each in facts["gates"] if each["report"] == "pipeline")
    assert "product" in [reason["field"] for reason in pipeline["reasons"]]


def test_an_empty_store_says_how_to_begin():
    assert "No table has been imported yet: manage.py import_crm FILE…" in printed()


def test_an_unknown_source_is_refused_with_those_there_are(hardware):
    with pytest.raises(CommandError, match="There is no source “Software”; there are: Hardware"):
        printed("--source", "Software")
