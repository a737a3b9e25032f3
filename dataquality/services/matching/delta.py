"""Look for the duplicates of what is new or changed, among the kept keys of the rest: the table is not read again."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter

import numpy as np
import polars as pl
from django.db.models import Count
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.jobs.failpoints import failpoint
from dataquality.engine.compare import compare
from dataquality.engine.matching import KEEP, Model
from dataquality.engine.weigh.scoring import records_of
from dataquality.models import KeyIndex, MatchRun, Membership
from dataquality.services import applying
from dataquality.services.copying import copy
from dataquality.services.matching import frames
from dataquality.services.matching.births import add_births
from dataquality.services.matching.changed import changed_since
from dataquality.services.matching.clusters import regroup_around
from dataquality.services.matching.keeping import keyed, put_keys
from dataquality.services.matching.lines import standard_of
from dataquality.services.matching.locking import lock_matching
from dataquality.services.matching.models import model_of
from dataquality.services.matching.rules import follow
from dataquality.services.matching.timing import Effects, Report, Timing
from dataquality.services.matching.writing import write_pairs
from dataquality.statements import execute, fetch
from dataquality.subjects import Subject

CHANGED = "changed_keys"
FEW_PAIRS = 3_000  # that are compared without compiled code, which takes a second to load where it is not yet
PAIRS = {"a": pl.Int64, "b": pl.Int64}


def pairs_of_changed(subject: Subject, index: KeyIndex, model: Model, changed: pl.Series) -> pl.DataFrame:
    """(a, b, probability, weight, pattern) of every pair in which a changed live record stands; keys are kept up.

    In the caller's transaction.
    """
    fresh = keyed(subject, index, model, changed)
    put_keys(index, model, fresh)
    execute(
        sql.SQL("CREATE TEMPORARY TABLE {} (key bigint, record_id bigint) ON COMMIT DROP").format(
            sql.Identifier(CHANGED)
        )
    )
    copy(CHANGED, ["key", "record_id"], fresh.keys)
    execute(sql.SQL("ANALYZE {}").format(sql.Identifier(CHANGED)))
    names = {"changed": CHANGED, "keys": index.key_table, "lines": index.line_table, "t": subject.db_table}
    named = {name: sql.Identifier(table) for name, table in names.items()}
    found = pl.DataFrame(fetch(sql.SQL(MET).format(**named)), PAIRS, orient="row")
    execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(CHANGED)))
    if not found.height:
        return found.with_columns(probability=pl.lit(0.0), weight=pl.lit(0.0), pattern=pl.lit(0))
    ids = pl.concat([found.get_column("a"), found.get_column("b")]).unique().sort()
    stored = fetch(
        sql.SQL("SELECT record_id, line FROM {lines} WHERE record_id = ANY(%s) ORDER BY 1").format(**named),
        [ids.to_list()],
    )
    known = np.array([row[0] for row in stored], np.int64)
    fast = found.height > FEW_PAIRS
    records = records_of(standard_of([row[1] for row in stored], index.layout, model), model, fast=fast)
    a, b = (np.searchsorted(known, found.get_column(side).to_numpy()).astype(np.int32) for side in ("a", "b"))
    patterns = compare(records, a, b, model.program, rows=model.frequencies.rows, fast=fast)
    bits, probability = model.weigh(patterns)
    scored = found.with_columns(probability=pl.Series(probability), weight=pl.Series(bits), pattern=pl.Series(patterns))
    return scored.filter(pl.col("probability") >= KEEP)


MET = """
    SELECT least(c.record_id, k.record_id), greatest(c.record_id, k.record_id)
      FROM {changed} c JOIN {keys} k ON k.key = c.key AND k.record_id <> c.record_id
      JOIN {t} t ON t.id = k.record_id AND t.state = 'live' JOIN {lines} l ON l.record_id = k.record_id
     GROUP BY 1, 2 ORDER BY 1, 2"""


def detect_changes(
    subject: Subject, last: MatchRun, index: KeyIndex, *, now: datetime, job: int | None, report: Report,
    effects: Effects,
) -> MatchRun:  # fmt: skip
    """Compare what changed since the last run with everything, with that run's model; the same pairs as a full run's.

    Clusters change only around the records that changed.
    """
    timing = Timing(report, {}, perf_counter())
    run = MatchRun(
        table=subject.slug, kind=MatchRun.Kind.CHANGES, job_id=job, started_at=now, learnt_in_id=index.run_id,
        threshold=last.threshold, births=last.births,
    )  # fmt: skip
    model = model_of(index.run_id)
    with effects():
        applying.as_long_work()
        lock_matching(subject)
        timing.begin("changed", 0)
        run.snapshot = frames.now_in_store()
        changed = changed_since(subject, last.snapshot)
        timing.end("changed")
        timing.begin("block", 20)
        found = pairs_of_changed(subject, index, model, changed)
        failpoint("match.block_done")
        timing.end("block")
        timing.begin("write", 60)
        run.save()
        pairs = found.with_columns(
            pl.col("probability").round(6), pl.col("weight").round(4), rule=pl.lit(""), joined=pl.lit(False)
        )
        run.pairs = write_pairs(run, subject, subject, pairs, touched=changed)
        regroup_around(subject, pl.concat([changed, pairs.get_column("a"), pairs.get_column("b")]).unique().to_list())
        KeyIndex.objects.filter(pk=index.pk).update(snapshot=run.snapshot)
        _sum_up(run, subject, last, changed)
        follow(subject, run)
        timing.end("write")
        run.stages, run.finished_at = timing.seconds, now
        run.save()
        failpoint("match.before_commit")
    return run


def _sum_up(run: MatchRun, subject: Subject, last: MatchRun, changed: pl.Series) -> None:
    run.rows = subject.model._default_manager.live().count()
    run.changed = len(changed)
    members = Membership.objects.filter(table=subject.slug)
    run.clusters = members.aggregate(n=Count("cluster_id", distinct=True))["n"]
    run.log = [
        _("%(n)s records are new or changed since %(at)s; only they were compared, by the weights learnt then.")
        % {"n": f"{len(changed):,}", "at": f"{last.started_at:%Y-%m-%d %H:%M}"}
    ]
    run.births = add_births(subject, last.births, changed, since=last.started_at)
