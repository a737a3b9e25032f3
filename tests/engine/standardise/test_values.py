"""Days, identifiers, choices, figures and text."""

from datetime import date, datetime

import polars as pl
import pytest

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise import Learnt, kind_of, standardise
from tests.engine.standardise.read import column, parts


@pytest.mark.parametrize(
    "values",
    [
        ("1956-04-09", "1956-12-31"),
        ("19560409", "19561231"),
        ("09/04/1956", "31/12/1956"),
        ("04/09/1956", "12/31/1956"),
        ("9.4.1956", "31.12.1956"),
        ("9 April 1956", "31 December 1956"),
        ("1956-04-09T23:59:00", "1956-12-31 00:00:00"),
    ],
)
def test_a_day_is_the_same_day_however_the_column_writes_it(values):
    read = column(Kind.DATE, *values)

    assert read["day"] == [-5015, -4749]
    assert read["ymd"] == ["19560409", "19561231"]


def test_typed_days_and_moments_are_days_too():
    days = pl.DataFrame({"on": [date(1956, 4, 9), None]})
    moments = pl.DataFrame({"at": [datetime(1956, 4, 9, 23, 59), None]})

    assert (
        parts(days, {"on": Kind.DATE})
        == parts(moments, {"at": Kind.DATETIME})
        == {"day": [-5015, None], "ymd": ["19560409", None]}
    )


def test_a_day_that_never_was_keeps_its_figures():
    read = column(Kind.DATE, "19560431", "1956-02-30", "1956-04-09")

    assert read["day"] == [None, None, -5015]
    assert read["ymd"] == ["19560431", "19560230", "19560409"]


def test_a_day_that_stands_for_none_is_none():
    assert column(Kind.DATE, "1900-01-01", "9999-12-31", "unknown", "0001-01-01")["ymd"] == [None] * 4


def test_the_order_of_a_column_is_remembered_for_a_record_alone():
    kinds = {"on": Kind.DATE}
    learnt = standardise(pl.DataFrame({"on": ["12/31/1956", "04/09/1956"]}), kinds).learnt

    read = standardise(pl.DataFrame({"on": ["04/09/1956"]}), kinds, Learnt.from_json(learnt.to_json())).slots[0].parts

    assert read["ymd"].to_list() == ["19560409"]


def test_an_identifier_is_its_letters_and_figures():
    read = column(Kind.IDENTIFIER, "de 129-273.398", "DE129273398", "000", "n/a", "０１２", None)

    assert read["code"] == ["DE129273398", "DE129273398", None, None, "012", None]


def test_a_choice_and_a_text_are_their_words():
    assert column(Kind.CHOICE, " Web_Form ", "web-form", "")["value"] == ["web form", "web form", None]
    read = column(Kind.TEXT, "Head of Sales & Sales Ops!", "-")
    assert read["text"] == ["head of sales sales ops", None]
    assert read["tokens"] == ["head of ops sales", None]


def test_a_figure_is_read_as_the_whole_column_writes_it():
    assert column(Kind.MONEY, "1.234,50", "7,00", "€ 12,5")["value"] == ["1234.5", "7", "12.5"]
    assert column(Kind.NUMBER, "1,234.50", "7.00", "many")["value"] == ["1234.5", "7", "many"]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("person", Kind.PERSON),
        ("person.full", Kind.PERSON),
        ("person.given", Kind.GIVEN),
        ("Given_Name", Kind.GIVEN),
        ("given", Kind.GIVEN),
        ("surname", Kind.FAMILY),
        ("person.family", Kind.FAMILY),
        ("company", Kind.COMPANY),
        ("Organisation", Kind.COMPANY),
        ("organization", Kind.COMPANY),
        ("email", Kind.EMAIL),
        ("E-Mail", Kind.EMAIL),
        ("phone", Kind.PHONE),
        ("domain", Kind.DOMAIN),
        ("url", Kind.URL),
        ("street", Kind.STREET),
        ("address", Kind.STREET),
        ("address.street", Kind.STREET),
        ("city", Kind.CITY),
        ("region", Kind.REGION),
        ("state", Kind.REGION),
        ("postcode", Kind.POSTCODE),
        ("ZIP", Kind.POSTCODE),
        ("country", Kind.COUNTRY),
        ("date", Kind.DATE),
        ("identifier", Kind.IDENTIFIER),
        ("id", Kind.IDENTIFIER),
        ("category", Kind.CHOICE),
        ("choice", Kind.CHOICE),
        ("text", Kind.TEXT),
        ("number", Kind.NUMBER),
    ],
)
def test_people_may_name_a_kind_by_their_own_word(word, kind):
    assert kind_of(word) is kind


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_goes_by_its_own_name(kind):
    assert kind_of(kind.value) is kind


def test_a_word_for_no_kind_is_answered_with_the_words_there_are():
    with pytest.raises(ValueError, match=r"“colour” is no kind of column; use one of .*person.*postcode"):
        kind_of("colour")
