"""A panel against swings of the matching engine: many small tables of different width, wear and share of duplicates.

    python -m benchmarks.matching_panel [WORD …] [--json FILE] [--against FILE]

Each table is matched in the one default configuration. Printed are F1, precision and recall of the clusters, the best
F1 of the pairs (E), the calibration error, seconds, and at the end the minimum and the mean of F1. A change of the
engine is an improvement where neither falls. Every table may be looked at: the public sets of ../shared/data/matching
(left out where that folder is absent) cut to some of their columns, and made-up ones; how good the engine is in truth
is judged on others (`benchmarks.matching`).
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import _worn
from benchmarks.matching import KNOWN, SHARED, kinds_of
from benchmarks.matching_data import KINDS, make_contacts
from dataquality.engine import evaluate
from dataquality.engine.kinds import Kind
from dataquality.engine.matching import match
from dataquality.engine.standardise import kind_of

CUTS: dict[str, dict[str, str]] = {
    "febrl3": {
        "whole": "",
        "names+date": "given_name surname date_of_birth",
        "names+date+state": "given_name surname date_of_birth state",
        "names+place": "given_name surname suburb postcode",
        "no number": "given_name surname street_number address_1 suburb postcode state date_of_birth",
    },
    "fake_1000": {
        "whole": "",
        "names+date": "first_name surname dob",
        "names+city+mail": "first_name surname city email",
    },
    "early_childhood_sites": {"whole": "", "name+street": "Site name,Address", "name": "Site name"},
}
CONTACTS = {c: kind_of(word) for c, word in KINDS.items()}
FIRMS = {
    "company": Kind.COMPANY, "website": Kind.DOMAIN, "phone": Kind.PHONE, "street": Kind.STREET, "city": Kind.CITY,
    "postcode": Kind.POSTCODE, "country": Kind.COUNTRY, "trade": Kind.CHOICE,
}  # fmt: skip
PARISH = {
    "given": Kind.GIVEN, "surname": Kind.FAMILY, "born": Kind.DATE, "birthplace": Kind.CITY, "lives": Kind.CITY,
    "trade": Kind.CHOICE, "sex": Kind.CHOICE,
}  # fmt: skip
CROWD = {
    "name": Kind.PERSON, "email": Kind.EMAIL, "phone": Kind.PHONE, "company": Kind.COMPANY, "city": Kind.CITY,
    "region": Kind.REGION, "country": Kind.COUNTRY,
}  # fmt: skip
Made = tuple[pl.DataFrame, dict[str, Kind]]


def tables() -> Iterator[tuple[str, Callable[[], Made]]]:
    """Name and maker of every table of the panel; each has a column truth."""
    if SHARED.is_dir():
        for name, cuts in CUTS.items():
            for cut, columns in cuts.items():
                yield f"{name}: {cut}", lambda name=name, columns=columns: _public(name, columns)  # type: ignore[misc]
    for share in (0.005, 0.01, 0.05, 0.15, 0.4):
        yield (
            f"contacts {share:.1%}",
            lambda share=share: (  # type: ignore[misc]
                make_contacts(20_000, duplicates=share, seed=11),
                CONTACTS,
            ),
        )
    for words in ("first_name last_name email", "first_name last_name company city"):
        yield f"contacts 15%: {words}", lambda words=words: _contacts(words)  # type: ignore[misc]
    for slips, other in ((0.15, 0.05), (0.4, 0.12), (0.6, 0.25)):
        yield f"contacts worn {slips}", lambda s=slips, o=other: _worn_contacts(s, o)  # type: ignore[misc]
        yield f"firms worn {slips}", lambda s=slips, o=other: _worn_firms(s, o)  # type: ignore[misc]
    for slips in (0.15, 0.3, 0.45):
        yield f"crowd worn {slips}", lambda s=slips: _worn_crowd(s)  # type: ignore[misc]
    for slips in (0.15, 0.4):
        yield f"parish worn {slips}", lambda s=slips: _worn_parish(s)  # type: ignore[misc]
    yield "names and date, common names", lambda: _common_names()
    for many in (4, 40):
        yield f"contacts {many} each", lambda n=many: _many(n)  # type: ignore[misc]
    for many in (3, 30):
        yield f"names of firms {many} each", lambda n=many: _many_names(n)  # type: ignore[misc]


def _public(name: str, columns: str) -> Made:
    table = pl.read_csv(next(SHARED.glob(f"{name}.csv*")), infer_schema=False)
    kinds = kinds_of(KNOWN[name])
    wanted = columns.split("," if "," in columns or "Site" in columns else None) if columns else list(kinds)
    return table, {column: kinds[column] for column in wanted}


def _contacts(words: str) -> Made:
    return make_contacts(10_000, duplicates=0.15, seed=12), {column: CONTACTS[column] for column in words.split()}


def _worn_contacts(slips: float, other: float) -> Made:
    base = _worn.people(8_000, seed=13).select("truth", *CONTACTS)
    some = {"company": other, "city": other, "phone": other, "email": other, "street": other, "postcode": other}
    made = _worn.worn(base, _worn.twice(len(base), 0.5, 14), slips=slips, blanks=0.1, others=some, seed=15)
    return made, {column: kind for column, kind in CONTACTS.items() if column not in ("street", "postcode")}


def _worn_firms(slips: float, other: float) -> Made:
    base = _worn.firms(4_000, seed=16)
    some = {"phone": other, "street": other, "website": other / 2}
    return _worn.worn(base, _worn.twice(len(base), 0.4, 17), slips=slips, blanks=0.1, others=some, seed=18), FIRMS


def _worn_crowd(slips: float) -> Made:
    base = _worn.crowd(6_000, seed=31)
    some = {"phone": slips / 3, "company": slips / 3, "city": slips / 4, "email": slips / 3}
    often = _worn.twice(len(base), 0.9, 32)
    return _worn.worn(base, often, slips=slips, blanks=0.08, others=some, seed=33, first_too=True), CROWD


def _worn_parish(slips: float) -> Made:
    base = _worn.parish(6_000, seed=19)
    some = {"lives": 0.2, "trade": 0.4}
    return _worn.worn(base, _worn.twice(len(base), 0.25, 20), slips=slips, blanks=0.05, others=some, seed=21), PARISH


def _common_names() -> Made:
    base = _worn.parish(9_000, seed=22)
    made = _worn.worn(base, _worn.twice(len(base), 0.11, 23), slips=0.25, blanks=0.0, others={}, seed=24)
    return made, {column: PARISH[column] for column in ("given", "surname", "born")}


def _many(times: int) -> Made:
    base = _worn.people(8_000 // times, seed=25).select("truth", *CONTACTS)
    dice = np.random.default_rng(26)
    often = dice.integers(1, 2 * times, len(base)).tolist()
    made = _worn.worn(base, often, slips=0.08, blanks=0.05, others={"company": 0.1, "city": 0.1}, seed=27)
    return made, {column: CONTACTS[column] for column in ("first_name", "last_name", "city", "country", "company")}


def _many_names(times: int) -> Made:
    base = _worn.firms(3_000 // times, seed=28).select("truth", "company")
    often = np.random.default_rng(29).integers(1, 2 * times, len(base)).tolist()
    return _worn.worn(base, often, slips=0.35, blanks=0.0, others={}, seed=30), {"company": Kind.COMPANY}


def measured(table: pl.DataFrame, kinds: dict[str, Kind]) -> dict[str, float]:
    """F1, precision and recall of the clusters, best F1 of the pairs, calibration error, seconds."""
    since = time.perf_counter()
    found = match(table, kinds)
    seconds = time.perf_counter() - since
    truth = evaluate.codes(table["truth"].to_numpy())
    clusters = evaluate.score_clusters(truth, found.clusters)
    best = evaluate.best_cut(truth, found.a, found.b, found.weight).score
    off = evaluate.calibration_error(evaluate.reliability(truth, found.a, found.b, found.probability))
    return {
        "f1": clusters.f1 or 0.0, "precision": clusters.precision or 0.0, "recall": clusters.recall or 0.0,
        "pairs": best.f1 or 0.0, "ece": off or 0.0, "seconds": seconds,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only tables whose name holds one of them")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--against", type=Path, help="figures of an earlier run to show the difference to")
    asked = parser.parse_args()
    before = json.loads(asked.against.read_text()) if asked.against else {}
    found: dict[str, dict[str, float]] = {}
    print(f"{'':<46}{'F1':>7}{'P':>7}{'R':>7}{'E':>7}{'ece':>7}{'s':>7}")
    for name, make in tables():
        if asked.words and not any(word in name for word in asked.words):
            continue
        found[name] = one = measured(*make())
        change = f"  {one['f1'] - before[name]['f1']:+.3f}" if name in before else ""
        figures = "".join(f"{one[key]:>7.3f}" for key in ("f1", "precision", "recall", "pairs", "ece"))
        print(f"{name:<46}{figures}{one['seconds']:>7.1f}{change}", flush=True)
    scores = [one["f1"] for one in found.values()]
    print(f"minimum {min(scores):.3f}, mean {np.mean(scores):.4f} of {len(scores)} tables")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
