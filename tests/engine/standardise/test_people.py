"""The person of a record: parts put right by what the table itself shows."""

import polars as pl
import pytest

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise import Learnt, standardise
from tests.engine.standardise.read import column, parts, people

CROWD = [
    (given, family)
    for given in ("Anna", "Peter", "Maria", "Thomas", "Julia", "Paul", "Laura", "Simon")
    for family in ("Schmidt", "Weber", "Becker", "Garcia", "Lopez", "Novak", "Rossi", "Jensen")
]


@pytest.mark.parametrize(
    ("written", "formal"),
    [
        ("Bob", "robert"),
        ("Peggy", "margaret"),
        ("Liz", "elizabeth"),
        ("Bill", "william"),
        ("Kasia", "catherine"),
        ("Pepe", "joseph"),
        ("Sasha", "alexander"),
        ("Muhammad", "mohammed"),
        ("Mohamed", "mohammed"),
        ("Uschi", "ursula"),
        ("Zhenya", "eugene"),
        ("Beppe", "joseph"),
        ("Lupita", "guadalupe"),
        ("Venkat", "venkatesh"),
        ("Robert", "robert"),
        ("Quvenzhané", "quvenzhane"),
    ],
)
def test_short_and_fond_names_have_their_formal_one(written, formal):
    assert people((written, "Smith"))["formal"] == [formal]


@pytest.mark.parametrize(
    ("written", "given", "family"),
    [
        ("John Smith", "john", "smith"),
        ("Smith, John", "john", "smith"),
        ("Dr. med. Anna Schmidt", "anna", "schmidt"),
        ("Mr John Q. Public Jr.", "john q", "public"),
        ("Ludwig van Beethoven", "ludwig", "van beethoven"),
        ("Juan de la Cruz", "juan", "de la cruz"),
        ("Sinéad O'Connor", "sinead", "oconnor"),
        ("Ronald Mc Donald", "ronald", "mcdonald"),
        ("Abdul Rahman Khan", "abdulrahman", "khan"),
        ("Cher", None, "cher"),
        ("Herr Schmidt", None, "schmidt"),
        ("Robert “Bob” Miller", "robert", "miller"),
        ("Anna Maria Weber (née Koch)", "anna maria", "weber"),
    ],
)
def test_a_full_name_is_told_apart(written, given, family):
    read = column(Kind.PERSON, written)

    assert (read["given"], read["family"]) == ([given], [family])


def test_names_in_each_others_column_are_put_back():
    read = people(*CROWD, ("Weber", "Laura"))

    assert (read["given"][-1], read["family"][-1]) == ("laura", "weber")


def test_a_name_that_may_be_either_stays_where_it_is():
    read = people(*CROWD, ("Simon", "Paul"), ("Paul", "Simon"))

    assert read["given"][-2:] == ["simon", "paul"]
    assert read["family"][-2:] == ["paul", "simon"]


def test_both_names_in_one_column_are_parted_and_a_double_family_name_is_not():
    read = people(*CROWD, (None, "Julia Rossi"), ("Thomas Novak", None), (None, "Garcia Lopez"), (None, "Rossi Maria"))

    assert read["given"][-4:] == ["julia", "thomas", None, "maria"]
    assert read["family"][-4:] == ["rossi", "novak", "garcia lopez", "rossi"]


def test_one_family_name_in_two_spellings_takes_the_commoner():
    read = people(("Anna", "De Melo"), ("Rita", "De Melo"), ("Joao", "Demelo"), ("Uwe", "Müller"), ("Ute", "Mueller"))

    assert read["family"] == ["de melo", "de melo", "de melo", "muller", "muller"]


@pytest.mark.parametrize(
    ("given", "family", "mail", "meant"),
    [
        (None, "Timmermans", "aniek.timmermans@acme.nl", ("aniek", "timmermans")),
        (None, "Timmermans", "Timmermans_Aniek@acme.nl", ("aniek", "timmermans")),
        (None, "Timmermans", "aniektimmermans79@gmail.com", ("aniek", "timmermans")),
        (None, "Timmermans", "aniek_tim@acme.nl", ("aniek", "timmermans")),
        (None, "Timmermans", "atimmermans@acme.nl", ("a", "timmermans")),
        ("J.", "Morataya", "josemorataya4@yahoo.com", ("jose", "morataya")),
        ("P.", "Morataya", "jose.morataya@acme.com", ("p", "morataya")),
        (None, "Morataya", "anna@acme.com", ("anna", "morataya")),
        (None, "Morataya", "sales@acme.com", (None, "morataya")),
        (None, "Morataya", "xk7@acme.com", (None, "morataya")),
        ("Jose", None, "jose.morataya@acme.com", ("jose", "morataya")),
        ("Jose", None, "jmorataya@acme.com", ("jose", "morataya")),
        (None, None, "jose.morataya@acme.com", ("jose", "morataya")),
        (None, None, "weber.anna@acme.com", ("anna", "weber")),
        (None, "Mia Holm", "mia.holm@acme.se", ("mia", "holm")),
        ("Jose", "Morataya", "anna.schmidt@acme.com", ("jose", "morataya")),
    ],
)
def test_what_is_missing_comes_from_a_plain_address(given, family, mail, meant):
    read = people(*CROWD, (given, family), mail=[None] * len(CROWD) + [mail])

    assert (read["given"][-1], read["family"][-1]) == meant


def test_a_title_alone_is_no_given_name_but_may_be_a_family_name():
    read = people(("Frau", "Hornig"), ("Sal", "Herr"), ("Don", "Null"))

    assert read["given"] == [None, "sal", "don"]
    assert read["family"] == ["hornig", "herr", "null"]


def test_a_record_alone_is_read_as_it_would_be_among_many():
    kinds = {"given": Kind.GIVEN, "family": Kind.FAMILY}
    many = pl.DataFrame([*CROWD, ("Ann", "De Melo"), ("Ute", "Müller")], schema=["given", "family"], orient="row")
    learnt = Learnt.from_json(standardise(many, kinds).learnt.to_json())
    alone = pl.DataFrame(
        [("Weber", "Laura"), (None, "Julia Rossi"), ("Eva", "Demelo"), ("Uwe", "Mueller")],
        schema=["given", "family"],
        orient="row",
    )

    read = standardise(alone, kinds, learnt).slots[0].parts

    assert read["given"].to_list() == ["laura", "julia", "eva", "uwe"]
    assert read["family"].to_list() == ["weber", "rossi", "demelo", "muller"]


def test_a_full_name_beside_its_parts_fills_what_they_lack():
    table = pl.DataFrame({"first": ["Ada", None], "last": ["Lovelace", None], "name": ["Ada Lovelace", "Grace Hopper"]})

    read = parts(table, {"first": Kind.GIVEN, "last": Kind.FAMILY, "name": Kind.PERSON})

    assert (read["given"], read["family"]) == (["ada", "grace"], ["lovelace", "hopper"])


def test_another_person_of_the_record_has_a_slot_of_their_own():
    table = pl.DataFrame({"first": ["Ada"] * 3, "last": ["Byron"] * 3, "teacher": ["Mary Somerville"] * 3})

    slots = standardise(table, {"first": Kind.GIVEN, "last": Kind.FAMILY, "teacher": Kind.PERSON}).slots

    assert [(slot.name, slot.columns) for slot in slots] == [("person", ("first", "last")), ("teacher", ("teacher",))]
