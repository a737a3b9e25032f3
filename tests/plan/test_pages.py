"""The first page of each group, and the pages of the ingredients."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from crm_adoption.jobs.models import Job
from crm_adoption.kit.access import ANALYST, CHAMPION, END_USER, GROUPS, INTEGRATION, LEAD, SPONSOR, STEWARD
from crm_adoption.plan import services
from crm_adoption.plan.ingredients import TEN
from crm_adoption.plan.models import Claim, Ingredient, Programme, Reading
from crm_adoption.plan.views.standing import PAGES
from tests import make

pytestmark = pytest.mark.django_db


def page(client, group: str, address: str = "/") -> str:
    client.force_login(make.person(groups=[group], name=f"Somebody of {group}"))
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def reading(check: str, value: float, *, n: int = 12, days_ago: int = 0) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    Reading.objects.create(check_slug=check, value=value, n=n, at=at, taken_on=at.date(), detail={})


@pytest.mark.parametrize("group", GROUPS)
def test_everybody_has_a_home(client, group):
    assert "<h1>" in page(client, group)


@pytest.mark.parametrize("address", ["/", "/ingredients/", "/ingredients/data-quality/"])
def test_nobody_is_sent_to_sign_in(client, address):
    answer = client.get(address)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


def test_without_evidence_the_lead_reads_a_range_and_no_pretended_figure(client):
    shown = page(client, LEAD)

    assert "Nothing is measured yet, so the risk could be anything from 3 % to &gt; 99 %." in shown or (
        "Nothing is measured yet, so the risk could be anything from 3 % to" in shown
    )
    assert "little evidence" in shown
    assert "How the risk is computed" in shown
    assert "Import the export you have." in shown


def test_with_evidence_the_lead_reads_bounds_coverage_day_and_the_widest_gap(client):
    Programme.objects.update(name="CRM for laboratories")
    reading("ownership.seats", 0.8, n=5)
    ownership = Ingredient.objects.get(slug="ownership-support")
    for _ in range(5):
        services.make_claim(ownership, by=make.person(), score=5, at=timezone.now())

    shown = page(client, LEAD)

    assert "<h1>CRM for laboratories</h1>" in shown
    assert "The risk that the programme fails lies between" in shown
    assert "3.3 % of what matters is measured" in shown or "3 % of what matters is measured" in shown
    assert f"1 of 10 ingredients have evidence, the oldest from {timezone.localdate()}" in shown
    assert "The widest gap: people put" in shown
    assert "at 100 % (5 answers), records at 50 %." in shown


def test_the_wheel_has_a_table_twin_with_ten_rows_and_dashes_where_nothing_is_known(client):
    reading("ownership.seats", 1.0)
    shown = page(client, LEAD, "/ingredients/")

    twin = shown[shown.index('id="wheel-twin"') :]
    rows = re.findall(r'<tr><td data-label="Ingredient">.*?</tr>', twin[: twin.index("</details>")])
    assert len(rows) == 10
    assert sum(">–</td>" in row for row in rows) == 10  # nobody has claimed anything
    assert sum("100 %" in row for row in rows) == 1


def test_a_change_over_four_weeks_is_said(client):
    reading("ownership.seats", 0.6, days_ago=28)
    reading("ownership.seats", 1.0)

    assert "Four weeks ago:" in page(client, LEAD)


def test_an_end_user_sees_no_risk_but_what_they_may_answer(client):
    shown = page(client, END_USER)

    assert "risk that the programme fails" not in shown
    assert "What do you think?" in shown
    assert shown.count("#claim") == 10
    assert "/imports/new/" not in shown


@pytest.mark.parametrize(("group", "may"), [(LEAD, True), (STEWARD, True), (SPONSOR, False), (ANALYST, False)])
def test_only_those_who_may_import_are_asked_to(client, group, may):
    assert ("/imports/new/" in page(client, group)) is may


@pytest.mark.parametrize("declared", TEN, ids=lambda declared: declared.slug)
def test_each_ingredient_shows_its_checks_and_what_would_bring_evidence(client, declared):
    shown = page(client, LEAD, f"/ingredients/{declared.slug}/")

    for check in declared.checks:
        assert check.label in shown.replace("&#x27;", "'")
        assert check.to_record in shown.replace("&#x27;", "'")
    for number, _text in declared.sources:
        assert f"<dt>{number}</dt>" in shown
    assert "no evidence yet" in shown


def test_a_check_with_evidence_shows_value_target_sample_and_what_is_vacant(client):
    make.seat(kind="executive_sponsor", scope="programme", scope_key="", holder=make.person())
    services.take_readings(timezone.now())

    shown = page(client, LEAD, "/ingredients/ownership-support/")

    assert "<strong>25 %</strong>" in shown
    assert "target 100 %, worth nothing at 60 %" in shown
    assert "n = 4" in shown
    assert "Vacant: Adoption lead, Business owner, Technology owner" in shown


def test_an_answer_is_kept_and_can_be_changed_and_others_do_not_see_it(client):
    person = make.person(groups=[END_USER])
    client.force_login(person)
    address = "/ingredients/communication/"

    assert client.post(address, {"score": "2"}).status_code == 302
    assert client.post(address, {"score": "4"}).status_code == 302

    assert Claim.objects.get(respondent=person).score == 4
    mine = client.get(address).content.decode()
    assert "Change my answer" in mine
    assert re.search(r'value="4" checked', mine)
    other = page(client, LEAD, address)
    assert "1 of 5 answers" in other
    assert not re.search(r'value="4" checked', other)


@pytest.mark.parametrize("score", ["", "0", "6", "four", "2.5"])
def test_an_answer_that_is_none_is_refused_in_a_sentence(client, score):
    client.force_login(make.person())

    answer = client.post("/ingredients/communication/", {"score": score})

    assert answer.status_code == 422
    assert "from 1 to 5" in answer.content.decode()
    assert not Claim.objects.exists()


def test_an_unknown_ingredient_is_not_found(client):
    client.force_login(make.person())

    assert client.get("/ingredients/eleventh/").status_code == 404


def test_the_home_of_a_lead_asks_few_questions_of_the_store(client, django_assert_max_num_queries):
    for declared in TEN:
        for check in declared.checks:
            reading(check.slug, check.target)
    client.force_login(make.person(groups=[LEAD]))
    client.get("/")

    with django_assert_max_num_queries(40):
        client.get("/")


def test_the_api_tells_scores_claims_coverage_and_the_range(client):
    reading("ownership.seats", 0.8)
    client.force_login(make.person(groups=[INTEGRATION]))

    ingredients = client.get("/api/v1/ingredients/").json()
    risk = client.get("/api/v1/risk/").json()

    assert [one["order"] for one in ingredients] == list(range(1, 11))
    third = ingredients[2]
    assert (third["slug"], third["status"], third["claim"], third["answers"]) == (
        "ownership-support",
        "insufficient",
        None,
        0,
    )
    assert third["score"] == pytest.approx(0.5)
    assert ingredients[0]["score"] is None
    assert ingredients[0]["status"] == "no evidence yet"
    assert risk["low"] < risk["high"]
    assert risk["coverage"] == pytest.approx(1 / 30)
    assert risk["constants"]["midpoint"] == 2.5
    assert "exp" in risk["formula"]


@pytest.mark.parametrize("address", ["/api/v1/ingredients/", "/api/v1/risk/"])
def test_the_api_is_closed_to_end_users_and_read_only(client, address):
    client.force_login(make.person(groups=[END_USER]))
    assert client.get(address).status_code == 403

    client.force_login(make.person(groups=[LEAD]))
    assert client.post(address, {}).status_code in (403, 405)


def test_the_lead_changes_a_constant_in_the_admin_site_and_its_history_names_them(client):
    lead = make.person(groups=[LEAD], name="Lena Lead")
    client.force_login(lead)
    from crm_adoption.plan.models import RiskConstant

    constant = RiskConstant.objects.get(slug="midpoint")
    address = f"/admin/plan/riskconstant/{constant.pk}/change/"

    assert client.post(address, {"value": "3.5"}).status_code == 302

    constant.refresh_from_db()
    assert constant.value == 3.5
    shown = client.get(address).content.decode()
    assert "3.5" in shown
    assert "Lena Lead" in shown[shown.index("2.5") - 400 :]


def test_a_setting_names_a_check_that_exists(client):
    client.force_login(make.person(groups=[LEAD]))

    answer = client.post("/admin/plan/checksetting/add/", {"check_slug": "no.such", "floor": "0"})

    assert answer.status_code == 200
    assert "no.such" in answer.content.decode()


def test_a_lead_has_the_checks_measured_now_and_sees_the_bar_and_nobody_else_can(client):
    client.force_login(make.person(groups=[CHAMPION]))
    assert client.post("/ingredients/measure-now/").status_code == 403

    client.force_login(make.person(groups=[LEAD]))
    shown = client.post("/ingredients/measure-now/", follow=True).content.decode()

    job = Job.objects.get(kind="take_readings")
    assert f'id="job-{job.pk}"' in shown
    assert "Measure now" not in shown


def test_every_page_a_check_sends_people_to_is_linked_for_those_it_opens_to():
    named = {check.url_name for one in TEN for check in one.checks if check.url_name}

    assert named <= set(PAGES)


def test_p5_what_rose_in_four_weeks_is_improving_and_new_evidence_alone_is_not(client):
    services.seed()
    for slug, before, now in (("data.tables-passing", 0.3, 0.6), ("training.completion", None, 0.9)):
        if before is not None:
            reading(slug, before, days_ago=30)
        reading(slug, now)

    shown = page(client, LEAD, "/ingredients/")

    risen = [row for row in shown.split("<tr>") if "improving" in row]
    assert len(risen) == 1
    assert "/ingredients/data-quality/" in risen[0]
