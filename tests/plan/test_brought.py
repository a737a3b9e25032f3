"""The seven things a CRM is bought for: each is computed from the mirror, and moves with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from crm_adoption.plan import services
from crm_adoption.plan.models import Reading, StepRule
from crm_adoption.plan.queries import brought, customers
from dataquality import reports, subjects
from dataquality.models import Batch, RuleRow, Version
from tests import make
from training.services import change_process, make_process

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 31, 9, tzinfo=UTC)
TODAY = date(2026, 3, 31)
LONG_AGO = NOW - timedelta(days=400)


class Crm:
    """A mirror of one source: an applied batch a table, taken at the moment given."""

    def __init__(self, now: datetime = NOW) -> None:
        self.source, self.now = make.source(), now
        self.batches: dict[str, Batch] = {}

    def add(self, table: str, **fields: Any) -> Any:
        slug = f"accounts.{table}"
        if slug not in self.batches:
            self.batches[slug] = make.batch(
                self.source, subjects.get(slug), state=Batch.State.APPLIED, taken_at=self.now
            )
        return make.record(self.batches[slug], **{"created_at": LONG_AGO} | fields)


@pytest.fixture
def crm() -> Crm:
    return Crm()


def of(slug: str, now: datetime = NOW) -> Any:
    measure: Callable[[datetime], Any] = next(one.measure for one in brought.SEVEN if one.slug == slug)
    return measure(now)


def member(team: str, **more: Any) -> Person:
    from crm_adoption.people.models import Team

    return make.person(team=Team.objects.get_or_create(name=team)[0], **more)


def test_m7_nothing_is_said_of_an_empty_mirror():
    assert [one.slug for one in brought.SEVEN if one.measure(NOW) is not None] == []
    assert services.measure_brought(NOW) == 0


def test_m7_structure_is_what_every_record_must_hold_and_an_emptied_cell_lowers_it(crm):
    for _n in range(4):
        crm.add("product", name="Pump")
    full = of("structure")
    must_hold = brought.must_hold(subjects.get("accounts.product"))
    crm.add("product", name="  ")

    found = of("structure")

    assert (full.value, full.n) == (1.0, 4 * len(must_hold))
    assert found.value == pytest.approx(1 - 1 / (5 * len(must_hold)))
    assert set(found.detail["tables"]) == {"accounts.product"}


def test_m7_a_pointer_that_leads_nowhere_is_no_structure(crm):
    account = crm.add("account", name="Meier", owner=make.person())
    led = crm.add("opportunity", name="Pumps", account=account)
    before = of("structure").value
    type(led).objects.filter(pk=led.pk).update(account=None, account_ref="Nobody")

    assert of("structure").value < before


def test_m7_accountability_is_an_owner_who_is_here(crm):
    gone = make.person()
    crm.add("account", owner=make.person())
    crm.add("account", owner=gone)
    crm.add("account", owner=None, owner_ref="Somebody else")
    assert of("accountability").value == pytest.approx(2 / 3)

    Person.objects.filter(pk=gone.pk).update(left_on=TODAY, is_active=False)

    assert of("accountability").value == pytest.approx(1 / 3)


def test_m7_visibility_is_the_reports_whose_gates_are_open_by_themselves():
    dirty = "accounts.opportunity"
    for subject in subjects.every():
        wrong = 50 if subject.slug == dirty else 0
        make.score(table=subject.slug, rows=100, wrong=wrong, rate=wrong / 100, passes=not wrong, to_fix=wrong,
                   taken_at=NOW)  # fmt: skip
    stand_on_it = {report.slug for report in reports.every() if dirty in report.footprint.tables}

    found = of("visibility")

    states = found.detail["reports"]
    assert found.n == len(reports.every())
    assert stand_on_it <= {slug for slug, state in states.items() if state == "locked"}
    assert found.value == pytest.approx(sum(1 for state in states.values() if state == "open") / found.n)
    assert found.value < 1
    make.override(gate=min(stand_on_it))
    assert of("visibility").detail["reports"][min(stand_on_it)] == "overridden"
    assert of("visibility").value == found.value


def test_m7_history_counts_what_was_done_on_a_deal_for_its_customer(crm):
    account, other = crm.add("account"), crm.add("account")
    deal = crm.add("opportunity", account=account)
    crm.add("activity", opportunity=deal, happened_at=NOW - timedelta(days=3))
    assert of("history").value == pytest.approx(2 / 3)

    crm.add("activity", account=other, happened_at=NOW - timedelta(days=3))

    assert of("history").value == 1.0


def test_m7_collaboration_is_customers_on_whom_more_than_one_team_worked(crm):
    account, other = crm.add("account"), crm.add("account")
    crm.add("activity", account=account, owner=member("Sales"), happened_at=NOW - timedelta(days=3))
    crm.add("activity", account=other, owner=member("Sales"), happened_at=NOW - timedelta(days=3))
    assert of("collaboration").value == 0.0

    case = crm.add("case", account=account)
    crm.add("activity", case=case, owner=member("Service"), happened_at=NOW - timedelta(days=200))
    assert of("collaboration").value == 0.0
    crm.add("activity", case=case, owner=member("Service"), happened_at=NOW - timedelta(days=20))

    assert (of("collaboration").value, of("collaboration").n) == (0.5, 2)


def test_m7_a_hand_over_is_accepted_where_the_new_owner_was_seen_in_time(crm):
    new = member("Service")
    taken, kept = crm.add("account", owner=new), crm.add("account", owner=new)
    crm.add("activity", account=taken, owner=member("Sales"), happened_at=NOW - timedelta(days=60))
    then = make.batch(crm.source, subjects.get("accounts.account"), state=Batch.State.APPLIED,
                      taken_at=NOW - timedelta(days=30))  # fmt: skip
    for row in (taken, kept):
        Version.objects.create(
            table="accounts.account", record_id=row.pk, batch=then, changed={"owner_ref": ["Old", "New"]}
        )
    assert (of("collaboration").detail["hand_overs"], of("collaboration").detail["accepted"]) == (2, 0)

    crm.add("activity", account=taken, owner=new, happened_at=NOW - timedelta(days=26))

    assert (of("collaboration").detail["hand_overs"], of("collaboration").detail["accepted"]) == (2, 1)


def unclaimed_world(crm: Crm) -> dict[str, Any]:
    here, gone = make.person(), make.person(is_active=False, left_on=TODAY)
    rows = {
        "cared for": crm.add("account", name="Cared for", owner=here),
        "unowned": crm.add("account", name="Unowned", owner=gone),
        "unseen": crm.add("account", name="Unseen", owner=here),
        "costly": crm.add("account", name="Costly", owner=here),
        "young": crm.add("account", name="Young", owner=here, created_at=NOW - timedelta(days=20)),
    }
    deal = crm.add("opportunity", account=rows["cared for"], outcome="open")
    recent = {"happened_at": NOW - timedelta(days=10), "minutes": 30}
    crm.add("activity", opportunity=deal, **recent)
    crm.add("activity", account=rows["unowned"], happened_at=NOW - timedelta(days=10))
    crm.add("activity", account=rows["unseen"], happened_at=NOW - timedelta(days=181))
    crm.add("activity", account=rows["costly"], **recent)
    return rows


def test_m7_unclaimed_and_unprofitable_customers_are_told_by_what_is_wrong_with_them(crm):
    unclaimed_world(crm)
    when = customers.since(NOW)
    assert when is not None

    def names(why: str) -> set[str]:
        return {one.name for one in customers.looked_at(when).filter(customers.WHY[why])}

    assert names("unowned") == {"Unowned"}
    assert names("unseen") == {"Unseen"}
    assert names("unclaimed") == {"Unowned", "Unseen"}
    assert names("unprofitable") == {"Costly"}
    assert of("claimed").value == pytest.approx(3 / 5)
    assert of("claimed").detail["unprofitable"] == 1


def test_m7_a_visit_claims_a_customer_again_and_a_won_deal_makes_it_worth_its_time(crm):
    rows = unclaimed_world(crm)
    crm.add("activity", account=rows["unseen"], happened_at=NOW - timedelta(days=2))
    crm.add("opportunity", account=rows["costly"], outcome="won", amount=900, close_on=TODAY - timedelta(days=50))

    found = of("claimed")

    assert found.value == pytest.approx(4 / 5)
    assert (found.detail["unseen"], found.detail["unprofitable"]) == (0, 0)


@pytest.mark.parametrize("why", customers.WHY)
@pytest.mark.parametrize("address", ["/brought/unclaimed/", "/api/v1/brought/unclaimed/"])
def test_m7_before_the_first_activities_the_list_is_empty_however_it_is_filtered(client, address, why):
    Crm(timezone.now()).add("account", name="Known")
    client.force_login(make.person(groups=["data steward"]))

    assert client.get(address, {"why": why}).status_code == 200


def test_m7_the_list_of_unclaimed_customers_leads_to_their_records_and_is_told_over_the_api():
    crm = Crm(timezone.now() - timedelta(hours=1))
    old = crm.now - timedelta(days=400)
    account = crm.add("account", name="Forgotten", owner=None, created_at=old)
    crm.add("account", name="Young", owner=make.person(), created_at=crm.now)
    crm.add("activity", account=account, happened_at=old, minutes=45)
    reader = Client()
    reader.force_login(make.person(groups=["data steward"]))

    page = reader.get("/brought/unclaimed/?why=unowned").content.decode()
    told = reader.get("/api/v1/brought/unclaimed/?why=unclaimed").json()["results"]

    assert f'href="{account.get_absolute_url()}"' in page
    assert "nobody who is here owns it; nobody was seen at it" in page
    assert "Young" not in page
    assert [(one["name"], one["owned"], one["seen"], one["minutes"]) for one in told] == [
        ("Forgotten", False, False, 0.0)
    ]


def described() -> Any:
    return make_process(
        name="Quote a price", after="In the CRM.", why="One price.", from_on=TODAY,
        steps=["Name the customer", "Write the amount"],
    )  # fmt: skip


def test_m7_a_step_is_enforced_by_an_active_rule_or_by_the_crm_itself():
    process = described()
    rule = RuleRow.objects.filter(active=True, table="accounts.opportunity")[0]
    assert (of("enforcement").value, of("enforcement").n) == (0.0, 2)

    services.save_step_rule(StepRule(process=process, step="Name the customer", by="rule", rule_slug=rule.slug))
    assert of("enforcement").value == 0.5
    services.save_step_rule(StepRule(process=process, step="Write the amount", by="crm", note="The form asks for it."))
    assert of("enforcement").value == 1.0
    RuleRow.objects.filter(pk=rule.pk).update(active=False)

    assert of("enforcement").value == 0.5


def test_m7_a_step_that_is_no_longer_written_enforces_nothing_and_is_refused():
    process = described()
    services.save_step_rule(StepRule(process=process, step="Name the customer", by="crm", note="The form."))

    change_process(process, after="In the CRM.", why="Shorter.", from_on=TODAY, steps=["Write the amount"])

    assert of("enforcement").value == 0.0
    with pytest.raises(Refusal, match="has no step"):
        services.save_step_rule(StepRule(process=process, step="Name the customer", by="crm", note="The form."))


def test_m7_a_lead_says_on_a_page_what_enforces_a_step_and_sees_who_left_it_out(crm):
    process = described()
    rule = RuleRow.objects.filter(active=True, table="accounts.opportunity")[0]
    deal = crm.add("opportunity", name="")
    make.finding(deal, rule.slug.removeprefix("accounts.opportunity."))
    lead = Client()
    lead.force_login(make.person(groups=["adoption lead"]))

    said = lead.post(
        "/brought/step-rules/new/",
        {"of_step": f"{process.pk}:Name the customer", "by": "rule", "rule_slug": rule.slug, "note": ""},
    )

    assert said.status_code == 302
    step = brought.steps()[0]
    assert (step.text, step.holds, step.broken) == ("Name the customer", True, 1)
    assert "Name the customer" in lead.get("/brought/step-rules/").content.decode()
    twice = lead.post(
        "/brought/step-rules/new/",
        {"of_step": f"{process.pk}:Name the customer", "by": "crm", "rule_slug": "", "note": "The form."},
    )
    assert twice.status_code == 409
    assert "is said already" in twice.content.decode()


def test_m7_the_page_shows_each_with_formula_sample_and_day_and_the_api_the_same():
    crm = Crm(timezone.now() - timedelta(hours=1))
    crm.add("account", name="Meier", owner=make.person())
    reader = Client()
    reader.force_login(make.person(groups=["executive sponsor"]))
    before = reader.get("/brought/")
    services.measure_brought(timezone.now())

    page = reader.get("/brought/").content.decode()
    told = {one["slug"]: one for one in reader.get("/api/v1/brought/").json()}

    assert "none of them is measured yet" in before.content.decode()
    assert "Live records owned by a person who is here" in page
    assert "n = 1" in page
    assert len(told) == 7
    assert (told["accountability"]["value"], told["accountability"]["n"]) == (1.0, 1)
    assert told["claimed"]["value"] is None
    assert Reading.objects.filter(check_slug__startswith="brought.").count() == len(
        [one for one in told.values() if one["value"] is not None]
    )


def test_more_steps_and_rules_ask_the_store_no_more_often(django_assert_max_num_queries):
    lead = Client()
    lead.force_login(make.person(groups=["adoption lead"]))
    slugs = list(RuleRow.objects.filter(active=True).values_list("slug", flat=True)[:8])
    for n, slug in enumerate(slugs):
        process = make_process(name=f"Process {n}", after="A", why="W", from_on=TODAY, steps=["Do it"])
        services.save_step_rule(StepRule(process=process, step="Do it", by="rule", rule_slug=slug))
        if n == 0:
            with CaptureQueriesContext(connection) as one:
                lead.get("/brought/step-rules/")

    with django_assert_max_num_queries(len(one)):
        page = lead.get("/brought/step-rules/").content.decode()

    assert page.count("Do it") == 2 * len(slugs)
