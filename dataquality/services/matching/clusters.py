"""Clusters of a table as they are stored: written by a detection, and mended around every answer of a person."""

from __future__ import annotations

from collections.abc import Collection
from math import log2
from typing import NamedTuple

import polars as pl

from dataquality.engine.regroup import keep_ids, regroup
from dataquality.models import Pair
from dataquality.queries.matching import last_threshold
from dataquality.services.copying import copy
from dataquality.statements import array, execute, fetch
from dataquality.subjects import Subject

State = Pair.State


def regroup_around(subject: Subject, ids: Collection[int], clusters: Clusters | None = None) -> int:
    """Cluster anew the records that stand together with these, by the evidence and by what people said.

    `clusters` are those of the table, where some were looked at before in this transaction. Returns how many clusters
    more there are.
    """
    table = subject.slug
    stood = (clusters or Clusters(subject)).of(ids)
    near = {*ids, *(record for record, _cluster in stood)}
    known = fetch(KNOWN, {"table": table, "merged": State.MERGED.value, "ids": array(sorted(near))})
    pairs = [Known(*row) for row in known]
    cut = bits(last_threshold(table))
    groups = regroup(
        sorted({*(record for record, _cluster in stood), *(record for pair in pairs for record in (pair.a, pair.b))}),
        {(pair.a, pair.b): pair.weight - cut for pair in pairs if not pair.rule},  # a rule weighs nothing
        cannot=[(pair.a, pair.b) for pair in pairs if pair.state == State.DIFFERENT],
        must=[(pair.a, pair.b) for pair in pairs if pair.state == State.SAME],
    )
    home = {record: number for number, group in enumerate(groups) for record in group}
    turned = [pair.id for pair in pairs if pair.joined != (home[pair.a] == home[pair.b])]
    if turned:
        execute("UPDATE dataquality_pair SET joined = NOT joined WHERE id = ANY(%s::bigint[])", [array(turned)])
    return _write(subject, stood, [group for group in groups if len(group) > 1])


class Known(NamedTuple):
    """A stored pair, as far as clustering asks."""

    id: int
    a: int
    b: int
    weight: float
    state: str
    rule: str
    joined: bool


class Clusters:
    """The clusters of a table as they stand, each asked of the store once: for as long as nobody writes them."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._asked: set[int] = set()
        self._home: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}

    def of(self, ids: Collection[int]) -> list[tuple[int, int]]:
        """(record, cluster) of every member of the clusters in which these records stand."""
        new = set(ids) - self._asked
        if new:
            self._asked |= new
            for record, cluster in fetch(BESIDE, {"table": self.subject.slug, "ids": array(sorted(new))}):
                if record not in self._home:
                    self._home[record] = cluster
                    self._members.setdefault(cluster, []).append(record)
            self._asked |= self._home.keys()
        found = {self._home[record] for record in ids if record in self._home}
        return [(record, cluster) for cluster in sorted(found) for record in self._members[cluster]]


BESIDE = """
    SELECT record_id, cluster_id FROM dataquality_membership
     WHERE "table" = %(table)s AND cluster_id = ANY(ARRAY(
           SELECT cluster_id FROM dataquality_membership
            WHERE "table" = %(table)s AND record_id = ANY(%(ids)s::bigint[])))"""
KNOWN = """
    SELECT id, a, b, weight, state, rule, joined FROM dataquality_pair
     WHERE table_a = %(table)s AND table_b = %(table)s AND state <> %(merged)s
       AND a = ANY(%(ids)s::bigint[]) AND b = ANY(%(ids)s::bigint[])
     ORDER BY id"""


def _write(subject: Subject, stood: list[tuple[int, int]], groups: list[list[int]]) -> int:
    """Put these groups in the place of the clusters that stood, those left alone that are as they were."""
    members: dict[int, set[int]] = {}
    for record, cluster in stood:
        members.setdefault(cluster, set()).add(record)
    stay = {frozenset(group) for group in members.values()} & {frozenset(group) for group in groups}
    touched = [cluster for cluster, group in members.items() if group not in stay]
    new = [group for group in groups if frozenset(group) not in stay]
    if not touched and not new:
        return 0
    rows = [(record, number) for number, group in enumerate(new) for record in group]
    before = [(record, cluster) for cluster in touched for record in members[cluster]]
    schema = {"record_id": pl.Int64, "cluster_id": pl.Int64}
    elsewhere = fetch(
        'SELECT DISTINCT cluster_id FROM dataquality_membership WHERE "table" = %s AND cluster_id = ANY(%s::bigint[])',
        [subject.slug, array(record for record, _number in rows)],
    )
    named = keep_ids(
        pl.DataFrame(before, schema, orient="row"),
        pl.DataFrame(rows, schema, orient="row"),
        taken={cluster for (cluster,) in elsewhere}.difference(touched),
    )
    execute(
        'DELETE FROM dataquality_membership WHERE "table" = %s AND cluster_id = ANY(%s::bigint[])',
        [subject.slug, array(touched)],
    )
    copy(
        "dataquality_membership", ["record_id", "cluster_id", "table"],
        named.select("record_id", "cluster_id", table=pl.lit(subject.slug)),
    )  # fmt: skip
    return len(new) - len(touched)


def bits(probability: float) -> float:
    """Log2 odds, above 0 where it is more likely than not."""
    return log2(probability / (1 - probability))
