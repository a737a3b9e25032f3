"""A locked report says the day on which it will open, and what mending some of it would change (M1, M3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from crm_adoption.jobs.services import run_here, start
from crm_adoption.people.models import Person
from dataquality import outlook, reports, subjects
from dataquality.models import Score
from dataquality.services import gates
from tests import make

pytestmark = pytest.mark.django_db
TABLE = "accounts.account"
ROWS = 20
STEADY = (0.45, 0.40, 0.35, 0.30, 0.25)  # and today 4 of 20


@pytest.fixture
def report(monkeypatch):
    """A report on accounts alone, for as long as the test."""
    made = reports.Report(
        slug="a-report", title="A report", question="How many?", leaves_out="Nothing.",
        footprint=reports.Footprint(tables=(TABLE,), fields=(f"{TABLE}.name",)),
        figures=lambda **_more: reports.ReportFigures((), 0, None),
    )  # fmt: skip
    monkeypatch.setitem(reports._reports, made.slug, made)
    return made


def accounts(*, blank: int, bad_phone: int = 0, both: int = 0) -> None:
    """Twenty live accounts, some with a blank name or a wrong phone, judged as a worker judges them."""
    kept = make.source(default_country="US")
    rows = [{"name": "Acme"} for _ in range(ROWS - blank - bad_phone - both)]
    rows += (
        [{"name": ""}] * blank + [{"name": "Acme", "phone": "12"}] * bad_phone + [{"name": "", "phone": "12"}] * both
    )
    make.records(make.batch(kept, subjects.get(TABLE)), *[dict(row) for row in rows])
    run_here(start("check_table", scope=f"{TABLE} {kept.pk}"))


def past(rates: Sequence[float], *, field: str = "", days: int = 7) -> None:
    """Readings of all sources, the last of them yesterday."""
    now = timezone.now()
    for place, rate in enumerate(rates):
        at = now - timedelta(days=1 + days * (len(rates) - 1 - place))
        Score.objects.create(
            table=TABLE, field=field, source=None, taken_at=at, rows=1000, wrong=round(1000 * rate), rate=rate,
            limit="0.05" if not field else "0.01", strict=True, passes=False, to_fix=0,
        )  # fmt: skip


def told(report: reports.Report, **more) -> outlook.Outlook | None:
    now = timezone.now()
    return outlook.of(gates.gate(report, now=now), now=now, **more)


@pytest.mark.django_db(transaction=True)
def test_a_report_that_gets_better_says_both_days_and_the_later_is_the_surer(report):
    accounts(blank=4)
    past(STEADY)
    past(STEADY, field="name")

    found = told(report)

    today = timezone.localdate()
    assert found is not None
    assert found.likely is not None
    assert found.nearly_sure is not None
    assert today < found.likely <= found.nearly_sure < today + timedelta(days=120)
    assert found.likely.isoformat() in found.sentence
    assert found.nearly_sure.isoformat() in found.sentence


@pytest.mark.django_db(transaction=True)
def test_what_gets_no_better_has_no_day_and_what_was_measured_twice_names_what_is_short(report):
    accounts(blank=4)
    past([0.2])
    past([0.2], field="name")
    short = told(report)
    past([0.2, 0.2], days=3)
    past([0.2, 0.2], field="name", days=3)

    never = told(report)

    assert short is not None
    assert list(short.short)
    assert (short.likely, never.likely if never else 0) == (None, None)
    assert never is not None
    assert not never.short
    assert never.last_day.isoformat() in never.sentence


@pytest.mark.django_db(transaction=True)
def test_an_open_report_has_no_day(report):
    accounts(blank=0)
    past([0.0, 0.0, 0.0])

    assert gates.gate(report, now=timezone.now()).state == "open"
    assert told(report) is None


@pytest.mark.django_db(transaction=True)
def test_mending_brings_the_day_nearer_and_mending_all_opens_it_today(report):
    accounts(blank=4)
    past(STEADY)
    past(STEADY, field="name")
    as_it_goes, today = told(report), timezone.localdate()

    some, everything = (told(report, mended={(TABLE, "name"): n}) for n in (2, 4))

    assert as_it_goes
    assert some
    assert everything
    days = [one.likely for one in (everything, some, as_it_goes) if one.likely]
    assert days[0] == today
    assert days == sorted(set(days))
    assert len(days) == 3


@pytest.mark.django_db(transaction=True)
def test_a_record_of_two_faults_comes_clean_only_when_both_are_mended():
    accounts(blank=2, bad_phone=1, both=2)

    name_alone = outlook._falls({(TABLE, "name"): 4})
    both = outlook._falls({(TABLE, "name"): 4, (TABLE, "phone"): 3})
    half = outlook._falls({(TABLE, "name"): 2, (TABLE, "phone"): 3})

    assert name_alone == {(TABLE, "name"): 4 / ROWS, (TABLE, ""): 2 / ROWS}
    assert both[TABLE, ""] == pytest.approx(5 / ROWS)
    assert half[TABLE, ""] == pytest.approx((2 * 0.5 + 1 + 2 * 0.5) / ROWS)


@pytest.mark.django_db(transaction=True)
def test_the_tile_the_page_and_the_423_of_the_api_say_the_day_and_the_page_says_what_mending_changes(client, report):
    accounts(blank=4)
    past(STEADY)
    past(STEADY, field="name")
    steward: Person = make.person(groups=["data steward"])
    client.force_login(steward)
    found = told(report)
    assert found
    assert found.likely
    assert found.nearly_sure

    tile, page = (client.get(address).content.decode() for address in ("/reports/", "/reports/a-report/"))
    answer = client.get("/api/v1/gates/a-report/")
    mended = client.get(f"/reports/a-report/?mend=1&{TABLE}.name=4").context["then"]
    nonsense = client.get(f"/reports/a-report/?mend=1&{TABLE}.name=-4")

    assert found.sentence in tile
    assert found.sentence in page
    assert answer.status_code == 423
    assert answer.json()["outlook"] == {
        "likely": found.likely.isoformat(), "nearly_sure": found.nearly_sure.isoformat(),
        "last_day": found.last_day.isoformat(), "short": [], "sentence": found.sentence,
    }  # fmt: skip
    assert mended.likely == timezone.localdate()
    assert (nonsense.status_code, nonsense.context["then"]) == (200, None)
