"""Look for duplicates in a table, or between two of them, and write down what was found in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

import numpy as np
import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.kit.errors import Refusal
from dataquality.engine.columns import Kind
from dataquality.engine.matching import Matches, cluster, match
from dataquality.engine.regroup import keep_ids, regroup
from dataquality.models import MatchRun, Membership
from dataquality.services import applying
from dataquality.services.matching import frames
from dataquality.services.matching.answers import Answers, answers_between
from dataquality.services.matching.births import count_births
from dataquality.services.matching.learning import LEARNT, Weights, weights_for
from dataquality.services.matching.locking import lock_matching
from dataquality.services.matching.rules import follow
from dataquality.services.matching.timing import STAGES, STEPS, Effects, Report, Timing, silent
from dataquality.services.matching.writing import count_pairs, settle_joined, write_clusters, write_pairs
from dataquality.subjects import Subject

OF_TABLE = "of_table"  # the column that tells the records of two tables apart
READ_BY, FOUND_BY = 10, 80  # per cent of the progress: records read, engine done
CLUSTERS = {"record_id": pl.Int64, "cluster_id": pl.Int64}


@dataclass(frozen=True)
class Sides:
    """The records of one table, or of two in the order of their slugs, as one frame of rows."""

    left: Subject
    right: Subject
    frame: pl.DataFrame
    first: int  # rows of `left`; 0 where there is but one table

    @property
    def ids(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return self.frame.get_column(frames.ID).to_numpy()


def detect_all(
    subject: Subject, *, beside: Subject | None = None, now: datetime, job: int | None = None,
    report: Report = silent, effects: Effects = transaction.atomic,
) -> MatchRun:  # fmt: skip
    """Compare every live record of a table with every other, or with those of another table.

    The weights are learnt from the table, and kept while next to nothing of it has changed and nobody taught anything:
    the same pairs are then as probable as before. What is found takes the place of what was: pairs that are no longer
    found disappear unless somebody said something of them, answers stay, clusters keep their ids. Running it twice
    changes nothing.
    """
    left, right = sides_of(subject, beside)
    timing = Timing(report, {}, perf_counter())
    timing.begin("read records", 0)
    snapshot = frames.now_in_store()
    sides = _read(left, right)
    timing.end("read records")
    answers = answers_between(left, right)
    kinds = {name: kind for name, kind in kinds_of(left, right).items() if filled(sides.frame, name)}
    run = MatchRun(
        table=subject.slug, beside=beside.slug if beside else "", kind=MatchRun.Kind.FULL, job_id=job, started_at=now,
        rows=sides.frame.height, changed=sides.frame.height, snapshot=snapshot,
    )  # fmt: skip
    weights = weights_for(run, left, right, kinds)
    found = _match(sides, kinds, answers, weights, timing)
    run.threshold, run.log = found.threshold, [*weights.told, *found.log]
    run.model = json.loads(found.model.to_json())
    run.model[LEARNT] = weights.learnt
    return write_down(run, sides, found, timing, effects)


def write_down(
    run: MatchRun, sides: Sides, found: Matches, timing: Timing, effects: Effects,
    *, and_then: Callable[[], object] = lambda: None,
) -> MatchRun:  # fmt: skip
    """Put what was found in the place of what was, in one transaction, and end the run with it."""
    left, right = sides.left, sides.right
    timing.begin("write", FOUND_BY)
    with effects():
        applying.as_long_work()
        lock_matching(left, right)
        run.save()
        run.clusters, joined = _write_clusters(run, sides, found, answers_between(left, right))
        write_pairs(run, left, right, _pairs(sides, found, joined), touched=None)
        run.pairs = count_pairs(left, right)
        if left is right:
            settle_joined(left)
            follow(left, run)
            run.births = count_births(left)
        applying.analyze("dataquality_pair")
        timing.end("write")
        run.stages = timing.seconds | {name: round(seconds, 3) for name, seconds in found.stages.items()}
        run.finished_at = run.started_at
        run.save()
        and_then()
        failpoint("match.before_commit")
    return run


def sides_of(subject: Subject, beside: Subject | None) -> tuple[Subject, Subject]:
    """The two tables in the order in which their pairs are stored; the same twice where there is but one."""
    if beside is None or beside is subject:
        if beside is subject:
            raise Refusal(
                _("%(table)s cannot be compared with themselves as with another table.") % {"table": subject.label}
            )
        return subject, subject
    left, right = sorted((subject, beside), key=lambda one: one.slug)
    return left, right


def kinds_of(left: Subject, right: Subject) -> dict[str, Kind]:
    """What is compared; refused where the tables have nothing that could be."""
    kinds = frames.kinds(left) if left is right else frames.kinds(left, right)
    if not kinds:
        raise Refusal(
            _("%(a)s and %(b)s have no column in common by which records could be compared.")
            % {"a": left.label, "b": right.label}
        )
    return kinds


def _read(left: Subject, right: Subject) -> Sides:
    columns = list(kinds_of(left, right))
    if left is right:
        return Sides(left, right, frames.read(left, columns), 0)
    both = [
        frames.read(one, columns, beside=True).with_columns(pl.lit(one.slug).alias(OF_TABLE)) for one in (left, right)
    ]
    return Sides(left, right, pl.concat(both), both[0].height)


def _match(sides: Sides, kinds: dict[str, Kind], answers: Answers, weights: Weights, timing: Timing) -> Matches:
    def on_stage(stage: str, share: float) -> None:
        if stage == "compare":
            failpoint("match.block_done")
        if stage in STAGES:
            timing.report(READ_BY + int(share * (FOUND_BY - READ_BY)), STEPS, str(STAGES[stage]))

    ids = sides.ids
    across = sides.left is not sides.right
    labels = answers.labels(ids[: sides.first] if across else ids, ids[sides.first :], sides.first)
    return match(
        sides.frame, kinds, link=OF_TABLE if across else None, model=weights.model, on_stage=on_stage,
        labels=labels if weights.model is None else None,
    )  # fmt: skip


def filled(frame: pl.DataFrame, name: str) -> bool:
    """Does any record say anything in this column?"""
    return frame.get_column(name).null_count() < frame.height


def _pairs(sides: Sides, found: Matches, joined: np.ndarray) -> pl.DataFrame:
    ids = sides.ids
    return pl.DataFrame(
        {
            "a": ids[found.a], "b": ids[found.b], "probability": found.probability.astype(np.float64).round(6),
            "weight": found.weight.astype(np.float64).round(4), "pattern": found.pattern, "joined": joined,
        }
    ).with_columns(rule=pl.lit(""))  # fmt: skip


def _write_clusters(run: MatchRun, sides: Sides, found: Matches, answers: Answers) -> tuple[int, np.ndarray]:
    """The clusters, people's answers heeded; how many there are, and which of the found pairs stand in one."""
    labels = found.clusters
    if answers.frame.height:  # `match` binds those that teach; here all are heeded, and in the way of a single answer
        cut = np.float32(found.model.threshold_bits)
        labels = cluster(sides.frame.height, found.a, found.b, found.weight - cut)
        labels = _heed(labels, sides, found, answers, float(cut))
    if sides.left is not sides.right:
        across = labels[found.a] == labels[found.b]
        return len(np.unique(labels[found.a[across]])), across
    named = pl.DataFrame({"record_id": sides.ids, "cluster_id": labels.astype(np.int64)}, schema=CLUSTERS)
    named = named.filter(pl.len().over("cluster_id") > 1)
    before = Membership.objects.filter(table=run.table).values_list("record_id", "cluster_id")
    kept = keep_ids(pl.DataFrame(list(before), CLUSTERS, orient="row"), named)
    write_clusters(sides.left, kept)
    return kept.get_column("cluster_id").n_unique(), labels[found.a] == labels[found.b]


def _heed(labels: np.ndarray, sides: Sides, found: Matches, answers: Answers, cut: float) -> np.ndarray:
    """Group anew every cluster in which somebody judged a record."""
    ids = sides.ids
    rows = pl.DataFrame({"record_id": ids, "row": np.arange(len(ids)), "table": np.arange(len(ids)) >= sides.first})
    across = sides.left is not sides.right
    judged = answers.frame
    for side in ("a", "b"):
        own = rows.filter(pl.col("table") == (side == "b")) if across else rows
        judged = judged.join(own.select(pl.col("record_id").alias(side), pl.col("row").alias(f"row_{side}")), on=side)
    if not judged.height:
        return labels
    touched = np.unique(labels[np.concatenate([judged["row_a"].to_numpy(), judged["row_b"].to_numpy()])])
    members = np.flatnonzero(np.isin(labels, touched))
    inside = np.isin(labels[found.a], touched) & np.isin(labels[found.b], touched)
    pairs = zip(found.a[inside].tolist(), found.b[inside].tolist(), strict=True)
    weights = dict(zip(pairs, (found.weight[inside] - cut).tolist(), strict=True))
    said = {
        same: list(judged.filter(pl.col("same") == same).select("row_a", "row_b").iter_rows()) for same in (True, False)
    }
    labels = labels.copy()
    for group in regroup(members.tolist(), weights, cannot=said[False], must=said[True]):
        labels[group] = group[0]
    return labels
