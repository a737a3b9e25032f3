"""Four questions for each field, answered from its profile as far as it goes, reviewed on a day (P46)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.models import FieldSetting
from dataquality.queries import profile as profiles
from dataquality.services import reviewing
from tests import make

pytestmark = pytest.mark.django_db
ACCOUNTS = subjects.get("accounts.account")
SAID = {"misuse": "Yes.", "consequence": "Letters go astray.", "prevention": "A list.", "checks": "Two rules."}
ADDRESS = f"/field-reviews/{ACCOUNTS.slug}/industry/"


def records(*industries: str) -> list[Any]:
    return make.records(make.batch(make.source(), ACCOUNTS), *[{"name": "Acme", "industry": one} for one in industries])


def review(**more: Any) -> FieldSetting:
    today = timezone.localdate()
    known: dict[str, Any] = {
        "answers": SAID, "verdict": "keep", "next_review_on": today + timedelta(days=90), "by": make.person(),
        "today": today,
    }  # fmt: skip
    return reviewing.review_field(ACCOUNTS, "industry", **known | more)


def test_the_profile_says_how_full_a_field_is_and_what_of_it_holds_nothing():
    records("Mining", "Mining", "Mining", "Retail", "n/a", "TEST", "", "")

    found = profiles.profile(ACCOUNTS, "industry")

    assert (found.rows, found.filled, found.distinct, found.once) == (8, 6, 4, 3)
    assert found.fill == 0.75
    assert found.common[0] == ("Mining", 3)
    assert sorted(found.junk) == [("TEST", 1), ("n/a", 1)]
    assert found.junk_cells == 2


def test_the_answers_change_with_what_the_column_holds():
    rows = records("Mining", "Mining", "Mining")
    clean = profiles.answers(profiles.profile(ACCOUNTS, "industry"))
    records("asdf", "asdf")
    make.finding(rows[0], "industry.charset")

    said = profiles.answers(profiles.profile(ACCOUNTS, "industry"))

    assert "hold nothing" not in clean["misuse"]
    assert "2 cells hold nothing" in said["misuse"]
    assert "“asdf”" in said["misuse"]
    assert "1 cell breaks a rule" in said["misuse"]
    assert clean["prevention"] == said["prevention"] == "Yes: a forced choice; it has 1 value."
    assert "charset (1)" in said["checks"]


def test_values_too_many_to_choose_from_are_not_offered_as_a_list():
    records(*[f"Trade {n}" for n in range(40)])

    assert "too many" in profiles.answers(profiles.profile(ACCOUNTS, "industry"))["prevention"]


def test_a_field_a_report_stands_on_says_which_report():
    deals = subjects.get("accounts.opportunity")
    stage = profiles.answers(profiles.profile(deals, "stage"))["consequence"]

    assert "These reports stand on it" in stage
    assert profiles.answers(profiles.profile(ACCOUNTS, "industry"))["consequence"].startswith("No report stands on it")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"answers": SAID | {"checks": " "}}, "Which checks find and repair it?"),
        ({"verdict": "perhaps"}, "kept, restricted or retired"),
        ({"next_review_on": timezone.localdate()}, "on a day after today"),
        ({"next_review_on": timezone.localdate() + timedelta(days=800)}, "on a day after today"),
    ],
)
def test_half_a_review_is_refused_with_what_it_lacks(more, says):
    with pytest.raises(Refusal) as refused:
        review(**more)

    assert says in refused.value.sentence
    assert not FieldSetting.objects.exists()


def test_a_review_keeps_what_else_is_set_of_the_field():
    FieldSetting.objects.create(table=ACCOUNTS.slug, field="industry", choices="Mining\nRetail", critical=True)

    kept = review()

    assert (kept.choices, kept.critical, kept.verdict) == ("Mining\nRetail", True, "keep")
    assert kept.signed_by is not None


def test_the_page_is_filled_in_beforehand_and_what_was_answered_stands_before_that(client):
    records("Mining", "n/a")
    client.force_login(make.person(groups=["data steward"]))
    fresh = client.get(ADDRESS)
    day = timezone.localdate() + timedelta(days=30)

    client.post(ADDRESS, SAID | {"verdict": "restrict", "next_review_on": day.isoformat()})
    again = client.get(ADDRESS)

    assert "1 cell holds nothing" in fresh.context["form"]["misuse"].value()
    assert again.context["form"]["misuse"].value() == SAID["misuse"]
    assert "holds nothing" in again.context["proposed"]["misuse"]
    kept = FieldSetting.objects.get()
    assert (kept.verdict, kept.next_review_on) == ("restrict", day)
    assert client.get(f"/field-reviews/{ACCOUNTS.slug}/no-such/").status_code == 404


def test_what_is_due_stands_first_and_reminds_the_steward_at_home(client):
    client.force_login(make.person(groups=["data steward"]))
    review()
    before = client.get("/").content.decode()
    FieldSetting.objects.update(next_review_on=timezone.localdate())

    home, page = client.get("/").content.decode(), client.get("/field-reviews/")

    assert "The review of 1 field is due" not in before
    assert "The review of 1 field is due" in home
    assert page.context["rows"][0].field == "industry"
    assert page.context["due"] == 1
    states = [row.state for row in page.context["rows"]]
    assert states == sorted(states, key=["due", "never", "reviewed", "unasked"].index)
