"""The whole way: the same answer in every order, from a model, for a part, with judgements; and its reasons."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from dataquality.engine.kinds import Kind
from dataquality.engine.matching import Labels, Model, explain, keys, match, score
from dataquality.engine.standardise import standardise

from .tables import KINDS, people


def pairs(found, names=None) -> dict[tuple[int, int], float]:
    names = np.arange(len(found.clusters)) if names is None else names
    a, b = names[found.a], names[found.b]
    return {(int(min(x, y)), int(max(x, y))): float(p) for x, y, p in zip(a, b, found.probability, strict=True)}


def groups(found, names=None) -> set[frozenset[int]]:
    names = np.arange(len(found.clusters)) if names is None else names
    made: dict[int, list[int]] = {}
    for row, label in enumerate(found.clusters):
        made.setdefault(int(label), []).append(int(names[row]))
    return {frozenset(members) for members in made.values()}


def f1(found, truth) -> float:
    def count(labels) -> int:
        sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
        return int((sizes * (sizes - 1) // 2).sum())

    both = count(truth.astype(np.int64) * len(truth) + found.clusters)
    return 2 * both / (count(truth) + count(found.clusters))


@pytest.fixture(scope="module")
def table() -> tuple[pl.DataFrame, np.ndarray]:
    return people(300, 5)


@pytest.fixture(scope="module")
def found(table):
    return match(table[0], KINDS)


def test_duplicates_with_slips_are_found(table, found) -> None:
    assert f1(found, table[1]) > 0.95


def test_pairs_and_clusters_are_the_same_in_any_order_of_rows(table, found) -> None:
    order = np.random.default_rng(1).permutation(len(table[1]))

    other = match(table[0][order.tolist()], KINDS)

    assert pairs(other, order) == pairs(found)
    assert groups(other, order) == groups(found)


def test_compiled_and_plain_code_give_the_same_answer(table, found) -> None:
    plain, fast = match(table[0], KINDS, fast=False), match(table[0], KINDS, fast=True)

    assert pairs(plain) == pairs(fast) == pairs(found)
    assert np.array_equal(plain.clusters, fast.clusters)


def test_a_model_put_away_as_text_gives_the_same_pairs_again(table, found) -> None:
    model = Model.from_json(found.model.to_json())

    again = match(table[0], KINDS, model=model)

    assert pairs(again) == pairs(found)
    assert model.to_json() == found.model.to_json()


def test_only_pairs_of_changed_rows_are_those_of_the_full_run(table, found) -> None:
    changed = np.arange(0, len(table[1]), 10)

    part = match(table[0], KINDS, model=found.model, changed=changed)

    touched = set(changed.tolist())
    expected = {pair for pair in pairs(found) if touched & set(pair)}
    got = set(pairs(part))
    assert all(touched & set(pair) for pair in got)
    assert len(expected & got) / len(expected | got) >= 0.99


def test_pairs_of_one_source_are_left_out_when_sources_are_linked(table) -> None:
    sources = pl.Series("source", np.where(np.arange(len(table[1])) % 2, "crm", "erp"))

    linked = match(table[0].with_columns(sources), KINDS, link="source")

    assert len(linked.a)
    assert all(sources[int(x)] != sources[int(y)] for x, y in zip(linked.a, linked.b, strict=True))


def test_the_reasons_sum_to_the_weight_and_speak_of_the_columns(found) -> None:
    for place in range(0, len(found.a), max(len(found.a) // 20, 1)):
        reasons = explain(found.model, int(found.pattern[place]))
        assert sum(reason.bits for reason in reasons) == pytest.approx(float(found.weight[place]), abs=1e-3)
        assert all(reason.sentence for reason in reasons)


def test_few_records_are_scored_as_in_the_run_and_found_by_their_keys(table, found) -> None:
    standard = standardise(table[0], KINDS, found.model.reading)
    sure = found.probability > 0.9

    probability, _, pattern = score(standard, standard, found.a[sure], found.b[sure], found.model)
    key, row = keys(standard, found.model)

    assert np.mean(pattern == found.pattern[sure]) > 0.99
    assert np.allclose(probability, found.probability[sure], atol=0.02)
    of = {int(r): set(key[row == r].tolist()) for r in np.unique(row)}
    met = [bool(of[int(x)] & of[int(y)]) for x, y in zip(found.a[sure], found.b[sure], strict=True)]
    assert np.mean(met) >= 0.95


def test_judgements_bind_the_clusters(table, found) -> None:
    a, b = int(found.a[0]), int(found.b[0])
    alone = [row for row in range(len(table[1])) if int((found.clusters == found.clusters[row]).sum()) == 1][:2]
    judged = Labels(np.array([a, alone[0]], np.int32), np.array([b, alone[1]], np.int32), np.array([False, True]))

    taught = match(table[0], KINDS, labels=judged)

    assert taught.clusters[a] != taught.clusters[b]
    assert taught.clusters[alone[0]] == taught.clusters[alone[1]]


def test_a_stage_may_end_the_run(table) -> None:
    def stop(stage: str, share: float) -> None:
        if stage == "compare":
            raise InterruptedError(stage)

    with pytest.raises(InterruptedError):
        match(table[0], KINDS, on_stage=stop)


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_the_smallest_tables_have_an_answer(rows: int) -> None:
    found = match(people(4, 6)[0].head(rows), KINDS)

    assert len(found.clusters) == rows


def test_three_columns_are_enough(table) -> None:
    few = {name: KINDS[name] for name in ("first", "last", "born")}

    assert f1(match(table[0], few), table[1]) > 0.6


REAL = {
    "febrl3.csv": (
        {
            "given_name": Kind.GIVEN, "surname": Kind.FAMILY, "street_number": Kind.STREET, "address_1": Kind.STREET,
            "address_2": Kind.STREET, "suburb": Kind.CITY, "postcode": Kind.POSTCODE, "state": Kind.REGION,
            "date_of_birth": Kind.DATE, "soc_sec_id": Kind.IDENTIFIER,
        },
        0.995,
    ),
    "fake_1000.csv": (
        {
            "first_name": Kind.GIVEN, "surname": Kind.FAMILY, "dob": Kind.DATE, "city": Kind.CITY, "email": Kind.EMAIL,
        },
        0.90,
    ),
    "early_childhood_sites.csv": (
        {"Site name": Kind.COMPANY, "Address": Kind.STREET, "Zip": Kind.POSTCODE, "Phone": Kind.PHONE},
        0.94,
    ),
    "crm_contacts_100k.csv.gz": (
        {
            "first_name": Kind.GIVEN, "last_name": Kind.FAMILY, "email": Kind.EMAIL, "phone": Kind.PHONE,
            "company": Kind.COMPANY, "street": Kind.STREET, "city": Kind.CITY, "postcode": Kind.POSTCODE,
            "country": Kind.COUNTRY,
        },
        0.96,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(REAL))
def test_labelled_tables_are_matched_as_well_as_promised(shared_data: Path, name: str) -> None:
    kinds, least = REAL[name]
    raw = (shared_data / "matching" / name).read_bytes()
    table = pl.read_csv(gzip.decompress(raw) if name.endswith(".gz") else raw, infer_schema=False)
    truth = np.unique(table["truth"].to_numpy(), return_inverse=True)[1]

    assert f1(match(table, kinds), truth) >= least
