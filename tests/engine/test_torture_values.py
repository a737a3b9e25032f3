"""The hostile files whose trap is in the values: what their manifest expects, column by column."""

import csv
import json
import re
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from dataquality.engine.kinds import Kind
from dataquality.engine.parse import (
    DateTally,
    NumberTally,
    blank_tokens,
    clean_text,
    date_codes,
    number_codes,
    parse_dates,
    parse_numbers,
)
from dataquality.engine.rules import Rule, check
from dataquality.engine.rules.formats import known_forms
from dataquality.sentences import sentence

HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]")
TODAY = date(2026, 11, 21)


@pytest.fixture
def column(shared_data: Path):
    def read(file: str, name: str) -> pl.Series:
        with (shared_data / "torture" / "csv" / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
            return pl.Series(name, [row[name] for row in csv.DictReader(lines)], dtype=pl.String)

    return read


def codes(values: pl.Series, *rules: Rule) -> dict[int, list[tuple[str, str | None]]]:
    table = values.to_frame().with_columns(row=pl.int_range(1, len(values) + 1))
    found: dict[int, list[tuple[str, str | None]]] = {}
    for row, code, suggestion in check(table, rules, today=TODAY).select("row", "code", "suggestion").iter_rows():
        found.setdefault(row, []).append((code, suggestion))
    return found


def form(field: str, name: str, **params) -> Rule:
    return Rule(f"{field}-{name}", "format", field, params={"as": name, **params})


def test_ambiguous_dates_are_decided_by_the_column_and_the_impossible_ones_flagged(column):
    values = column("dates_ambiguous", "created")
    tally = DateTally()
    tally.add(values)
    fmt = tally.decide()

    assert fmt.order == "DMY"
    assert parse_dates(values, fmt).to_list() == [
        datetime(2025, 4, 3),
        datetime(2025, 4, 13),
        None,
        None,
        None,
        datetime(9999, 12, 31),
        None,
        None,
        datetime(1969, 12, 31, 23, 59),
        datetime(2025, 10, 26, 0, 30),
        datetime(2025, 1, 1),
        datetime(2025, 4, 12),
    ]
    assert date_codes(values, fmt).rows() == [
        (None, None),
        (None, None),
        ("date_other_order", "2025-04-13"),
        ("date_impossible", None),
        ("date_impossible", None),
        (None, None),
        ("date_serial", "2023-03-15"),
        ("date_impossible", None),
        (None, None),
        ("date_clock_twice", None),
        (None, None),
        (None, None),
    ]


def test_no_infinity_reaches_a_numeric_column_and_the_clash_of_locales_is_asked(column):
    values = column("numbers_locale", "amount")
    tally = NumberTally()
    tally.add(values)
    fmt = tally.decide()

    assert fmt.ambiguous
    numbers = parse_numbers(values, fmt).to_list()
    assert [number is None for number in numbers] == [
        True,
        False,
        False,
        False,
        False,
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert number_codes(values, fmt)["code"].to_list()[5:8] == [
        "number_too_large",
        "number_unreadable",
        "number_unreadable",
    ]


def test_null_words_go_by_the_rule_of_the_column(column):
    values = column("booleans_nulls", "v")
    tally = values.value_counts(name="n").rename({"v": "value"})

    assert blank_tokens(Kind.FAMILY, tally) == {"#N/A", r"\N"}
    assert blank_tokens(Kind.DATE, tally) == {"NULL", "null", "N/A", "#N/A", "-", "None", r"\N"}
    assert clean_text(values).to_list()[-2:] == [None, None]


def test_people_called_null_true_and_nan_are_people(column):
    for name in ("last", "first"):
        values = column("names_null_true", name)
        kind = Kind.FAMILY if name == "last" else Kind.GIVEN
        assert blank_tokens(kind, values.value_counts(name="n").rename({name: "value"})) == frozenset()
        assert codes(values, Rule("c", "charset", name)) == {}


def test_look_alikes_are_flagged_and_foreign_spellings_are_not(column):
    assert codes(column("unicode_lookalikes", "name"), Rule("c", "charset", "name")) == {
        2: [("charset_mixed_script", "Paypal")],
        5: [("charset_invisible", "AnnaBerg")],
        7: [("charset_bidi", "gnp.exe")],
    }
    assert codes(column("unicode_lookalikes", "email"), form("email", "email")) == {2: [("email_mixed_script", None)]}


@pytest.mark.parametrize("file", ["emoji_zwj", "rtl_names"])
def test_joined_emoji_and_persian_names_stay_as_they_are(column, file):
    values = column(file, "name")

    assert clean_text(values).to_list() == values.to_list()
    assert codes(values, Rule("c", "charset", "name")) == {}


def test_addresses_at_the_edge(column):
    found = codes(column("emails_edge", "email"), form("email", "email"))

    assert found == {
        7: [("email_invalid", None)],
        8: [("email_invalid", None)],
        9: [("email_two", None)],
        10: [("email_invalid", "a@x.de")],
        11: [("email_line_break", None)],
        12: [("email_invalid", None)],
    }


def test_ids_in_scientific_notation_are_damaged_and_zeros_in_front_are_kept(column):
    values = column("ids_scientific", "crm_id")

    assert clean_text(values).to_list() == values.to_list()
    assert codes(values, form("crm_id", "identifier")) == {
        1: [("identifier_scientific", None)],
        2: [("identifier_scientific", None)],
    }


def test_a_postcode_keeps_its_zero_and_one_that_lost_it_gets_it_back(column):
    assert codes(column("phones_zip_leading_zero", "zip"), form("zip", "postcode", default_country="DE")) == {
        2: [("postcode_zero_lost", "01067")]
    }
    assert codes(column("phones_zip_leading_zero", "phone"), form("phone", "phone", default_country="DE")) == {}


def test_text_decoded_twice_is_found_and_mended(column):
    assert codes(column("enc_double_utf8", "name"), Rule("c", "charset", "name")) == {
        1: [("charset_mojibake", "Müller")]
    }


def test_private_data_in_notes_is_flagged_row_by_row(column):
    found = codes(column("gdpr_art9_freetext", "note"), form("note", "free_text"))

    assert {row: hits[0][0] for row, hits in found.items()} == {
        1: "private_health",
        2: "private_iban",
        3: "private_card",
        4: "private_secret",
    }


def test_control_signs_are_flagged(column):
    found = codes(column("control_chars", "name"), Rule("c", "charset", "name"))

    assert {row: hits[0][0] for row, hits in found.items()} == {1: "charset_control", 2: "charset_control"}


def test_the_text_trick_of_spreadsheets_is_a_postcode_and_no_formula(column):
    assert clean_text(column("excel_text_trick", "zip")).to_list() == ["01067"]


def test_formulas_are_text_like_any_other(column):
    values = column("formula_injection", "name")

    assert codes(values, Rule("c", "charset", "name")) == {}
    assert clean_text(values).to_list()[4] == "-5"


def test_no_naughty_string_stops_any_rule(shared_data: Path):
    strings = json.loads((shared_data / "blns" / "blns.json").read_text(encoding="utf-8"))
    table = pl.DataFrame({"row": range(len(strings)), "cell": strings, "country": ["DE"] * len(strings)})
    day_first = DateTally().decide().to_json()
    plain = NumberTally().decide().to_json()
    forms = {"date": {"format": day_first}, "number": {"format": plain}, "phone": {"country_field": "country"}}
    rules = [form("cell", name, **forms.get(name, {"country_field": "country"})) for name in sorted(known_forms())]
    rules += [Rule("c", "charset", "cell"), Rule("l", "choice", "cell", params={"values": ["Won"]})]

    faults = check(table, rules, today=TODAY)

    shown = faults.filter(~pl.col("code").str.starts_with("private_")).filter(~pl.col("value").str.starts_with("••••"))
    assert shown.height > len(strings)
    assert shown.join(table, on="row").filter(pl.col("value") != pl.col("cell")).height == 0
    for code, value, suggestion in faults.select("code", "value", "suggestion").iter_rows():
        assert HIDDEN.search(sentence(code, field="Cell", value=value, suggestion=suggestion)) is None
