"""Clusters of a table as they are stored: written by a detection, and mended around every answer of a person."""

from __future__ import annotations

from collections.abc import Collection
from math import log2

import polars as pl
from django.db.models import Q

from dataquality.engine.regroup import keep_ids, regroup
from dataquality.models import Membership, Pair
from dataquality.queries.matching import last_run
from dataquality.subjects import Subject

State = Pair.State


def regroup_around(subject: Subject, ids: Collection[int]) -> None:
    """Cluster anew the records that stand together with these, by the evidence and by what people said."""
    stood = Membership.objects.filter(table=subject.slug)
    touched = set(stood.filter(record_id__in=ids).values_list("cluster_id", flat=True))
    before = list(stood.filter(cluster_id__in=touched).values_list("record_id", "cluster_id"))
    records = sorted({*ids, *(record for record, _cluster in before)})
    pairs = list(Pair.objects.between(subject.slug).filter(a__in=records, b__in=records).exclude(state=State.MERGED))
    run = last_run(subject.slug)
    cut = bits(run.threshold if run else 0.5)
    groups = regroup(
        records,
        {(pair.a, pair.b): pair.weight - cut for pair in pairs if not pair.rule},  # a rule weighs nothing
        cannot=[(pair.a, pair.b) for pair in pairs if pair.state == State.DIFFERENT],
        must=[(pair.a, pair.b) for pair in pairs if pair.state == State.SAME],
    )
    _write(subject, touched, before, [group for group in groups if len(group) > 1])
    home = {record: number for number, group in enumerate(groups) for record in group}
    together = [pair.pk for pair in pairs if home[pair.a] == home[pair.b]]
    here = Pair.objects.filter(pk__in=[pair.pk for pair in pairs])
    here.filter(joined=False, pk__in=together).update(joined=True)
    here.filter(Q(joined=True) & ~Q(pk__in=together)).update(joined=False)


def _write(subject: Subject, touched: Collection[int], before: list[tuple[int, int]], groups: list[list[int]]) -> None:
    rows = [(record, number) for number, group in enumerate(groups) for record in group]
    schema = {"record_id": pl.Int64, "cluster_id": pl.Int64}
    elsewhere = Membership.objects.filter(table=subject.slug, cluster_id__in=[record for record, _number in rows])
    named = keep_ids(
        pl.DataFrame(before, schema, orient="row"),
        pl.DataFrame(rows, schema, orient="row"),
        taken=set(elsewhere.values_list("cluster_id", flat=True)) - set(touched),
    )
    Membership.objects.filter(table=subject.slug, cluster_id__in=touched).delete()
    Membership.objects.bulk_create(
        Membership(table=subject.slug, record_id=record, cluster_id=cluster) for record, cluster in named.iter_rows()
    )


def bits(probability: float) -> float:
    """Log2 odds, above 0 where it is more likely than not."""
    return log2(probability / (1 - probability))
