"""The labelled tables that the shipped prior is trained on: public, made-up, and badly written down."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from benchmarks import _worn
from benchmarks.matching_data import make_contacts
from dataquality.engine.kinds import Kind

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "matching"
K = Kind
PUBLIC: dict[str, tuple[str, dict[str, Kind], tuple[tuple[str, ...], ...]]] = {
    # name: file, kinds, further readings with only these columns
    "febrl3": (
        "febrl3.csv",
        {
            "given_name": K.GIVEN, "surname": K.FAMILY, "street_number": K.STREET, "address_1": K.STREET,
            "address_2": K.STREET, "suburb": K.CITY, "postcode": K.POSTCODE, "state": K.REGION,
            "date_of_birth": K.DATE, "soc_sec_id": K.IDENTIFIER,
        },
        (
            ("given_name", "surname", "date_of_birth"),
            ("given_name", "surname", "suburb", "postcode", "date_of_birth"),
            ("given_name", "surname", "address_1", "suburb", "state"),
        ),
    ),
    "fake_1000": (
        "fake_1000.csv",
        {"first_name": K.GIVEN, "surname": K.FAMILY, "dob": K.DATE, "city": K.CITY, "email": K.EMAIL},
        (("first_name", "surname", "dob", "city"), ("first_name", "surname", "email")),
    ),
    "early_childhood_sites": (
        "early_childhood_sites.csv",
        {"Site name": K.COMPANY, "Address": K.STREET, "Zip": K.POSTCODE, "Phone": K.PHONE},
        (("Site name", "Address"), ("Site name", "Address", "Phone")),
    ),
    "crm_contacts_100k": (
        "crm_contacts_100k.csv.gz",
        {
            "first_name": K.GIVEN, "last_name": K.FAMILY, "email": K.EMAIL, "phone": K.PHONE, "company": K.COMPANY,
            "street": K.STREET, "city": K.CITY, "postcode": K.POSTCODE, "country": K.COUNTRY,
        },
        (
            ("first_name", "last_name", "company", "city"),
            ("first_name", "last_name", "email", "phone", "company"),
            ("first_name", "last_name", "phone", "street", "city", "postcode"),
            ("first_name", "last_name", "email", "company", "country"),
        ),
    ),
}  # fmt: skip

CONTACTS, CONTACT_CUTS = PUBLIC["crm_contacts_100k"][1:]
FIRMS = {
    "company": K.COMPANY, "website": K.DOMAIN, "phone": K.PHONE, "street": K.STREET, "city": K.CITY,
    "postcode": K.POSTCODE, "country": K.COUNTRY, "trade": K.CHOICE,
}  # fmt: skip
CROWD = {
    "name": K.PERSON, "email": K.EMAIL, "phone": K.PHONE, "company": K.COMPANY, "city": K.CITY, "region": K.REGION,
    "country": K.COUNTRY,
}  # fmt: skip
PARISH = {
    "given": K.GIVEN, "surname": K.FAMILY, "born": K.DATE, "birthplace": K.CITY, "lives": K.CITY, "trade": K.CHOICE,
    "sex": K.CHOICE,
}  # fmt: skip
SLIPS = 0.3  # of cells, in tables that are badly written down
Reading = tuple[pl.DataFrame, dict[str, Kind]]


def readings(name: str) -> Iterator[Reading]:
    """A table with the column truth and its kinds: all of its columns, then fewer."""
    if name in PUBLIC:
        file, kinds, fewer = PUBLIC[name]
        raw = (DATA / file).read_bytes()
        table = pl.read_csv(gzip.decompress(raw) if file.endswith(".gz") else raw, infer_schema=False)
    else:
        table, kinds, fewer = MADE[name]()
    yield table, kinds
    for columns in fewer:
        yield table, {column: kinds[column] for column in columns}


def _contacts() -> tuple[pl.DataFrame, dict[str, Kind], tuple[tuple[str, ...], ...]]:
    return make_contacts(60_000, duplicates=0.15, seed=101), CONTACTS, CONTACT_CUTS


def _worn_contacts() -> tuple[pl.DataFrame, dict[str, Kind], tuple[tuple[str, ...], ...]]:
    base = _worn.people(10_000, seed=102).select("truth", *CONTACTS)
    others = {"company": 0.1, "city": 0.1, "phone": 0.1, "email": 0.1, "street": 0.1, "postcode": 0.1}
    table = _worn.worn(base, _worn.twice(len(base), 0.4, 103), slips=SLIPS, blanks=0.1, others=others, seed=104)
    return table, CONTACTS, (("first_name", "last_name", "email", "phone", "company", "city", "country"),)


def _worn_crowd() -> tuple[pl.DataFrame, dict[str, Kind], tuple[tuple[str, ...], ...]]:
    base = _worn.crowd(8_000, seed=105)
    others = {"company": 0.1, "city": 0.08, "phone": 0.1, "email": 0.1}
    often = _worn.twice(len(base), 0.6, 106)
    table = _worn.worn(base, often, slips=SLIPS, blanks=0.08, others=others, seed=107, first_too=True)
    return table, CROWD, (("name", "company", "city"),)


def _worn_firms() -> tuple[pl.DataFrame, dict[str, Kind], tuple[tuple[str, ...], ...]]:
    base = _worn.firms(5_000, seed=108)
    others = {"phone": 0.1, "street": 0.1, "website": 0.05}
    table = _worn.worn(base, _worn.twice(len(base), 0.4, 109), slips=SLIPS, blanks=0.1, others=others, seed=110)
    return table, FIRMS, (("company", "street", "city"), ("company", "city", "trade"), ("company",))


def _worn_parish() -> tuple[pl.DataFrame, dict[str, Kind], tuple[tuple[str, ...], ...]]:
    base = _worn.parish(6_000, seed=111)
    others = {"lives": 0.2, "trade": 0.3}
    table = _worn.worn(base, _worn.twice(len(base), 0.3, 112), slips=0.2, blanks=0.05, others=others, seed=113)
    return table, PARISH, (("given", "surname", "born"), ("given", "surname", "born", "lives"))


def _lines() -> tuple[pl.DataFrame, dict[str, Kind], tuple[tuple[str, ...], ...]]:
    """Name and address in one line, each some times over."""
    base = _worn.firms(2_500, seed=114).select(
        "truth", "company", line=pl.concat_str("company", "street", "city", separator=", ", ignore_nulls=True)
    )
    often = [1 + at % 4 for at in range(len(base))]
    table = _worn.worn(base, often, slips=0.5, blanks=0.0, others={}, seed=115)
    return table.with_columns(name="company"), {"line": K.TEXT, "name": K.TEXT, "company": K.COMPANY}, ()


def _one_column(column: str) -> tuple[pl.DataFrame, dict[str, Kind], tuple[tuple[str, ...], ...]]:
    table, kinds, _ = _lines()
    return table, {column: kinds[column]}, ()


MADE: dict[str, Callable[[], tuple[pl.DataFrame, dict[str, Kind], tuple[tuple[str, ...], ...]]]] = {
    "made_contacts": _contacts,
    "worn_contacts": _worn_contacts,
    "worn_crowd": _worn_crowd,
    "worn_firms": _worn_firms,
    "worn_parish": _worn_parish,
    "lines": lambda: _one_column("line"),
    "line_names": lambda: _one_column("name"),
    "names": lambda: _one_column("company"),
}
SETS = (*PUBLIC, *MADE)
