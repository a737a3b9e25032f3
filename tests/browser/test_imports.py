"""The pages of imports, scores, records and reports: every state of them, at any width and in any light."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Account, Opportunity
from crm_adoption.kit.access import LEAD
from dataquality.models import Batch, Finding
from dataquality.services import corrections, intake
from dataquality.subjects import get
from tests import make
from tests.dataquality.imports import applied, checked, deal, deals, received, table

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
LOOKS = [(1280, "light"), (1280, "dark"), (360, "light")]
DEALS = "accounts.opportunity"
COMPANIES = ["account_id", "account", "sector", "office_location"]


def company(number: int, sector: str = "technology", country: str = "Kenya") -> list[str]:
    return [f"A-{number}", f"Acme {number}", sector, country]


@pytest.fixture
def addresses() -> dict[str, str]:
    """A store in which every page has something to show: the name of each page and its address."""
    source = make.source(name="Sales CRM")
    applied(source, table(COMPANIES, *(company(n) for n in range(30)), company(30, "technolgy", "Korea")),
            name="accounts.csv")  # fmt: skip
    applied(source, table(["product_id", "product", "series"], ["P-1", "GTX Pro", "GTX"]), name="products.csv")
    applied(source, deals(*(deal(f"D-{n}", product="GTX Pro", account=f"Acme {n}") for n in range(20))))
    wrong = [deal(f"D-{n}", product="GTXPro", account="", value="250.5") for n in range(10, 20)]
    last = applied(source, deals(*wrong, deal("D-20", product="GTX Pro", account="Acme 1")))
    corrections.accept_suggestion(
        get("accounts.account"), field="industry", value="technolgy", new="technology", source=source, by=None,
        now=timezone.now(),
    )  # fmt: skip
    record = Opportunity.objects.get(external_id="D-10")
    corrected = Account.objects.get(name="Acme 30")
    preview = checked(source, deals(
        deal("D-1", product="GTX Pro", account="Acme 1", value="7"), deal("D-2", product="GTX Pro", account="Acme 2"),
        deal("D-30", closed="01-10-2016"), deal("D-31"), deal("D-31", value="8"), deal(""),
    ))  # fmt: skip
    asking = checked(make.source(name="Other CRM"), deals(deal("D-40", opened="01-02-2017", closed="03-04-2017")))
    assert intake.open_questions(asking)
    twins = table(["name", "sector"], ["Same", "a"], ["Same", "b"])
    keyless = intake.stage(received(source, twins, name="companies.csv", table="accounts"))
    refused = checked(source, table(["foo", "bar"], ["1", "2"]), name="odd.csv")
    discarded = intake.discard(checked(source, deals(deal("D-50"))))
    assert {b.state for b in (preview, asking, keyless, refused, discarded)} == {
        Batch.State.CHECKED, Batch.State.STAGED, Batch.State.REFUSED, Batch.State.DISCARDED,
    }  # fmt: skip
    finding = Finding.objects.open().filter(field="account").first()
    assert finding
    return {
        "scoreboard": "/scoreboard/",
        "scoreboard-source": f"/scoreboard/?source={source.pk}",
        "table": f"/tables/{DEALS}/",
        "table-field": f"/tables/{DEALS}/?field=account",
        "table-empty": "/tables/contacts.lead/",
        "noise": "/tables/accounts.account/noise/industry/",
        "waive": f"/tables/{DEALS}/waive/?field=account&code={finding.code}&value=",
        "records": f"/records/{DEALS}/",
        "records-filtered": f"/records/{DEALS}/?field=product&value=GTXPro",
        "record": record.get_absolute_url(),
        "record-corrected": corrected.get_absolute_url(),
        "findings": "/findings/",
        "imports": "/imports/",
        "import-new": "/imports/new/",
        "import-received": received(source, deals(deal("D-60")), name="new.csv").get_absolute_url(),
        "import-keyless": keyless.get_absolute_url(),
        "import-asking": asking.get_absolute_url(),
        "import-preview": preview.get_absolute_url(),
        "import-mapping": f"/imports/{preview.pk}/mapping/",
        "import-applied": last.get_absolute_url(),
        "import-refused": refused.get_absolute_url(),
        "import-discarded": discarded.get_absolute_url(),
        "reports": "/reports/",
        "report-sealed": "/reports/pipeline/",
        "report-override": "/reports/pipeline/override/",
        "report-won": "/reports/won-by-month/",
        "sources": "/sources/",
        "source": source.get_absolute_url(),
    }


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_every_page_of_the_data_reads_well(
    page_as: Callable[..., Page], axe: Any, picture: Any, addresses: dict[str, str], width: int, theme: str
) -> None:
    page, faults = page_as(LEAD, width=width, theme=theme), {}
    for name, address in addresses.items():
        answer = page.goto(address)
        assert answer
        page.wait_for_function(
            "document.querySelectorAll('[data-chart]').length == document.querySelectorAll('.canvas svg').length"
        )
        picture(page, f"data-{name}-{theme}-{width}")
        found = axe(page)
        if answer.status != 200:
            found.append(f"status {answer.status}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append("it is wider than the screen")
        if width > 1000 and page.evaluate(
            "[...document.querySelectorAll('.table-wrap')].some(w => w.scrollWidth > w.clientWidth)"
        ):
            found.append("a table is wider than its page")
        if "None" in re.findall(r"\bNone\b", page.inner_text("main")):
            found.append("it says None")
        if found:
            faults[name] = found

    assert faults == {}
