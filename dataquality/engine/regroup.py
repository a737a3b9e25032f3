"""Clusters of a handful of records after a person's answer, and the ids that clusters keep through time.

The whole of a table is clustered by `cluster`; this is the same greedy average link for the few records around one
judgement, in plain Python, so that a request neither compiles nor loads anything. Where a job brings thousands, only
those of which somebody said something take this way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import polars as pl

from dataquality.engine.cluster import MISSING, cluster

MANY = 2_000  # pairs from which those of which nobody said anything are clustered as a table is
CERTAIN = 1e6  # bits that a person's answer weighs: more than any sum of evidence


def regroup(
    records: Sequence[int],
    weights: Mapping[tuple[int, int], float],
    *,
    cannot: Collection[tuple[int, int]] = (),
    must: Collection[tuple[int, int]] = (),
    missing: float = MISSING,
) -> list[list[int]]:
    """Groups of these records, each sorted, those of one record included, in the order of their smallest records.

    `weights` are bits by pair, above 0 where the two join by themselves. Two groups join while the mean of the weights
    between them is above 0, the best two first, ties by the smallest ids; no pair counts less than `missing`. Pairs
    that a person called the same join first; pairs called different are never in one group, unless somebody also said
    that both are the same as a third. Where a person's word holds a group together, records that were never compared
    say nothing against it.
    """
    known = {frozenset(pair): max(weight, missing) for pair, weight in weights.items()}
    known |= {frozenset(pair): -CERTAIN for pair in cannot}
    parts = _joined(records, [*weights, *must]).values()  # beyond these there is no evidence that could join
    answered = {record for pair in (*cannot, *must) for record in pair}
    simple = [part for part in parts if answered.isdisjoint(part)] if len(weights) > MANY else []
    groups = _by_evidence(simple, weights, missing) if simple else []
    done = {part[0] for part in simple}
    for part in parts:
        if part[0] not in done:
            groups += _by_average(_joined(part, must), known, missing)
    return sorted(groups)


def _by_evidence(
    parts: Sequence[Sequence[int]], weights: Mapping[tuple[int, int], float], missing: float
) -> list[list[int]]:
    """Groups of records of which nobody said anything, as the whole of a table is clustered."""
    rows = np.sort(np.concatenate([np.array(part, dtype=np.int64) for part in parts]))
    ends = np.array(list(weights), dtype=np.int64).reshape(-1, 2)
    bits = np.fromiter(weights.values(), dtype=np.float32, count=len(weights))
    place = np.minimum(np.searchsorted(rows, ends), len(rows) - 1)
    inside = (rows[place] == ends).all(axis=1)  # both ends, as a pair lies in one part
    low, high = place.min(axis=1)[inside].astype(np.int32), place.max(axis=1)[inside].astype(np.int32)
    found: dict[int, list[int]] = {}
    for record, label in zip(rows.tolist(), cluster(len(rows), low, high, bits[inside], missing=missing), strict=True):
        found.setdefault(int(label), []).append(record)
    return list(found.values())


def _by_average(
    groups: dict[int, list[int]], known: Mapping[frozenset[int], float], missing: float
) -> Iterable[list[int]]:
    told = {record for group in groups.values() if len(group) > 1 for record in group}

    def between(left: Sequence[int], right: Sequence[int]) -> float:
        said = [known.get(frozenset((a, b))) for a in left for b in right]
        if -CERTAIN in said:
            return -CERTAIN
        compared = [weight for weight in said if weight is not None]
        if compared and not told.isdisjoint((*left, *right)):
            return sum(compared) / len(compared)
        return (sum(compared) + missing * (len(said) - len(compared))) / len(said)

    links = {(a, b): between(groups[a], groups[b]) for a in groups for b in groups if a < b}
    while links:
        (a, b), best = min(links.items(), key=lambda item: (-item[1], item[0]))
        if best <= 0:
            break
        groups[a] = sorted(groups[a] + groups.pop(b))
        links = {pair: weight for pair, weight in links.items() if b not in pair and a not in pair}
        links |= {(min(a, c), max(a, c)): between(groups[a], groups[c]) for c in groups if c != a}
    return groups.values()


def _joined(records: Sequence[int], must: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Groups by their smallest record, after every pair that must be together is."""
    home = {record: record for record in records}

    def root(record: int) -> int:
        while home[record] != record:
            home[record] = home[home[record]]
            record = home[record]
        return record

    for a, b in must:
        if a in home and b in home:
            first, second = sorted((root(a), root(b)))
            home[second] = first
    groups: dict[int, list[int]] = {}
    for record in sorted(records):
        groups.setdefault(root(record), []).append(record)
    return groups


def keep_ids(before: pl.DataFrame, now: pl.DataFrame, *, taken: Collection[int] = ()) -> pl.DataFrame:
    """Give clusters the ids that they had.

    `before` and `now` have `record_id` and `cluster_id`, all Int64; in `now` the latter is any label. An id of before
    goes to the cluster that holds the oldest (smallest) of its records that is still in a cluster. A cluster to which
    several fall keeps the smallest; one to which none falls is called by its oldest record whose id names no other
    cluster (nor one that is `taken` outside of these), or by minus its oldest record. Returns `now` with the ids,
    ordered by record.
    """
    labelled = now.select("record_id", label="cluster_id")
    oldest = (
        before.join(labelled, on="record_id")
        .sort("record_id")
        .group_by("cluster_id", maintain_order=True)
        .agg(pl.col("label").first())
    )
    heirs = oldest.group_by("label").agg(kept=pl.col("cluster_id").min())
    names = pl.concat([heirs.get_column("kept"), pl.Series(list(taken), dtype=pl.Int64)]).unique()
    named = labelled.join(heirs, on="label", how="left").join(
        names.alias("record_id").to_frame().with_columns(names=True), on="record_id", how="left"
    )
    free = pl.when(pl.col("names").is_null()).then(pl.col("record_id"))
    fresh = named.group_by("label").agg(free=free.min(), last=-pl.col("record_id").min())
    return (
        named.join(fresh, on="label", how="left")
        .select("record_id", cluster_id=pl.coalesce("kept", "free", "last"))
        .sort("record_id")
    )
