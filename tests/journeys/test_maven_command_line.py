"""The main job on real input, from the command line: four files, a scoreboard, one repair, the same files again."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from crm_adoption.kit.access import INTEGRATION
from dataquality.models import Source
from tests import make
from tests.journeys.maven import (
    ACCOUNT_POINTER,
    DEALS,
    ORDER,
    PRODUCT_POINTER,
    PRODUCTS_FIRST,
    check_records,
    mirror,
)
from tests.journeys.terminal import manage

pytestmark = pytest.mark.journey
on_a_store_of_its_own = pytest.mark.django_db(transaction=True)
FATES = ("new", "changed", "same", "faulty", "quarantined", "gone")
SELLER = "Hardware seller"


def imported(export: Path) -> dict[str, Any]:
    return manage("import_crm", *(export / name for name in ORDER), "--source", SELLER, "--apply")


@on_a_store_of_its_own
def test_four_files_of_a_real_export_become_a_scoreboard_that_can_be_acted_on(export, client):
    report = imported(export)

    assert [(f["file"], f["table"], f["applied"], f["questions"]) for f in report["files"]] == [
        ("sales_pipeline.csv", DEALS, True, []),
        ("sales_teams.csv", "accounts.crmuser", True, []),
        ("accounts.csv", "accounts.account", True, []),
        ("products.csv", "accounts.product", True, []),
    ]
    counted = [{fate: f["counts"][fate] for fate in ("new", "changed", "same", "quarantined")} for f in report["files"]]
    assert counted == [{"new": n, "changed": 0, "same": 0, "quarantined": 0} for n in (8_800, 35, 85, 7)]
    source = Source.objects.get(name=SELLER)
    check_records(source)

    board = manage("scoreboard", "--source", SELLER)
    assert pointer(board, "product") == {"rows": 8_800, "wrong": 1_480, "passes": False, "to_fix": 1_393, "limit": 0.01}
    assert pointer(board, "account") == {"rows": 8_800, "wrong": 1_425, "passes": False, "to_fix": 1_338, "limit": 0.01}
    assert what_locks(board, "pipeline") == [ACCOUNT_POINTER, PRODUCT_POINTER]
    assert problems(board) == {
        ("product", "GTXPro"): ("pointer_dangling", 1_480, "GTX Pro", ["GTX Pro"]),
        ("account", ""): ("pointer_blank", 1_425, None, []),
        ("industry", "technolgy"): ("spelling_misspelt", 12, "technology", ["technology"]),
        ("country", "Philipines"): ("spelling_misspelt", 1, "Philippines", ["Philippines"]),
        ("country", "Korea"): ("spelling_question", 1, None, ["South Korea", "North Korea"]),
    }

    token = {"HTTP_AUTHORIZATION": f"Token {machine_token()}"}
    gate = client.get("/api/v1/gates/pipeline/", **token)
    assert gate.status_code == 423
    assert [reason["sentence"] for reason in gate.json()["reasons"]] == [ACCOUNT_POINTER, PRODUCT_POINTER]

    wish = {"table": DEALS, "field": "product", "value": "GTXPro", "new": "GTX Pro", "source": SELLER}
    accepted = client.post("/api/v1/corrections/accept/", wish, content_type="application/json", **token)
    assert (accepted.status_code, accepted.json()) == (200, {"corrected": 1_480})
    board = manage("scoreboard", "--source", SELLER)
    assert pointer(board, "product") == {"rows": 8_800, "wrong": 0, "passes": True, "to_fix": 0, "limit": 0.01}
    assert what_locks(board, "pipeline") == [ACCOUNT_POINTER]

    before = mirror(source)
    again = imported(export)
    told = [[f["counts"].get(fate) for fate in FATES] for f in again["files"]]
    assert [(new, changed, same, gone) for new, changed, same, _faulty, _apart, gone in told] == [
        (0, 0, 8_800, 0), (0, 0, 35, 0), (0, 0, 85, 0), (0, 0, 7, 0),
    ]  # fmt: skip
    assert mirror(source) == before
    assert what_locks(manage("scoreboard", "--source", SELLER), "pipeline") == [ACCOUNT_POINTER]


@pytest.mark.django_db
def test_the_order_of_the_files_does_not_matter(export):
    for name, order in (("as asked", ORDER), ("products first", PRODUCTS_FIRST)):
        run("import_crm", *(str(export / each) for each in order), "--source", name, "--apply", "--json")

    asked, products_first = Source.objects.get(name="as asked"), Source.objects.get(name="products first")
    check_records(products_first)
    assert mirror(products_first) == mirror(asked)


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def machine_token() -> str:
    return make.token(make.person(groups=[INTEGRATION]), scopes=["read", "import"])[1]


def pointer(board: dict[str, Any], field: str) -> dict[str, Any]:
    table = next(each for each in board["tables"] if each["table"] == DEALS)
    cells = next(each for each in table["fields"] if each["field"] == field)
    return {name: cells[name] for name in ("rows", "wrong", "passes", "to_fix", "limit")}


def what_locks(board: dict[str, Any], report: str) -> Sequence[str]:
    gate = next(each for each in board["gates"] if each["report"] == report)
    assert gate["state"] == ("locked" if gate["reasons"] else "open")
    return [reason["sentence"] for reason in gate["reasons"]]


def problems(board: dict[str, Any]) -> dict[tuple[str, str], tuple[str, int, str | None, list[str]]]:
    return {
        (each["field"], each["value"]): (each["code"], each["rows"], each["suggestion"], each["candidates"])
        for each in board["problems"]
    }
