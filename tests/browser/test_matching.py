"""The pages of merging at any width and in any light, and the way from a pair to a merge and back without a mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Account
from crm_adoption.kit.access import STEWARD
from dataquality.models import Merge
from dataquality.services import count_confirmed
from dataquality.services.merging import merge, undo
from tests import make
from tests.dataquality.matching.makers import cluster, pair, run
from tests.dataquality.merging.cases import ACCOUNTS, accounts, family

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [(1280, "light"), (1280, "dark"), (360, "light")]


@pytest.fixture
def addresses() -> dict[str, str]:
    """Every page of merging with something to show."""
    members, _hanging = family()
    pair(members[0], members[1], 0.93)
    made = merge(ACCOUNTS, [r.pk for r in members], by=make.person(), now=timezone.now(), reason="Same tax number.")
    Account.objects.filter(pk=made.survivor).update(employees=40)
    others = accounts(
        {"name": "Berg Bau", "city": "Kiel", "phone": "+49 431 1234567"},
        {"name": "Berg Bau GmbH", "city": "Kiel", "website": "bergbau.example"}, {"name": "Bergbau", "industry": "Bau"},
    )  # fmt: skip
    gone = merge(ACCOUNTS, [r.pk for r in others], by=make.person(), now=timezone.now())
    undo(gone, by=make.person(), now=timezone.now())
    judged = pair(others[0], others[1], 0.97, state="same")
    group = cluster(*others[:2])
    count_confirmed(ACCOUNTS, now=timezone.now())
    return {
        "queue": f"/duplicates/?table={ACCOUNTS.slug}",
        "pair": f"/duplicates/pairs/{judged.pk}/?table={ACCOUNTS.slug}",
        "groups": f"/duplicates/groups/?table={ACCOUNTS.slug}",
        "group": f"/duplicates/groups/{ACCOUNTS.slug}/{group}/",
        "accept": f"/duplicates/accept/?table={ACCOUNTS.slug}",
        "runs": "/duplicates/runs/",
        "corrections": "/corrections/",
        "table-confirmed": ACCOUNTS.get_absolute_url(),
        "record-confirmed": others[1].get_absolute_url(),
        "record-new": f"/records/{ACCOUNTS.slug}/new/",
        "merge-new": f"/duplicates/merge/?table={ACCOUNTS.slug}&ids={','.join(str(r.pk) for r in others)}",
        "merge": made.get_absolute_url(),
        "merge-undone": gone.get_absolute_url(),
        "merges": "/merges/",
        "survivorship": f"/duplicates/survivorship/{ACCOUNTS.slug}/",
        "record-survivor": Account.objects.get(pk=made.survivor).get_absolute_url(),
        "record-loser": Account.objects.get(pk=made.losers[0]).get_absolute_url(),
        "record-likely": others[0].get_absolute_url(),
    }


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_every_page_of_duplicates_and_merging_is_readable(
    addresses: dict[str, str], page_as: Callable[..., Page], axe: Any, picture: Any, width: int, theme: str
) -> None:
    page = page_as(STEWARD, width=width, theme=theme)
    for name, address in addresses.items():
        page.goto(address)
        picture(page, f"{name}-{width}-{theme}")
        assert (name, axe(page)) == (name, [])
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, width)


def test_a_pair_is_merged_and_taken_apart_by_keys_alone(page_as: Callable[..., Page]) -> None:
    one, two = accounts({"name": "Berg Bau", "city": "Kiel"}, {"name": "Berg Bau GmbH", "city": "Kiel"})
    judged = pair(one, two, 0.97, run=run(ACCOUNTS.slug))
    page = page_as(STEWARD)
    page.goto(f"/duplicates/merge/?table={ACCOUNTS.slug}&ids={one.pk},{two.pk}")

    page.get_by_role("button", name="Merge", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("became one")
    assert Merge.objects.standing().count() == 1
    judged.refresh_from_db()
    assert judged.state == "merged"

    page.get_by_role("button", name="Undo this merge").press("Enter")
    expect(page.get_by_text("every record stands as it did before").first).to_be_visible()
    judged.refresh_from_db()
    assert judged.state == "open"
