"""Use inside the program in which a role works anyway: read from logs, drawn, and spoken of in a launch message."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from crm_adoption.people.models import JobRole
from crm_adoption.plan.models import AccessPath, Phase, Programme, WorkItem
from crm_adoption.plan.queries.drafts import ELEMENTS, Draft, Wish
from crm_adoption.plan.queries.home_application import RoleHome, at_home
from crm_adoption.plan.queries.launch import drafted
from crm_adoption.usage.models import ChannelDay, UsageDay
from crm_adoption.usage.services import Use, import_use, record_use
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 31, 9, tzinfo=UTC)
TODAY = date(2026, 3, 31)


def way(role: JobRole, client: str, *, embedded: bool = False, **more: object) -> AccessPath:
    known = {"device": "laptop", "state": "open"} | more
    return AccessPath.objects.create(job_role=role, client=client, embedded=embedded, **known)


def sellers(n: int = 5) -> tuple[JobRole, list[int]]:
    role = make.job_role(name="Seller")
    return role, [make.person(job_role=role).pk for _ in range(n)]


def use(people: list[int], channel: str, count: int, day: date = TODAY) -> None:
    record_use([Use(person, None, day, count, channel) for person in people], via="log")


def of(role: JobRole) -> RoleHome:
    return next(one for one in at_home(TODAY).roles if one.role == role)


def test_p32_the_share_inside_the_own_program_is_read_and_moves_with_use():
    role, people = sellers()
    way(role, "Outlook", embedded=True, logged_as=["Outlook add-in"])
    way(role, "Web browser", logged_as=["Web"])
    use(people, "Web", 3)
    assert of(role).share == 0.0

    use(people, "outlook ADD-IN", 1)

    found = of(role)
    assert found.share == pytest.approx(0.25)
    assert (found.people, found.counted, found.at_home) == (5, 20, 5)
    assert [client.is_home for client in found.clients] == [False, True]


def test_of_fewer_than_five_people_nothing_is_said():
    role, people = sellers(4)
    way(role, "Outlook", embedded=True)
    use(people, "Outlook", 3)

    found = of(role)

    assert found.share is None
    assert found.clients == []
    assert "too few people" in found.why_not
    assert at_home(TODAY).chart().categories == []


def test_a_way_that_is_not_open_is_no_home_and_a_client_of_no_way_is_named():
    role, people = sellers()
    way(role, "Outlook", embedded=True, state="todo")
    use(people, "Outlook", 1)
    use(people, "Teams", 1)

    found = at_home(TODAY)

    assert found.roles[0].share is None
    assert "no way inside" in found.roles[0].why_not
    assert [name for name, _role in found.unknown] == ["Teams"]


def test_only_the_28_days_up_to_the_newest_day_count():
    role, people = sellers()
    way(role, "Outlook", embedded=True)
    use(people, "Outlook", 9, TODAY - timedelta(days=38))
    use(people, "Web", 1, TODAY - timedelta(days=10))

    assert of(role).share == 0.0
    assert at_home(TODAY).until == TODAY - timedelta(days=10)


def test_what_no_log_named_a_client_of_is_left_out_and_its_part_is_said():
    role, people = sellers()
    way(role, "Outlook", embedded=True)
    record_use([Use(person, None, TODAY, 4) for person in people], via="log")
    use(people, "Outlook", 2)

    assert of(role).share == 1.0
    assert at_home(TODAY).known == pytest.approx(2 / 4)


def test_a_log_with_a_column_of_clients_tells_them_beside_the_days_and_read_twice_counts_once():
    make.person(name="Ada", email="ada@company.example")
    rows = ["ada@company.example,2026-03-02,Outlook add-in", "ada@company.example,2026-03-02,Outlook add-in",
            "ada@company.example,2026-03-02,Web", "ada@company.example,2026-03-03,"]  # fmt: skip
    text = "\n".join(["User,Date,Client", *rows])

    for _time in range(2):
        import_use(io.BytesIO(text.encode()), name="log.csv", by=None, now=NOW, zone=ZoneInfo("UTC"), logins=True)

    said = set(ChannelDay.objects.values_list("day", "channel", "count"))
    assert said == {(date(2026, 3, 2), "Outlook add-in", 2), (date(2026, 3, 2), "Web", 1)}
    assert set(UsageDay.objects.values_list("day", "count")) == {(date(2026, 3, 2), 3), (date(2026, 3, 3), 1)}


def test_a_program_names_the_client_and_the_figure_is_told_over_the_api():
    role = make.job_role(name="Seller")
    people = [make.person(job_role=role, email=f"s{n}@company.example") for n in range(5)]
    way(role, "Outlook", embedded=True)
    lead = Client()
    lead.force_login(make.person(groups=["adoption lead"]))
    today = timezone.localdate()
    days = [{"person": one.email, "day": today.isoformat(), "count": 2, "channel": "Outlook"} for one in people]

    sent = lead.post("/api/v1/usage-days/", {"days": days}, content_type="application/json")
    told = lead.get("/api/v1/home-application/").json()

    assert sent.status_code == 200
    assert told["until"] == today.isoformat()
    assert told["roles"] == [
        {
            "job_role": "Seller", "programs": ["Outlook"], "share": 1.0, "people": 5, "actions": 10,
            "clients": [{"name": "Outlook", "share": 1.0, "is_home": True, "is_known": True}],
        }
    ]  # fmt: skip


def test_the_page_of_access_draws_the_share_with_its_sample():
    role, people = sellers()
    way(role, "Outlook", embedded=True)
    use(people, "Outlook", 3, timezone.localdate())
    use(people, "Web", 1, timezone.localdate())
    reader = Client()
    reader.force_login(make.person(groups=["end-user"]))

    page = reader.get("/access-paths/").content.decode()

    assert "use comes from inside its own program?" in page
    assert "75%" in page.replace("\xa0", "").replace(" %", "%")
    assert "28 days until" in page


def launch(phase: Phase, role: JobRole) -> Draft:
    wish = Wish(phase, "role", "deployment", ELEMENTS, "en", role, at_home=True)
    return drafted(wish, now=NOW, today=TODAY)


def test_p32_a_launch_message_tells_of_the_upgraded_program_and_names_no_other_way():
    role = make.job_role(name="Seller")
    way(role, "Outlook", embedded=True, steps=2)
    way(role, "Web client", logged_as=["Browser"])
    Programme.objects.update(vision="One picture of each customer.")
    phase = Phase.objects.create(name="Pipeline", goal="Deals are kept where mails are read.", opened_at=NOW)
    phase.job_roles.add(role)
    for title in ("New button beside each mail", "Sign in to the web client"):
        WorkItem.objects.create(title=title, phase=phase, job_role=role)

    made = launch(phase, role)

    assert made.subject == "“Outlook” has been upgraded"
    assert "You open “Outlook” as always" in made.body
    assert "New button beside each mail." in made.body
    assert "web client" not in made.body.lower()
    assert "browser" not in made.body.lower()
    assert any("Sign in to the web client" in gap.sentence for gap in made.gaps)


def test_a_launch_to_come_says_its_day_and_without_an_own_program_the_gap_is_named():
    role = make.job_role(name="Seller")
    phase = Phase.objects.create(name="Pipeline", planned_start=TODAY, planned_end=TODAY + timedelta(days=10))
    assert any("no way inside a program of their own" in gap.sentence for gap in launch(phase, role).gaps)
    assert "Pipeline" in launch(phase, role).subject

    way(role, "Outlook", embedded=True)

    assert launch(phase, role).subject.startswith("“Outlook” is upgraded on")
