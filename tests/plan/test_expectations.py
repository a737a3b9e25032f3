"""Expectations with an agreed measure: readings say whether they are met, not met, or cannot be measured yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from crm_adoption.plan import services
from crm_adoption.plan.models import Feedback, Reading
from crm_adoption.plan.queries.expectations import Expectation, agreed, expectation, expectations, measures
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 31, 9, tzinfo=UTC)
TODAY = date(2026, 3, 31)
DUE = TODAY + timedelta(days=30)


def reading(value: float, on: date = TODAY, check: str = "communication.days-to-answer", **more: Any) -> Reading:
    at = datetime(on.year, on.month, on.day, 3, tzinfo=UTC)
    return Reading.objects.create(check_slug=check, value=value, n=12, at=at, taken_on=on, **more)


def expected(**more: Any) -> Feedback:
    return services.give_feedback(
        by=make.person(), kind="expectation", text="I am answered within a week", now=NOW, **more
    )


def agree(one: Feedback, **more: Any) -> Feedback:
    known: dict[str, Any] = {
        "check_slug": "communication.days-to-answer", "comparator": "le", "threshold": 7.0, "due_on": DUE,
    }  # fmt: skip
    return services.agree_expectation(one, by=make.person(), today=TODAY, **known | more)


def told(one: Feedback, today: date = TODAY) -> Expectation:
    found = expectation(one, today)
    assert found is not None
    return found


def test_t1_readings_say_met_not_met_or_not_yet_measurable():
    one = expected()
    assert told(one).outcome == "unagreed"
    agree(one)
    assert told(one).outcome == "unmeasurable"

    reading(9.0)
    assert (told(one).outcome, told(one).badge[1]) == ("not_met", "not met yet")
    Reading.objects.update(value=7.0)

    assert told(one).outcome == "met"
    assert told(one).value == 7.0


def test_t1_the_newest_reading_until_its_day_decides_and_later_ones_change_nothing():
    one = agree(expected())
    reading(9.0, DUE - timedelta(days=1))
    reading(3.0, DUE + timedelta(days=5))

    assert told(one, DUE + timedelta(days=9)).outcome == "not_met"
    assert told(one, DUE + timedelta(days=9)).badge == ("bad", "not met")
    assert told(one, DUE - timedelta(days=1)).badge == ("due", "not met yet")


def test_a_reading_too_old_to_speak_for_the_day_measures_nothing():
    one = agree(expected())
    reading(3.0, TODAY - timedelta(days=60))

    assert told(one).outcome == "unmeasurable"


def test_t1_a_figure_of_a_check_may_be_the_measure():
    reading(60.0, check="data.health", detail={"rates": {"Accounts": 0.08, "Contacts": 0.02}, "left_out": []})
    choices = dict(choice for _group, found in measures() for choice in found)
    one = agree(expected(), check_slug="data.health", figure="rates/Accounts", threshold=0.05)

    assert choices["data.health#rates/Accounts"] == "Data health: rates, Accounts"
    assert (told(one).outcome, told(one).value) == ("not_met", 0.08)
    Reading.objects.update(detail={"rates": {"Accounts": 0.03}})
    assert told(one).outcome == "met"


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"check_slug": "no.check"}, "no check"),
        ({"due_on": TODAY - timedelta(days=1)}, "is over"),
        ({"check_slug": "ownership.seats", "threshold": 60.0}, "share from 0 to 1"),
        ({"figure": "rates/Nothing"}, "has no figure"),
    ],
)
def test_what_cannot_be_agreed_is_refused_with_the_way_out(wish, sentence):
    one = expected()

    with pytest.raises(Refusal, match=sentence):
        agree(one, **wish)


def test_only_an_expectation_is_measured():
    request = services.give_feedback(by=make.person(), kind="request", text="A list", now=NOW)

    with pytest.raises(Refusal, match="only an expectation"):
        agree(request)
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.filter(pk=request.pk).update(check_slug="data.health", threshold=1, due_on=DUE, agreed_on=DUE)


def test_t1_the_register_says_how_many_are_agreed_and_how_many_are_met():
    reading(5.0)
    agree(expected())
    agree(expected(), threshold=3.0)
    agree(expected(), check_slug="data.health", comparator="ge", threshold=50.0)
    expected()

    found = agreed(expectations(TODAY))

    assert (found.all, found.agreed, found.measurable, found.met) == (4, 3, 2, 1)
    assert (found.share_agreed, found.share_met) == (0.75, 0.5)


def test_more_expectations_ask_the_store_no_more_often(django_assert_num_queries):
    reading(5.0)
    for _n in range(6):
        agree(expected())

    with django_assert_num_queries(2):
        assert len([one.outcome for one in expectations(TODAY)]) == 6


def test_t1_a_champion_agrees_and_whoever_raised_it_reads_what_the_readings_say():
    today = timezone.localdate()
    reading(9.0, today)
    raiser = make.person(groups=["end-user"])
    one = services.give_feedback(by=raiser, kind="expectation", text="Answered within a week", now=timezone.now())
    champion, own = Client(), Client()
    champion.force_login(make.person(groups=["champion"]))
    own.force_login(raiser)
    assert "No measure is agreed yet" in own.get(one.get_absolute_url()).content.decode()

    sent = champion.post(
        f"{one.get_absolute_url()}agree/",
        {"measured_by": "communication.days-to-answer", "comparator": "le", "threshold": "7",
         "due_on": (today + timedelta(days=10)).isoformat()},
    )  # fmt: skip

    assert sent.status_code == 302
    for page in (one.get_absolute_url(), "/for-me/"):
        shown = own.get(page).content.decode()
        assert "not met yet" in shown
        assert "Days to an answer" in shown
    assert "100% of 1 expectations have an agreed measure" in (
        own.get("/feedback/").content.decode().replace("\xa0", "").replace(" %", "%")
    )
    assert own.get(f"{one.get_absolute_url()}agree/").status_code == 403


def test_t1_over_the_api_an_expectation_is_agreed_and_its_outcome_is_told():
    today = timezone.localdate()
    reading(5.0, today)
    one = expected()
    lead = Client()
    lead.force_login(make.person(groups=["adoption lead"]))
    wish = {"check_slug": "communication.days-to-answer", "comparator": "le", "threshold": 7,
            "due_on": (today + timedelta(days=10)).isoformat()}  # fmt: skip

    sent = lead.post(f"/api/v1/feedback/{one.pk}/agree/", wish, content_type="application/json")
    found = lead.get("/api/v1/feedback/expectations/").json()

    assert sent.status_code == 200
    assert sent.json()["agreed_on"] == today.isoformat()
    assert [(row["id"], row["outcome"], row["value"], row["n"]) for row in found] == [(one.pk, "met", 5.0, 12)]
    late = lead.post(f"/api/v1/feedback/{one.pk}/agree/", wish | {"due_on": "2020-01-01"},
                     content_type="application/json")  # fmt: skip
    assert late.status_code == 409
