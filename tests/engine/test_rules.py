"""Rules over whole tables: what each kind finds, and what `check` promises of the result."""

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest

from dataquality.engine.rules import FAULTS, Rule, check, not_judged

TODAY = date(2026, 11, 21)


def frame(**columns) -> pl.DataFrame:
    height = len(next(iter(columns.values())))
    return pl.DataFrame({"row": range(1, height + 1), **columns})


def found(table: pl.DataFrame, *rules: Rule) -> list[tuple[object, ...]]:
    return check(table, rules, today=TODAY).select("row", "code", "value", "suggestion").rows()


def test_a_required_field_is_faulted_where_it_is_blank_or_only_space():
    assert found(frame(name=["Anna", "", " ", None]), Rule("r", "required", "name")) == [
        (2, "required_blank", "", None),
        (3, "required_blank", " ", None),
        (4, "required_blank", "", None),
    ]


def test_a_field_may_be_required_only_beside_certain_values_of_another():
    table = frame(stage=["Won", "won", "Lost", None], amount=[None, Decimal("1"), None, None])

    assert [
        row
        for row, *_ in found(table, Rule("r", "required", "amount", params={"when": {"field": "stage", "in": ["Won"]}}))
    ] == [1]
    not_won = {"when": {"field": "stage", "not_in": ["Won"]}}
    assert [row for row, *_ in found(table, Rule("r", "required", "amount", params=not_won))] == [3, 4]


def test_a_field_may_have_to_be_blank_beside_certain_values():
    table = frame(stage=["Open", "Won"], closed=["2025-01-01", "2025-01-01"])
    rule = Rule("r", "consistency", "closed", params={"when": {"field": "stage", "in": ["open"]}, "blank": True})

    assert found(table, rule) == [(1, "consistency_not_blank", "2025-01-01", None)]


def test_a_field_may_have_to_go_with_another():
    table = frame(stage=["Won", "Won", "Open"], outcome=["won", "lost", "lost"])
    rule = Rule("r", "consistency", "outcome", params={"when": {"field": "stage", "in": ["Won"]}, "in": ["Won"]})

    assert found(table, rule) == [(2, "consistency_other", "lost", None)]


def test_numbers_outside_their_bounds_are_faulted_and_the_bounds_are_not():
    table = frame(p=pl.Series(["0", "100", "100.5", "-1", None], dtype=pl.String).cast(pl.Decimal(18, 4)))

    assert found(table, Rule("r", "range", "p", params={"min": 0, "max": 100})) == [
        (3, "number_too_high", "100.5", None),
        (4, "number_too_low", "-1", None),
    ]


def test_dates_in_the_future_or_past_all_reason_are_faulted():
    days = [date(2026, 11, 21), date(2026, 11, 22), date(1899, 12, 31), date(9999, 12, 31), None]
    rule = Rule("r", "range", "born", params={"future": False})

    assert found(frame(born=days), rule) == [
        (2, "date_future", "2026-11-22", None),
        (3, "date_absurd", "1899-12-31", None),
        (4, "date_absurd", "9999-12-31", None),
    ]


def test_a_bound_may_be_today_or_a_day():
    rule = Rule("r", "range", "at", params={"min": "2020-01-01", "max": "today"})
    table = frame(at=[datetime(2026, 11, 21, 23, 59), datetime(2026, 11, 22), datetime(2019, 12, 31)])

    assert [(row, code) for row, code, *_ in found(table, rule)] == [(2, "date_too_late"), (3, "date_too_early")]


def test_a_range_over_unread_text_is_refused_because_it_would_find_nothing():
    with pytest.raises(TypeError, match="parse it first"):
        found(frame(p=["1"]), Rule("share", "range", "p", params={"min": 0}))


def test_a_record_closed_before_it_opened_is_faulted_and_a_blank_is_compared_with_nothing():
    table = frame(
        opened=[date(2025, 2, 1), date(2025, 1, 1), date(2025, 1, 1), None],
        closed=[date(2025, 1, 1), date(2025, 1, 1), None, date(2025, 1, 1)],
    )
    rule = Rule("r", "order", "closed", params={"before": "opened", "after": "closed"})

    assert found(table, rule) == [(1, "order_reversed", "2025-01-01", None)]


def test_a_choice_off_the_list_gets_the_listed_one_where_it_is_plain():
    rule = Rule(
        "r", "choice", "stage", params={"values": ["Won", "Lost", "Prospecting", "Engaging", "Stage 1", "Stage 2"]}
    )

    assert found(frame(stage=["Won", "won", "LOST ", "Prospectng", "Stage 3", "Dead", None]), rule) == [
        (2, "choice_spelling", "won", "Won"),
        (3, "choice_spelling", "LOST ", "Lost"),
        (4, "choice_unknown", "Prospectng", "Prospecting"),
        (5, "choice_unknown", "Stage 3", None),
        (6, "choice_unknown", "Dead", None),
    ]


def test_the_result_has_its_schema_and_is_sorted_by_row_even_when_empty():
    empty = check(frame(name=["Anna"]), [Rule("r", "required", "name")], today=TODAY)
    faults = check(
        frame(b=["", ""], a=["", ""]),
        [Rule("b", "required", "b"), Rule("a", "required", "a", severity="warning")],
        today=TODAY,
    )

    assert empty.schema == pl.Schema(FAULTS)
    assert empty.height == 0
    assert check(frame(a=["x"]), [], today=TODAY).schema == pl.Schema(FAULTS)
    assert faults.select("row", "field", "rule", "severity").rows() == [
        (1, "a", "a", "warning"),
        (1, "b", "b", "error"),
        (2, "a", "a", "warning"),
        (2, "b", "b", "error"),
    ]


def test_a_rule_on_a_column_that_was_not_exported_is_named_and_finds_nothing():
    missing = Rule("r", "required", "phone")
    half = Rule("o", "order", "name", params={"before": "name", "after": "end"})
    table = frame(name=[""])

    assert found(table, missing, half) == []
    assert not_judged(table, [missing, half, Rule("n", "required", "name")]) == [missing, half]


def test_whole_table_rules_are_left_to_others_and_unknown_kinds_refused():
    assert found(frame(a=["x", "x"]), Rule("u", "unique", "a")) == []
    with pytest.raises(ValueError, match="No rule is of the kind requird"):
        found(frame(a=["x"]), Rule("u", "requird", "a"))


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("krank seit 3.5., Gewerkschaftsmitglied", "private_health"),
        ("is pregnant, back in May", "private_health"),
        ("已怀孕", "private_health"),
        ("Gewerkschaftsmitglied", "private_membership"),
        ("she is openly gay", "private_membership"),
        ("has diabetes, no sweets", "private_health"),
        ("IBAN DE89370400440532013000", "private_iban"),
        ("pay to DE89 3704 0044 0532 0130 00 please", "private_iban"),
        ("card 4111 1111 1111 1111", "private_card"),
        ("password: hunter2", "private_secret"),
    ],
)
def test_what_free_text_should_not_hold_is_a_warning_that_never_repeats_it(note, code):
    table = frame(note=[note + " Ã¼"])
    faults = check(
        table, [Rule("p", "format", "note", params={"as": "free_text"}), Rule("c", "charset", "note")], today=TODAY
    )

    assert ("p", "warning", code) in faults.select("rule", "severity", "code").rows()
    assert set(faults["value"]) == {f"•••• ({len(note) + 3} characters)"}
    assert faults["suggestion"].to_list() == [None] * faults.height


@pytest.mark.parametrize(
    "note",
    [
        "Order 4111 1111 1111 1112",
        "Works in medical devices and cancerous-free paint? no",
        "Call +49 30 1234567 about invoice 2025001234567",
        "Password reset link sent",
        "GB is our market",
        "Ship 12345678901234 units",
        "union contract signed",
        "Depressed margins in retail",
        "Met Ms Gay of Cancer Research",
        "Catholic University, diabetes clinic",
        "Gewerkschaft ver.di, contract 2025",
    ],
)
def test_everyday_notes_are_left_alone(note):
    assert found(frame(note=[note]), Rule("p", "format", "note", params={"as": "free_text"})) == []


def test_raw_text_is_checked_against_the_decided_format_of_its_column():
    day_first = '{"order": "DMY", "has_time": false, "share": 1.0, "ambiguous": false, "example": ""}'
    comma = '{"decimal": ",", "group": ".", "share": 1.0, "ambiguous": false}'
    table = frame(day=["13-04-2025", "31-02-2025", None], sum=["1,5", "x", ""], yes=["ja", "perhaps", "0"])

    assert found(
        table,
        Rule("d", "format", "day", params={"as": "date", "format": day_first}),
        Rule("n", "format", "sum", params={"as": "number", "format": comma}),
        Rule("b", "format", "yes", params={"as": "boolean"}),
    ) == [
        (2, "date_impossible", "31-02-2025", None),
        (2, "number_unreadable", "x", None),
        (2, "boolean_unreadable", "perhaps", None),
    ]
