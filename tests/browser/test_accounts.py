"""Accounts across systems as a steward meets them: light, dark, narrow, and read aloud."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Account
from accounts.services import compare_sources
from crm_adoption.kit.access import STEWARD
from dataquality.services.matching import judge
from dataquality.services.merging import set_merge_rules
from tests import make
from tests.browser.fixtures import LOOKS
from tests.dataquality.imports import applied, table
from tests.dataquality.matching.makers import pair, run
from tests.dataquality.merging.cases import ACCOUNTS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEAD = ["Account ID", "Account Name", "Parent Account", "Account Owner", "Phone", "Billing City", "Employees"]
ADDRESSES = ["/accounts/agreement/", "/accounts/disagreements/", "/accounts/agreement/settings/"]


@pytest.fixture
def companies():
    """Twelve companies of which the CRM and the ERP hold ten, exported month after month, and not always alike."""
    now = timezone.now()
    crm = make.source(name="Salesforce of the company", default_country="DE")
    erp = make.source(name="ERP", default_country="DE")
    for back in range(5, -1, -1):
        rows = [
            [f"A-{n}", f"Company {n} GmbH" + (" neu" if back < n % 5 else ""), "", "Ann" if back > n % 3 else "Ben",
             f"+49 40 100{n:04}", "Hamburg", str(10 * n)]
            for n in range(12)
        ]  # fmt: skip
        applied(crm, table(HEAD, *rows), name="accounts.csv", table="account", taken_at=now - timedelta(days=31 * back))
    rows = [[f"{n}", f"COMPANY {n}", "", "", f"040/100{n:04}" if n % 4 else "040/999", "Bremen" if n % 5 == 0 else
             "Hamburg", str(10 * n + n % 2)] for n in range(10)]  # fmt: skip
    applied(erp, table(HEAD, *rows), name="erp.csv", table="account", taken_at=now)
    detection = run(ACCOUNTS.slug)
    for n in range(10):
        one, other = Account.objects.get(external_id=f"A-{n}"), Account.objects.get(external_id=f"{n}")
        judge(pair(one, other, run=detection), "same", by=make.person(), now=now)
    set_merge_rules(ACCOUNTS, {"phone": "source"}, sources=[crm.pk])
    compare_sources(now)


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_the_pages_look_right_everywhere_and_can_be_read_by_all(page_as, axe, picture, companies, width, theme):
    page = page_as(STEWARD, width=width, theme=theme)
    for address in ADDRESSES:
        page.goto(address)
        picture(page, f"accounts-{address.strip('/').replace('/', '-')}-{width}-{theme}")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address


def test_a_steward_goes_from_a_field_to_the_cells_that_differ_and_to_the_record(page_as, companies):
    page = page_as(STEWARD)
    page.goto("/accounts/agreement/")
    page.get_by_role("link", name="City").last.click()
    page.wait_for_url("**/accounts/disagreements/?field=city")
    assert page.get_by_text("Bremen").count() == 2
    page.locator("td.first a").first.click()
    page.wait_for_url("**/records/accounts.account/**")
