"""Look for the duplicates of what is new or changed, among the kept keys of the rest: the table is not read again."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from time import perf_counter

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
from dataquality.services.matching.clusters import regroup_around
from dataquality.services.matching.keeping import (
    COMMON,
    Keyed,
    held_index,
    keyed,
    put_keys,
    put_lines,
    rows_of,
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


def pairs_of_changed(
    subject: Subject, index: KeyIndex, model: Model, fresh: Keyed, changed: pl.Series
) -> pl.DataFrame:  # fmt: skip
    """(a, b, probability, weight, pattern) of every pair in which a changed live record stands; keys are kept up.

    `fresh` are the keys and lines of the live ones among the changed. In the caller's transaction.
    """
    near = Near(subject, index, model)
    stand = standing(index, fresh.keys.get_column("key").unique())
    _done, met = at_once(partial(put_lines, index, fresh, changed), partial(_met, fresh.keys, stand))
    lines, new = at_once(partial(near.lines, met, fresh.lines, changed), partial(unknown, fresh, stand))
    _done, weighed = at_once(partial(put_keys, index, new), partial(near.weigh, met, lines))
    found = near.of_live(weighed)
    return pl.concat([found, near.completing(found, changed)])


def _met(fresh: pl.DataFrame, stand: pl.DataFrame) -> pl.DataFrame:
    """(a, b), each once and in order, of the records that share a key of changed ones, unless too many share it.

    `fresh` are the keys (key, record_id, cap) of the changed ones, `stand` those that are kept of the same values.
    """
    sharing = pl.concat([stand, fresh.select(stand.columns)]).unique()
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

    Clusters change only around the records that changed.
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
        (pairs_before, clusters_before), fresh = at_once(
            partial(_counted, subject), partial(keyed, subject, index, model, rows)
        )
        found = pairs_of_changed(subject, index, model, fresh, changed)
        failpoint("match.block_done")
        timing.end("block")
        timing.begin("write", 60)
        run.save()
        pairs = found.with_columns(
            pl.col("probability").round(6), pl.col("weight").round(4), rule=pl.lit(""), joined=pl.lit(False)
        )
        run.pairs = pairs_before + write_pairs(run, subject, subject, pairs, touched=changed)
        around = pl.concat([changed, pairs.get_column("a"), pairs.get_column("b")]).unique()
        run.clusters = clusters_before + regroup_around(subject, around.to_list())
        KeyIndex.objects.filter(pk=index.pk).update(snapshot=run.snapshot)
        _sum_up(run, subject, last, changed)
        follow(subject, run)
        timing.end("write")
        run.stages, run.finished_at = timing.seconds, now
        run.save()
        failpoint("match.before_commit")
    return run


# Grouped by a sum, so that the table is read as it lies: its index leads about after every change.
CLUSTERS = """
    SELECT count(*) FROM (SELECT FROM dataquality_membership WHERE "table" = %s GROUP BY cluster_id + 0) one_each"""


def _counted(subject: Subject) -> tuple[int, int]:
    """How many pairs and clusters of a table stand."""
    return count_pairs(subject, subject), fetch(CLUSTERS, [subject.slug])[0][0]


def _sum_up(run: MatchRun, subject: Subject, last: MatchRun, changed: pl.Series) -> None:
    run.changed = len(changed)
    run.log = [
        _("%(n)s records are new or changed since %(at)s; only they were compared, by the weights learnt then.")
        % {"n": f"{len(changed):,}", "at": f"{last.started_at:%Y-%m-%d %H:%M}"}
    ]
    run.births = add_births(subject, last.births, changed, since=last.started_at)
