"""Streets, towns, regions, countries and postcodes."""

import polars as pl
import pytest

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise import standardise
from tests.engine.standardise.read import column


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("258 Church Avenue", "258 Church Ave."),
        ("12 St. John's Road", "12 Saint Johns Rd"),
        ("Lincolnstraße 208", "Lincolnstr. 208"),
        ("Lincolnstraße 208", "LINCOLNSTRASSE 208"),
        ("Marketplatz 78", "Marketpl. 78"),
        ("Unter den Linden 5", "Unter den Linden Nr. 5"),
        ("Calle Mayor, 8", "C/ Mayor 8"),
        ("Avenida del Sol 3", "Avda. del Sol 3"),
        ("12 Boulevard Voltaire", "12 Bd Voltaire"),
        ("Plaça de Catalunya 1", "Plaza de Catalunya 1"),
        ("Storgatan 4", "Storgata 4"),
        ("ul. Marszałkowska 10", "Ulica Marszalkowska 10"),
        ("улица Ленина, дом 5", "Lenina ul 5"),
        ("1600 Amphitheatre Parkway, Suite 200", "1600 Amphitheatre Pkwy #200"),
        ("45 Main Street Apt 4B", "45 Main St"),
        ("P.O. Box 123", "Postfach 123"),
        ("100 N. Main St", "100 North Main Street"),
    ],
)
def test_one_street_in_two_spellings_is_one(written, same):
    read = column(Kind.STREET, written, same)

    assert sorted(read["street"][0].split()) == sorted(read["street"][1].split())
    assert read["number"][0] == read["number"][1] is not None


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("7 Wallaby Place", "7"),
        ("Rue de la Paix 12 bis", "12"),
        ("Hauptstr. 5a", "5"),
        ("12-14 High St", "12"),
        ("0012 Elm St", "12"),
        ("Broadway", None),
        ("Straße des 17. Juni 135", "135"),
    ],
)
def test_the_house_number_stands_apart(written, number):
    assert column(Kind.STREET, written)["number"] == [number]


def test_an_address_in_one_cell_keeps_all_its_words():
    read = column(Kind.STREET, "27 Washington Oak Park IL 60302", "27 Washington Blvd, Oak Park, IL 60302")

    assert read["number"] == ["27", "27"]
    assert set(read["street"][0].split()) <= set(read["street"][1].split())


def test_a_column_of_house_numbers_joins_the_street_beside_it():
    table = pl.DataFrame({"street_number": ["7", "177", None], "address": ["Elm St", "Oak Rd", "5 Ash Ln"]})

    slots = standardise(table, {"street_number": Kind.STREET, "address": Kind.STREET}).slots

    assert [(slot.name, slot.columns) for slot in slots] == [("address", ("address", "street_number"))]
    assert slots[0].parts["number"].to_list() == ["7", "177", "5"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("München", "munich"),
        ("Muenchen", "munich"),
        ("Munich", "munich"),
        ("Köln", "cologne"),
        ("S'Gravenhage", "the hague"),
        ("10115 Berlin", "berlin"),
        ("St. Louis", "st louis"),
        ("Saint Louis", "st louis"),
        ("北京市", "beijing"),
        ("Москва", "moscow"),
        ("Αθήνα", "athens"),
        ("القاهرة", "cairo"),
        ("서울특별시", "seoul"),
        ("東京都", "tokyo"),
    ],
)
def test_a_town_has_one_name(written, name):
    assert column(Kind.CITY, written)["name"] == [name]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("California", "ca"),
        ("CA", "ca"),
        ("New South Wales", "nsw"),
        ("NSW", "nsw"),
        ("São Paulo", "sp"),
        ("Bayern", "bayern"),
        ("广东省", "guangdong"),
    ],
)
def test_a_state_is_written_short_where_it_usually_is(written, name):
    assert column(Kind.REGION, written)["name"] == [name]


def test_a_country_is_its_code_and_an_unknown_one_its_words():
    read = column(Kind.COUNTRY, "Deutschland", "USA", "中国", "Türkiye", "Ruritania", None)

    assert read["name"] == ["de", "us", "cn", "tr", "ruritania", None]


@pytest.mark.parametrize(
    ("written", "code", "area"),
    [
        ("SL1 1AB", "sl11ab", "sl1"),
        ("sl11ab", "sl11ab", "sl1"),
        ("EC1A 1BB", "ec1a1bb", "ec1a"),
        ("1012 AB", "1012ab", "1012"),
        ("K1A 0B1", "k1a0b1", "k1a"),
        ("94107-1234", "94107", "941"),
        ("D-01067", "01067", "010"),
        ("2119", "2119", "21"),
        ("00-950", "00950", "009"),
        ("94107.0", "94107", "941"),
        ("00000", None, None),
    ],
)
def test_a_postcode_without_its_signs(written, code, area):
    read = column(Kind.POSTCODE, written)

    assert (read["code"], read["area"]) == ([code], [area])


def test_a_zero_that_a_spreadsheet_took_is_put_back():
    table = pl.DataFrame({"zip": ["1067", "2134", "2134", "2119"], "land": ["DE", "USA", "AU", None]})

    with_country = standardise(table, {"zip": Kind.POSTCODE, "land": Kind.COUNTRY}).slots[0].parts["code"].to_list()
    alone = column(Kind.POSTCODE, *["10115"] * 30, "1067")["code"]

    assert with_country == ["01067", "02134", "2134", "2119"]
    assert alone[-1] == "01067"
