"""The matching engine beside Splink, recordlinkage, dedupe and goldenmatch: quality, seconds, memory.

    python -m benchmarks.matching [--rows 1000000] [--shares] [--peers splink,goldenmatch] [--labelled FOLDER]
                                  [--only WORD …] [--python PATH] [--limit SECONDS]

Every run is a process of its own. Ours starts from raw text and is told the kind of each column, nothing else; the
yardsticks get columns that are standardised already, for free, and their configuration is the whole of a module in
`benchmarks/matching_peers/`. E is the best F1 that any threshold on the pairs can reach, C the F1 of the pairs that
clusters imply, at the run's own threshold; in brackets the best C of seven thresholds, chosen with the truth in hand.

Without arguments: the labelled sets of ../shared/data/matching where that folder is there, made-up contacts, and the
tables that are made for judging only. --rows makes contacts of that number; --shares makes 100,000 of them with 0.5 to
40 % duplicates; --labelled reads further sets from a folder with index.csv (name, columns, link) and one CSV a set with
the column truth. The yardsticks come with the optional extra `bench`, in this interpreter or the one of --python.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.matching_data import KINDS, make_contacts
from benchmarks.matching_data.unseen import TABLES
from dataquality.engine import evaluate
from dataquality.engine.kinds import Kind
from dataquality.engine.standardise import kind_of, standardise

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data" / "matching"
SHARES = (0.005, 0.01, 0.05, 0.15, 0.4)
PEERS = {"splink": "splink", "recordlinkage": "recordlinkage", "goldenmatch": "goldenmatch", "dedupe": "dedupe"}
DEDUPE_ROWS = 1_500  # beyond it takes minutes and gigabytes
RECORDLINKAGE_ROWS = 120_000
KNOWN = {
    "febrl3": "given_name=given,surname=family,street_number=street,address_1=street,suburb=city,postcode=postcode,"
    "state=region,date_of_birth=date,soc_sec_id=identifier",
    "fake_1000": "first_name=given,surname=family,dob=date,city=city,email=email",
    "early_childhood_sites": "Site name=company,Address=street,Zip=postcode,Phone=phone",
    "crm_contacts_100k": ",".join(f"{column}={kind}" for column, kind in KINDS.items()),
}


@dataclass(frozen=True)
class Labelled:
    """A table with the column truth, what its columns hold, and perhaps the column that names the source."""

    name: str
    table: pl.DataFrame
    kinds: dict[str, Kind]
    link: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What one run gave. Seconds without reading the file, bytes at the peak; a failure instead where it broke off."""

    who: str
    clusters: evaluate.PairScore | None = None
    best_clusters: float | None = None
    best_pairs: float | None = None
    b_cubed: float | None = None
    seconds: float = 0.0
    peak: int = 0
    note: str = ""
    failure: str = ""


def main() -> None:
    asked = arguments()
    peers = available(asked)
    for labelled in sets(asked):
        true = evaluate.true_pairs(truth_of(labelled), source_of(labelled))
        print(f"\n{labelled.name}: {len(labelled.table):,} rows, {true:,} true pairs, "
              f"{', '.join(f'{column} {kind}' for column, kind in labelled.kinds.items())}", flush=True)  # fmt: skip
        print(f"  {'':<14}{'C':>7}{'(best)':>9}{'P':>8}{'R':>8}{'E':>8}{'B3':>8}{'seconds':>10}{'MB':>8}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            for outcome in run_all(labelled, peers, asked, Path(folder)):
                print(line(outcome), flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, action="append", default=[])
    parser.add_argument("--shares", action="store_true")
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--peers", default="splink,recordlinkage,goldenmatch", help="dedupe too, with patience")
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has the yardsticks")
    parser.add_argument("--limit", type=float, default=300, help="seconds a yardstick may take on one set")
    return parser.parse_args()


def available(asked: argparse.Namespace) -> list[str]:
    """The yardsticks that are asked for and installed; says which are not."""
    found = []
    for name in filter(None, asked.peers.split(",")):
        module = PEERS[name]
        tried = subprocess.run([asked.python, "-c", f"import {module}"], capture_output=True, cwd=ROOT, check=False)
        if tried.returncode == 0:
            found.append(name)
        else:
            print(f"{name} is not installed (optional extra bench), so there is no figure to compare with.")
    return found


def sets(asked: argparse.Namespace) -> Iterator[Labelled]:
    for labelled in every_set(asked):
        if not asked.only or any(word in labelled.name for word in asked.only):
            yield labelled


def every_set(asked: argparse.Namespace) -> Iterator[Labelled]:
    if asked.rows or asked.shares or asked.labelled:
        for rows in asked.rows:
            yield contacts(rows, 0.15, seed=20_261)
        for share in SHARES if asked.shares else ():
            yield contacts(100_000, share, seed=20_262)
        if asked.labelled:
            yield from folder_of(asked.labelled)
        return
    if SHARED.is_dir():
        for name, columns in KNOWN.items():
            path = next(SHARED.glob(f"{name}.csv*"))
            yield Labelled(name, pl.read_csv(path, infer_schema=False), kinds_of(columns))
    else:
        print("The folder ../shared/data/matching with labelled sets is absent; made-up tables only.")
    yield contacts(50_000, 0.15, seed=20_263)
    for name, make in TABLES.items():
        made = make(5_000, seed=20_264)
        yield Labelled(f"made-up {name}", made.frame, {column: kind_of(word) for column, word in made.kinds.items()})


def contacts(rows: int, share: float, seed: int) -> Labelled:
    made = make_contacts(rows, duplicates=share, seed=seed)
    return Labelled(f"made-up contacts, {share:.1%} duplicates", made, {c: kind_of(word) for c, word in KINDS.items()})


def folder_of(folder: Path) -> Iterator[Labelled]:
    with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table = pl.read_csv(folder / f"{row['name']}.csv", infer_schema=False)
            yield Labelled(row["name"], table, kinds_of(row["columns"]), row.get("link") or None)


def kinds_of(columns: str) -> dict[str, Kind]:
    return {column: kind_of(word) for column, _, word in (each.rpartition("=") for each in columns.split(","))}


def truth_of(labelled: Labelled) -> evaluate.Codes:
    return evaluate.codes(labelled.table["truth"].to_numpy())


def source_of(labelled: Labelled) -> evaluate.Codes | None:
    return None if labelled.link is None else evaluate.codes(labelled.table[labelled.link].to_numpy())


# --- runs -------------------------------------------------------------------------------------------------------------


def run_all(labelled: Labelled, peers: list[str], asked: argparse.Namespace, folder: Path) -> Iterator[Outcome]:
    raw = folder / "raw.parquet"
    labelled.table.drop("truth").write_parquet(raw)
    yield run("ours", labelled, raw, {c: k.value for c, k in labelled.kinds.items()}, {"warm": True}, asked, folder)
    if not peers:
        return
    prepared, columns = standardised(labelled)
    tidy, truth = folder / "tidy.parquet", folder / "truth.npy"
    prepared.write_parquet(tidy)
    np.save(truth, truth_of(labelled))
    rows = len(labelled.table)
    for name in peers:
        if name == "goldenmatch":
            ways = [
                run(name, labelled, tidy, columns, {"way": way}, asked, folder)
                for way in ("iterative", "probabilistic")
            ]
            yield max(ways, key=lambda one: (one.clusters and one.clusters.f1) or 0.0)
        elif name == "dedupe" and (rows > DEDUPE_ROWS or labelled.link):
            continue
        elif name == "recordlinkage" and rows > RECORDLINKAGE_ROWS:
            yield Outcome(name, failure=f"left out beyond {RECORDLINKAGE_ROWS:,} rows")
        else:
            yield run(name, labelled, tidy, columns, {"truth": str(truth)}, asked, folder)


def standardised(labelled: Labelled) -> tuple[pl.DataFrame, dict[str, str]]:
    """What the yardsticks get: one column for each thing, in the spelling of our own first stage, and its kind."""
    columns: dict[str, pl.Series] = {"row": pl.int_range(len(labelled.table), eager=True)}
    kinds: dict[str, str] = {}
    parts = {
        Kind.PERSON: (("given", "given"), ("family", "family")), Kind.COMPANY: (("name", "company"),),
        Kind.EMAIL: (("address", "email"),), Kind.PHONE: (("number", "phone"),), Kind.DOMAIN: (("host", "domain"),),
        Kind.URL: (("host", "domain"),), Kind.CITY: (("name", "city"),), Kind.REGION: (("name", "region"),),
        Kind.COUNTRY: (("name", "country"),), Kind.POSTCODE: (("code", "postcode"),), Kind.DATE: (("ymd", "date"),),
        Kind.DATETIME: (("ymd", "date"),), Kind.IDENTIFIER: (("code", "identifier"),),
        Kind.CHOICE: (("value", "category"),), Kind.TEXT: (("text", "text"),),
    }  # fmt: skip
    for slot in standardise(labelled.table.drop("truth"), labelled.kinds).slots:
        if slot.kind is Kind.STREET:
            place = pl.select(pl.concat_str([slot.parts[part] for part in ("number", "street")], separator=" ",
                                            ignore_nulls=True).alias("street"))["street"]  # fmt: skip
            found = [("street", place.replace("", None))]
        else:
            found = [(kind, slot.parts[part]) for part, kind in parts.get(slot.kind, ()) if part in slot.parts]
        for kind, values in found:
            if kind == "date":
                values = values.str.replace(r"^(\d{4})(\d{2})(\d{2})$", "${1}-${2}-${3}")
            name = kind if kind not in columns else f"{kind}{len(columns)}"
            columns[name], kinds[name] = values.cast(pl.String).alias(name), kind
    if labelled.link:
        columns[labelled.link] = labelled.table[labelled.link]
    return pl.DataFrame(columns), kinds


def run(
    who: str, labelled: Labelled, table: Path, columns: dict[str, str], options: dict[str, Any],
    asked: argparse.Namespace, folder: Path,
) -> Outcome:  # fmt: skip
    answer = Path(tempfile.mkdtemp(dir=folder))
    order = {"table": str(table), "columns": columns, "link": labelled.link, "answer": str(answer),
             "rows": len(labelled.table), "options": options}  # fmt: skip
    (answer / "order.json").write_text(json.dumps(order), "utf-8")
    python, module = (sys.executable, "ours") if who == "ours" else (asked.python, f"{who}_peer")
    command = [python, "-m", f"benchmarks.matching_peers.{module}", str(answer / "order.json")]
    start = time.perf_counter()
    with (answer / "said").open("w") as said:
        try:
            ended = subprocess.run(
                command, stdout=said, stderr=said, cwd=ROOT, check=False, timeout=asked.limit
            ).returncode
        except subprocess.TimeoutExpired:
            return Outcome(who, failure=f"not done after {time.perf_counter() - start:.0f} s")
    if ended:
        last = [words for words in (answer / "said").read_text("utf-8", "replace").splitlines() if words.strip()][-1:]
        return Outcome(who, failure=f"broke off: {''.join(last)[:150]}")
    return judged(who, labelled, answer)


def judged(who: str, labelled: Labelled, answer: Path) -> Outcome:
    truth, source = truth_of(labelled), source_of(labelled)
    facts = json.loads((answer / "facts.json").read_text("utf-8"))
    with np.load(answer / "answer.npz") as found:
        own = found["clusters "]
        others = [found[name] for name in found.files if name.startswith("clusters ")]
        pairs = evaluate.best_cut(truth, found["a"], found["b"], found["score"], source) if len(found["a"]) else None
    return Outcome(
        who,
        clusters=evaluate.score_clusters(truth, own, source),
        best_clusters=max((evaluate.score_clusters(truth, each, source).f1 or 0.0 for each in others), default=None),
        best_pairs=pairs.score.f1 if pairs else None,
        b_cubed=evaluate.b_cubed(truth, own, source).f1,
        seconds=sum(seconds for stage, seconds in facts["seconds"].items() if stage != "read" or who == "ours"),
        peak=facts["peak_bytes"],
        note=facts["note"],
    )


def line(outcome: Outcome) -> str:
    if outcome.clusters is None:
        return f"  {outcome.who:<14}{outcome.failure}"
    score = outcome.clusters

    def share(value: float | None) -> str:
        return "–" if value is None else f"{value:.4f}"

    best = f"({share(outcome.best_clusters)})" if outcome.who in ("splink", "recordlinkage") else ""
    return (
        f"  {outcome.who:<14}{share(score.f1):>7}{best:>9}{share(score.precision):>8}{share(score.recall):>8}"
        f"{share(outcome.best_pairs):>8}{share(outcome.b_cubed):>8}{outcome.seconds:>10.2f}{outcome.peak / 1e6:>8.0f}"
        f"  {outcome.note}"
    )


if __name__ == "__main__":
    main()
