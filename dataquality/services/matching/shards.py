"""A table that outgrows one worker: its kept keys are cut by number, each shard is compared by itself, one job joins.

A shard reads only the keys that fall to it and the lines of the records that share one of them, so that memory and time
shrink with their number. A pair whose keys fall to several shards is compared by each of them and stands once. Until
the join nothing of the detection before is touched; what a broken-off one left makes way for the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from time import perf_counter

import numpy as np
import polars as pl
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.kit.errors import Refusal
from dataquality.engine.matching import Matches, cluster
from dataquality.models import KeyIndex, MatchRun
from dataquality.services import applying
from dataquality.services.copying import copy
from dataquality.services.matching import frames
from dataquality.services.matching.detecting import Sides, write_down
from dataquality.services.matching.frames import copied
from dataquality.services.matching.keeping import index_of, refresh_keys
from dataquality.services.matching.models import model_of
from dataquality.services.matching.near import WEIGHED, Near
from dataquality.services.matching.stored_keys import every_key
from dataquality.services.matching.timing import Effects, Report, Timing, silent
from dataquality.statements import execute, fetch
from dataquality.subjects import Subject

EMPTY = """
    DROP TABLE IF EXISTS {0};
    CREATE UNLOGGED TABLE {0} (a bigint, b bigint, probability float8, weight float8, pattern bigint)"""


@dataclass(frozen=True)
class Cut:
    """A detection that is compared in shards: what tells it from others, how many, the store's moment it shows."""

    number: int
    of: int
    snapshot: str


def shard_table(index: KeyIndex, number: int, shard: int) -> str:
    return f"dataquality_shard_{index.number}_{number}_{shard}"


def shards_for(subject: Subject) -> int:
    """Into how many shards a full detection is cut: one while the table fits a worker, or has no kept keys."""
    index = index_of(subject)
    if index is None:
        return 1
    rows = subject.model._default_manager.live().count()
    return max(1, -(-rows // int(settings.MATCH_SHARD_ROWS)))


def cut_of(subject: Subject) -> Cut | None:
    """The detection of a table that is being compared in shards, until it is joined."""
    index = index_of(subject)
    return Cut(**index.cut) if index is not None and index.cut else None


@transaction.atomic
def prepare_shards(subject: Subject, of: int, *, number: int) -> Cut:
    """Cut a detection into so many shards, by the keys as the records are now; `number` tells it from every other.

    It takes the place of one that was never joined. Refused while there are no keys, because no model has been learnt
    yet.
    """
    refresh_keys(subject)
    index = index_of(subject)
    if index is None:
        sentence = _("Look for duplicates in %(table)s once in one piece; its keys are then there to be cut.")
        raise Refusal(sentence % {"table": subject.label.lower()}, code="no_keys")
    if index.cut:
        _drop(index, Cut(**index.cut))
    cut = Cut(number, of, index.snapshot)
    KeyIndex.objects.filter(pk=index.pk).update(cut=asdict(cut))
    return cut


def compare_shard(
    subject: Subject, shard: int, number: int, *, report: Report = silent, effects: Effects = transaction.atomic,
    when_last: Callable[[], object] = lambda: None,
) -> int | None:  # fmt: skip
    """Compare the records that share a key of this shard, and keep the pairs for the join; returns how many.

    `when_last` is called in the same transaction by the shard that ends last. None where a newer detection has taken
    the place of this one.
    """
    index = _index_for(subject, number)
    if index is None:
        return None
    near = Near(subject, index, model_of(index.run_id))
    report(0, 3, _("Reading the records"))
    met = _meeting(subject, index, shard, Cut(**index.cut).of)
    report(1, 3, _("Comparing them"))
    found = near.weighed(met)
    failpoint("match.block_done")
    report(2, 3, _("Writing down what was found"))
    with effects():
        applying.as_long_work()
        name = shard_table(index, number, shard)
        execute(sql.SQL(EMPTY).format(sql.Identifier(name)))
        copy(name, list(WEIGHED), found)
        stands = KeyIndex.objects.select_for_update(no_key=True).filter(pk=index.pk, cut__number=number).first()
        if stands is None:  # meanwhile a newer one has
            execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))
            return None
        if _are_compared(stands):
            when_last()
    return found.height


def _index_for(subject: Subject, number: int) -> KeyIndex | None:
    """The keys that a detection was cut by; None where a newer detection was cut since, refused where they are gone."""
    index = index_of(subject)
    if index is None or not index.cut:
        raise Refusal(
            _("The keys of %(table)s were made anew while its parts were compared; look for duplicates once more.")
            % {"table": subject.label}, code="no_keys",
        )  # fmt: skip
    return index if index.cut["number"] == number else None


def _are_compared(index: KeyIndex) -> bool:
    cut = Cut(**index.cut)
    names = [shard_table(index, cut.number, shard) for shard in range(cut.of)]
    there = fetch("SELECT count(*) FROM unnest(%s::text[]) n WHERE to_regclass(n) IS NOT NULL", [names])[0][0]
    return int(there) == cut.of


def _drop(index: KeyIndex, cut: Cut) -> None:
    for shard in range(cut.of):
        execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(shard_table(index, cut.number, shard))))


def _end(index: KeyIndex, cut: Cut) -> None:
    _drop(index, cut)
    KeyIndex.objects.filter(pk=index.pk, cut__number=cut.number).update(cut={})


def join_shards(
    subject: Subject, number: int, *, now: datetime, job: int | None = None, report: Report = silent,
    effects: Effects = transaction.atomic,
) -> MatchRun | None:  # fmt: skip
    """Put the shards' pairs together, cluster them and write them down as one detection.

    None where that was done already, where a newer detection was cut since, and where a shard is still to come.
    """
    index = index_of(subject)
    if index is None or index.cut.get("number") != number or not _are_compared(index):
        return None
    cut = Cut(**index.cut)
    model = model_of(index.run_id)
    timing = Timing(report, {}, perf_counter())
    timing.begin("read records", 0)
    shards = [sql.SQL("SELECT * FROM {}").format(sql.Identifier(shard_table(index, number, n))) for n in range(cut.of)]
    ids = frames.read(subject, []).get_column(frames.ID)
    live = ids.to_frame()
    pairs = copied(sql.SQL(" UNION ").join(shards), WEIGHED).sort("a", "b", "pattern")
    pairs = pairs.unique(["a", "b"], keep="first", maintain_order=True)  # shards may know rare values differently well
    for side in ("a", "b"):
        pairs = pairs.join(live, left_on=side, right_on=frames.ID, how="semi", maintain_order="left")
    timing.end("read records")
    timing.begin("cluster", 30)
    rows = ids.to_numpy()
    a, b = (np.searchsorted(rows, pairs.get_column(side).to_numpy()).astype(np.int32) for side in ("a", "b"))
    weight = pairs.get_column("weight").to_numpy().astype(np.float32)
    found = Matches(
        a, b, pairs.get_column("probability").to_numpy().astype(np.float32), weight,
        pairs.get_column("pattern").to_numpy(),
        cluster(len(rows), a, b, weight - np.float32(model.threshold_bits)), model.threshold, model,
    )  # fmt: skip
    timing.end("cluster")
    run = MatchRun(
        table=subject.slug, kind=MatchRun.Kind.FULL, job_id=job, started_at=now, rows=len(rows), changed=len(rows),
        snapshot=cut.snapshot, learnt_in_id=index.run_id, threshold=model.threshold,
        log=[_("Compared in %(n)s shards, by the weights learnt before.") % {"n": cut.of}],
    )  # fmt: skip
    sides = Sides(subject, subject, live, 0)
    return write_down(run, sides, found, timing, effects, and_then=partial(_end, index, cut))


def _meeting(subject: Subject, index: KeyIndex, shard: int, of: int) -> pl.DataFrame:
    """(a, b), each once, of the live records that share a key of the shard."""
    keys = copied(
        sql.SQL(
            "SELECT k.key, k.record_id FROM {keys} k JOIN {t} t ON t.id = k.record_id AND t.state = 'live'"
            " JOIN {lines} l USING (record_id) WHERE abs(k.key % {of}) = {shard}"
        ).format(
            keys=every_key(index), lines=sql.Identifier(index.line_table),
            t=sql.Identifier(subject.db_table), of=sql.Literal(of), shard=sql.Literal(shard),
        ),
        {"key": pl.Int64, "record_id": pl.Int64},
    )  # fmt: skip
    several = keys.unique().filter(pl.len().over("key") > 1)
    pairs = several.join(several, on="key", suffix="_b").filter(pl.col("record_id") < pl.col("record_id_b"))
    return pairs.select(a="record_id", b="record_id_b").unique().sort("a", "b")
