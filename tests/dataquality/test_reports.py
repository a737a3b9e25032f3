"""The figures of the first three reports, and what they must not tell."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dataquality import reports, subjects
from tests import make

pytestmark = pytest.mark.django_db
DEALS, ROLES = subjects.get("accounts.opportunity"), subjects.get("contacts.contactrole")


def by_title(figures, beginning):
    return [figure for figure in figures.figures if figure.title.startswith(beginning)]


def cells(figure):
    names = figure.header[1:]
    return {(head, name): value for head, *values in figure.rows for name, value in zip(names, values, strict=True)}


def test_the_pipeline_is_what_a_count_by_hand_gives_and_currencies_never_mix():
    draw = random.Random(7)
    source = make.source()
    batch = make.batch(source, DEALS, taken_at=datetime(2020, 1, 2, tzinfo=UTC))
    ann = make.person(name="Ann")
    rows: list[dict[str, Any]] = [
        {"stage": draw.choice(["Engaging", "Prospecting"]), "owner": draw.choice([ann, None]), "owner_ref": "Bob",
         "currency": draw.choice(["EUR", "USD"]), "amount": draw.randrange(100),
         "outcome": draw.choice(["open", "open", "won"]), "state": draw.choice(["live", "live", "gone"])}
        for _ in range(60)
    ]  # fmt: skip
    make.records(batch, *rows)
    make.record(make.batch(make.source(), DEALS), stage="Elsewhere")

    drawn = reports.get("pipeline").figures(source=source)

    counted = [row for row in rows if row["outcome"] == "open" and row["state"] == "live"]
    (stages,) = by_title(drawn, "Open deals by stage")
    assert cells(stages) == {(k, "Deals"): n for k, n in Counter(row["stage"] for row in counted).items()}
    amounts: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in counted:
        amounts[row["currency"], "Ann" if row["owner"] else "Bob", row["stage"]] += row["amount"]
    for figure in by_title(drawn, "Amount by owner and stage"):
        shown = {key: value for key, value in cells(figure).items() if value}
        assert shown == {(who, stage): v for (unit, who, stage), v in amounts.items() if unit == figure.unit and v}
    assert sorted(figure.unit for figure in by_title(drawn, "Amount")) == ["EUR", "USD"]
    assert (drawn.n, drawn.taken_at) == (len(counted), batch.taken_at)


def test_months_without_a_won_deal_are_shown_and_deals_without_a_day_are_told_of():
    batch = make.batch(make.source(), DEALS)
    won = {"outcome": "won", "amount": 10}
    make.records(
        batch, {"close_on": date(2019, 11, 30), **won}, {"close_on": date(2020, 2, 1), **won}, {"close_on": None, **won}
    )

    drawn = reports.get("won-by-month").figures()

    (figure,) = by_title(drawn, "Deals won")
    assert list(figure.rows) == [
        ["Nov 2019", 1], ["Dec 2019", 0], ["Jan 2020", 0], ["Feb 2020", 1],
    ]  # fmt: skip
    assert drawn.notes == ["1 won deals have no close date and are in no month."]


def owning(team, people, deals_each, covered, batch, roles):
    members = [make.person(team=team) for _ in range(people)]
    for seller in members:
        for k, deal in enumerate(make.records(batch, *({"owner": seller} for _ in range(deals_each)))):
            if k < covered:
                make.record(roles, opportunity=deal)
    return members


def test_coverage_is_told_of_teams_of_five_and_of_ones_own_deals_only():
    source = make.source()
    batch, roles = make.batch(source, DEALS), make.batch(source, ROLES)
    owning(make.team(name="Large"), 6, 4, 1, batch, roles)
    owning(make.team(name="Largest"), 7, 2, 2, batch, roles)
    small = owning(make.team(name="Small"), 2, 5, 3, batch, roles)

    def told(reader=None):
        first, second = reports.get("contact-role-coverage").figures(source=source, reader=reader).figures
        return first.rows, second.rows

    shares, counts = told()
    assert counts == [["All", 48, 26], ["Largest", 14, 14], ["Other teams", 34, 12]]
    assert shares[1] == ["Largest", 1.0]
    assert told(small[0])[1][-1] == ["You", 5, 3]


def test_every_footprint_names_tables_and_fields_that_exist():
    for report in reports.every():
        assert set(report.footprint.tables) <= {subject.slug for subject in subjects.every()}
        for table, name in report.footprint.cells:
            assert name in subjects.get(table).columns
            assert table in report.footprint.tables
        assert set(report.footprint.pointers) == {
            f"{table}.{name}" for table, name in report.footprint.cells if name in subjects.get(table).pointers
        }
