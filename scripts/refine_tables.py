"""Tables of people on which the refined weights are learnt: those of the prior, and further sizes, shares and cuts."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import polars as pl

from benchmarks import _worn
from benchmarks.matching_data import make_contacts
from dataquality.engine.kinds import Kind
from scripts.prior_tables import CONTACTS, CROWD, PARISH, SETS, Reading, readings

CUTS = (
    "first_name last_name email",
    "first_name last_name company city",
    "first_name last_name email phone",
    "first_name last_name phone city postcode",
    "first_name last_name email company city country",
    "first_name last_name street city postcode country",
    "first_name last_name company street city postcode",
    "first_name last_name company street city postcode country",
)
WORN_CUTS = (
    "first_name last_name company street city postcode",
    "first_name last_name street city postcode country",
)
MADE = (  # rows, share of duplicates, seed
    (60_000, 0.005, 310),
    (60_000, 0.01, 310),
    (60_000, 0.05, 310),
    (60_000, 0.4, 310),
    (200_000, 0.15, 311),
    (10_000, 0.15, 312),
)


def tables() -> Iterator[tuple[str, Callable[[], Reading]]]:
    """Name and maker of every table; each has a column truth and a person."""
    for name in SETS:
        for number, (table, kinds) in enumerate(readings(name)):
            if Kind.GIVEN in kinds.values() or Kind.PERSON in kinds.values():
                yield f"{name}, reading {number}", lambda table=table, kinds=kinds: (table, kinds)  # type: ignore[misc]
    for rows, share, seed in MADE:
        yield (
            f"{rows:,} contacts, {share:.1%} twice",
            lambda rows=rows, share=share, seed=seed: (  # type: ignore[misc]
                make_contacts(rows, duplicates=share, seed=seed),
                CONTACTS,
            ),
        )
    for words in CUTS:
        yield f"contacts: {words}", lambda words=words: _cut(make_contacts(20_000, duplicates=0.15, seed=313), words)  # type: ignore[misc]
    for words in WORN_CUTS:
        yield f"worn contacts: {words}", lambda words=words: _cut(_contacts(0.4, 0.25, 0.05, 0.12, 420), words)  # type: ignore[misc]
    for slips, other in ((0.15, 0.05), (0.6, 0.25)):
        yield (
            f"worn contacts, {slips:.0%} slips",
            lambda slips=slips, other=other: (_contacts(0.5, slips, 0.1, other, 320), CONTACTS),  # type: ignore[misc]
        )
    for slips in (0.15, 0.45):
        yield f"worn crowd, {slips:.0%} slips", lambda slips=slips: (_crowd(slips), CROWD)  # type: ignore[misc]
    for slips in (0.1, 0.4):
        yield f"worn parish, {slips:.0%} slips", lambda slips=slips: (_parish(slips), PARISH)  # type: ignore[misc]
    yield "names and date, common names", _common
    yield "contacts, some of each", _several


def _cut(table: pl.DataFrame, words: str) -> Reading:
    return table, {column: CONTACTS[column] for column in words.split()}


def _contacts(share: float, slips: float, blanks: float, other: float, seed: int) -> pl.DataFrame:
    base = _worn.people(8_000, seed=seed).select("truth", *CONTACTS)
    others = dict.fromkeys(("company", "city", "phone", "email", "street", "postcode"), other)
    return _worn.worn(
        base, _worn.twice(len(base), share, seed + 1), slips=slips, blanks=blanks, others=others, seed=seed + 2
    )


def _crowd(slips: float) -> pl.DataFrame:
    base = _worn.crowd(6_000, seed=331)
    others = {"phone": slips / 3, "company": slips / 3, "city": slips / 4, "email": slips / 3}
    often = _worn.twice(len(base), 0.9, 332)
    return _worn.worn(base, often, slips=slips, blanks=0.08, others=others, seed=333, first_too=True)


def _parish(slips: float) -> pl.DataFrame:
    base = _worn.parish(6_000, seed=341)
    others = {"lives": 0.2, "trade": 0.4}
    return _worn.worn(base, _worn.twice(len(base), 0.25, 342), slips=slips, blanks=0.05, others=others, seed=343)


def _common() -> Reading:
    base = _worn.parish(9_000, seed=351)
    table = _worn.worn(base, _worn.twice(len(base), 0.11, 352), slips=0.25, blanks=0.0, others={}, seed=353)
    return table, _of(PARISH, ("given", "surname", "born"))


def _several() -> Reading:
    base = _worn.people(2_000, seed=361).select("truth", *CONTACTS)
    often: list[int] = np.random.default_rng(362).integers(1, 8, len(base)).tolist()
    table = _worn.worn(base, often, slips=0.08, blanks=0.05, others={"company": 0.1, "city": 0.1}, seed=363)
    return table, _of(CONTACTS, ("first_name", "last_name", "city", "country", "company"))


def _of(kinds: dict[str, Kind], columns: Sequence[str]) -> dict[str, Kind]:
    return {column: kinds[column] for column in columns}
