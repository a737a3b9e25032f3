"""Look for the duplicates of what is new or changed, among the kept keys of the rest: the table is not read again."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from time import perf_counter
from typing import NamedTuple

import polars as pl
from django.utils.translation import gettext as _

from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.kit.at_once import at_once
from crm_adoption.kit.errors import Refusal
from dataquality.engine.matching import Model
from dataquality.models import KeyIndex, MatchRun
from dataquality.services import applying
from dataquality.services.matching import frames
from dataquality.services.matching.births import add_births
from dataquality.services.matching.changed import changed_and_live
from dataquality.services.matching.clusters import Clusters, regroup_around
from dataquality.services.matching.keeping import (
    COMMON,
    Keyed,
    call_uncompared,
    compared_lines,
    held_index,
    keyed,
    put_keys,
    put_lines,
    rows_of,
    spelt,
    unknown,
)
from dataquality.services.matching.locking import lock_matching
from dataquality.services.matching.models import model_of
from dataquality.services.matching.near import Near
from dataquality.services.matching.rules import follow
from dataquality.services.matching.stored_keys import standing
from dataquality.services.matching.timing import Effects, Report, Timing
from dataquality.services.matching.writing import count_pairs, write_pairs
from dataquality.statements import fetch
from dataquality.subjects import Subject

MANY, SHARE = 20_000, 1 / 3  # more than this many, and than this share of a table, are no matter of changes


class TooMany(Exception):
    """A full run is sooner done."""


def pairs_of_changed(
    subject: Subject, index: KeyIndex, model: Model, fresh: Keyed, changed: pl.Series, clusters: Clusters
) -> pl.DataFrame:  # fmt: skip
    """(a, b, probability, weight, pattern) of every pair in which a changed live record stands; keys are kept up.

    `fresh` are the keys and lines of the live ones among the changed, `clusters` those that stand. In the caller's
    transaction.
    """
    near = Near(subject, index, model)
    stand = standing(index, fresh.keys.get_column("key").unique())
    met = _met(fresh.keys, stand, changed)
    lines, new = at_once(partial(near.lines, met, fresh.lines, changed), partial(unknown, fresh, stand))
    _done, weighed = at_once(partial(_keep_up, index, fresh, changed, new), partial(near.weigh, met, lines))
    found = near.of_live(weighed)
    return pl.concat([found, near.completing(found, changed, clusters)])


def _keep_up(index: KeyIndex, fresh: Keyed, changed: pl.Series, new: pl.DataFrame) -> None:
    put_lines(index, fresh, changed, compared=True)
    put_keys(index, new)


def _met(fresh: pl.DataFrame, stand: pl.DataFrame, changed: pl.Series) -> pl.DataFrame:
    """(a, b), each once and in order, of the records that share a key of changed ones, unless too many share it.

    `fresh` are the keys (key, record_id, cap) of the changed ones, `stand` those that are kept of the same values.
    """
    others = stand.filter(~pl.col("record_id").is_in(changed.implode()))  # what a changed one had, it may have no more
    sharing = pl.concat([others, fresh.select(others.columns)])
    of_key = sharing.group_by("key").agg(n=pl.len(), common=(pl.col("record_id") == COMMON).any())
    telling = fresh.join(of_key.filter(~pl.col("common") & (pl.col("n") > 1)), on="key").filter(
        pl.col("n") <= pl.col("cap")
    )
    met = telling.select("key", a="record_id").join(sharing.select("key", b="record_id"), on="key")
    met = met.filter(pl.col("a") != pl.col("b"))
    return met.select(a=pl.min_horizontal("a", "b"), b=pl.max_horizontal("a", "b")).unique().sort("a", "b")


def detect_changes(
    subject: Subject, last: MatchRun, *, now: datetime, job: int | None, report: Report,
    effects: Effects,
) -> MatchRun:  # fmt: skip
    """Compare what changed since the last run with everything, with that run's model; the same pairs as a full run's.

    Records that were written and are compared by what they were compared by before are left alone, and clusters change
    only around the others. `TooMany` where so many changed that a full run is sooner done; nothing is written then.
    """
    timing = Timing(report, {}, perf_counter())
    with effects():
        applying.as_long_work()
        lock_matching(subject)
        index = held_index(subject)
        if index is None:
            raise Refusal(_("The keys of %(table)s are gone; look for duplicates in full.") % {"table": subject.label})
        run = MatchRun(
            table=subject.slug, kind=MatchRun.Kind.CHANGES, job_id=job, started_at=now, learnt_in_id=index.run_id,
            threshold=last.threshold, births=last.births,
        )  # fmt: skip
        model = model_of(index.run_id)
        timing.begin("changed", 0)
        run.snapshot = frames.now_in_store()
        changed, run.rows = changed_and_live(subject, last.snapshot)
        timing.end("changed")
        timing.begin("block", 20)
        rows = rows_of(subject, model, changed)
        if last.taught_by != index.run_id:  # a run came between that these lines know nothing of
            call_uncompared(index)
        stood, now_spelt = at_once(
            partial(_as_it_stood, subject, index, changed), partial(spelt, subject, index, model, rows)
        )
        as_before = now_spelt.lines.join(stood.lines, on=["record_id", "line"], how="semi").get_column("record_id")
        written, changed = changed, changed.filter(~changed.is_in(as_before.implode()))
        if len(changed) > max(MANY, run.rows * SHARE):
            raise TooMany
        clusters = Clusters(subject)
        _seen, fresh = at_once(
            partial(clusters.of, changed.to_list()), partial(keyed, now_spelt.without(as_before), model)
        )
        found = pairs_of_changed(subject, index, model, fresh, changed, clusters)
        failpoint("match.block_done")
        timing.end("block")
        timing.begin("write", 60)
        run.save()
        pairs = found.with_columns(
            pl.col("probability").round(6), pl.col("weight").round(4), rule=pl.lit(""), joined=pl.lit(False)
        )
        run.pairs = stood.pairs + write_pairs(run, subject, subject, pairs, touched=changed)
        around = pl.concat([changed, pairs.get_column("a"), pairs.get_column("b")]).unique()
        run.clusters = stood.clusters + regroup_around(subject, around.to_list(), clusters)
        KeyIndex.objects.filter(pk=index.pk).update(snapshot=run.snapshot)
        _sum_up(run, subject, last, changed, written)
        follow(subject, run)
        timing.end("write")
        run.stages, run.finished_at = timing.seconds, now
        run.save()
        failpoint("match.before_commit")
    return run


# Grouped by a sum, so that the table is read as it lies: its index leads about after every change.
CLUSTERS = """
    SELECT count(*) FROM (SELECT FROM dataquality_membership WHERE "table" = %s GROUP BY cluster_id + 0) one_each"""


class _Stood(NamedTuple):
    """What stood of a table before the run."""

    lines: pl.DataFrame  # of the records that were written, where their pairs were found by them
    pairs: int
    clusters: int


def _as_it_stood(subject: Subject, index: KeyIndex, written: pl.Series) -> _Stood:
    lines = compared_lines(index, written)
    return _Stood(lines, count_pairs(subject, subject), fetch(CLUSTERS, [subject.slug])[0][0])


def _sum_up(run: MatchRun, subject: Subject, last: MatchRun, changed: pl.Series, written: pl.Series) -> None:
    run.changed = len(changed)
    run.log = [
        _("%(n)s records are new or changed since %(at)s; only they were compared, by the weights learnt then.")
        % {"n": f"{len(changed):,}", "at": f"{last.started_at:%Y-%m-%d %H:%M}"}
    ]
    if len(written) > len(changed):
        run.log.append(
            _("%(n)s more were written in what is not compared; their pairs stay.")
            % {"n": f"{len(written) - len(changed):,}"}
        )
    run.births = add_births(subject, last.births, written, since=last.started_at)
