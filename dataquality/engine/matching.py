"""The door of the matching engine: a table in, duplicate pairs and clusters out, each with its reasons.

`standardise -> read -> block -> compare -> weigh -> cluster`; arrays in, arrays out.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dataquality.engine.block import Candidates, Pass, candidates, further_passes, passes_for, sharing
from dataquality.engine.cluster import cluster
from dataquality.engine.cluster.copies import copies
from dataquality.engine.compare import compare, numbered
from dataquality.engine.kinds import Kind
from dataquality.engine.memory import give_back
from dataquality.engine.pairs import Pairs, of_copies
from dataquality.engine.records import counted, row_hashes, taken
from dataquality.engine.standardise import standardise
from dataquality.engine.weigh import Evidence, Labels, Model, explain, learn
from dataquality.engine.weigh.scoring import keys, score
from dataquality.engine.weigh.wear import is_worn

__all__ = ["KEEP", "Evidence", "Labels", "Matches", "Model", "cluster", "explain", "keys", "match", "score"]

KEEP = 0.05  # the probability from which a pair is kept


@dataclass(frozen=True)
class Matches:
    """Pairs a < b in order, each with its calibrated probability, its weight in bits and its pattern; the clusters.

    clusters: for each row the smallest row number of its cluster. threshold: the probability from which pairs join.
    stages: seconds by stage. log: what happened, in plain sentences.
    """

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    probability: NDArray[np.float32]
    weight: NDArray[np.float32]
    pattern: NDArray[np.int64]
    clusters: NDArray[np.int32]
    threshold: float
    model: Model
    stages: dict[str, float] = field(default_factory=dict)
    log: tuple[str, ...] = ()


class _Stages:
    """Times the stages and tells where the run stands."""

    def __init__(self, on_stage: Callable[[str, float], None] | None) -> None:
        self.on_stage = on_stage
        self.seconds: dict[str, float] = {}
        self.since = time.perf_counter()

    def done(self, stage: str, following: str, share: float) -> None:
        give_back()
        now = time.perf_counter()
        self.seconds[stage] = now - self.since
        self.since = now
        if self.on_stage:
            self.on_stage(following, share)


def match(
    table: pl.DataFrame | Callable[[], pl.DataFrame],
    kinds: Mapping[str, Kind],
    *,
    link: str | None = None,
    labels: Labels | None = None,
    model: Model | None = None,
    changed: NDArray[np.int64] | None = None,
    seed: int = 0,
    on_stage: Callable[[str, float], None] | None = None,
    fast: bool | None = None,
) -> Matches:
    """The duplicates of a table.

    table: or what gives it, so that nobody else holds it and its memory is free as soon as it is read.
    link: a column whose value names the source; only pairs across sources are looked at. labels: pairs that a person
    has judged; they teach the weights and bind the clusters. model: of an earlier run, used as it is. changed: row
    numbers; only pairs that touch one of them are looked at, with the frequencies of the model where there is one.
    on_stage(stage, share): called between stages, may raise to cancel. fast: compiled code or not, by size when not
    given; the result is the same. The same data and seed give the same pairs, whatever the order of rows.
    """
    stages = _Stages(on_stage)
    if on_stage:
        on_stage("standardise", 0.0)
    table = table() if callable(table) else table
    standard = standardise(table, kinds) if model is None else standardise(table, kinds, model.reading)
    source = _sources(table, link)
    del table
    stages.done("standardise", "read", 0.4)
    partial = model is not None and changed is not None
    learnt = standard.learnt
    text = taken(standard, fast=fast)
    del standard
    slots = text.slots
    known = model.frequencies if model and partial else None
    records, frequencies = counted(text, known=known, fast=fast, roughly=model is not None and model.roughly)
    stages.done("read", "block", 0.55)
    touched = None
    if changed is not None:
        touched = np.zeros(records.rows, dtype=np.bool_)
        touched[changed] = True
    order = row_hashes(records.hashes, np.uint64(31))
    alike = None
    if changed is None and link is None:
        judged = np.concatenate([labels.a, labels.b]) if labels is not None else np.zeros(0, dtype=np.int32)
        alike = copies(order, (records.hashes == 0).all(axis=1), judged)
    silent = alike.are if alike else None

    def met(passes: Sequence[Pass], given_caps: bool) -> Candidates:
        return candidates(
            records, passes, given_caps=given_caps, source=source, touched=touched, silent=silent, fast=fast
        )

    by_chance = {} if model else sharing(records, slots)
    passes = model.passes if model else passes_for(slots, by_chance)
    found = met(passes, model is not None)
    stages.done("block", "compare", 0.7)
    if model is None:
        named = tuple((slot.name, slot.kind, slot.columns) for slot in slots)
        model = Model.untaught(named, found.passes, frequencies, learnt)
    elif not partial:
        model = replace(model, frequencies=frequencies)
    program, rows = model.program, model.frequencies.rows
    distinct, places, counts = numbered(compare(records, found.a, found.b, program, rows=rows, fast=fast))
    stages.done("compare", "weigh", 0.85)
    told: tuple[str, ...] = ()
    if not model.taught or labels is not None:

        def teach(model: Model) -> tuple[Model, tuple[str, ...]]:
            taught = labels.patterns(records, model, fast=fast) if labels is not None else None
            seen, times = distinct, counts
            if alike:
                own, sizes = of_copies(alike, records, model, fast)
                seen, times = np.concatenate([distinct, own.pattern]), np.concatenate([counts, sizes])
            return learn(model, seen, times, taught=taught, seed=seed)

        is_new = not model.taught
        model, told = teach(model)
        further = further_passes(slots, by_chance) if is_new and is_worn(model, distinct, counts) else ()
        if further:
            records, frequencies = counted(text, fast=fast, roughly=True)
            found = met((*passes, *further), False)
            distinct, places, counts = numbered(compare(records, found.a, found.b, program, rows=rows, fast=fast))
            model, told = teach(replace(model, passes=found.passes, frequencies=frequencies, roughly=True))
    del text
    log = [*found.log, *told]
    bits, probability = model.weigh(distinct)
    kept = (probability >= KEEP)[places]
    pairs = Pairs.ordered(found.a[kept], found.b[kept], distinct[places[kept]], bits.astype(np.float32)[places[kept]])
    inside = pairs.inside(records, model, source, touched, fast)
    stages.done("weigh", "cluster", 0.92)
    both = pairs.and_also(inside)
    clusters = cluster(
        records.rows,
        both.a,
        both.b,
        both.weight - np.float32(model.threshold_bits),
        cannot=labels.cannot if labels is not None else None,
        must=labels.must if labels is not None else None,
        order=order,
    )
    if alike:
        own, _ = of_copies(alike, records, model, fast)
        alike = alike.joined(own.a[own.weight > model.threshold_bits])
        clusters = alike.clusters(clusters)
        both = both.and_also(own).told_of(alike)
    stages.done("cluster", "done", 1.0)
    kept_pairs = both.of(both.probability >= KEEP)
    return Matches(
        a=kept_pairs.a,
        b=kept_pairs.b,
        probability=kept_pairs.probability,
        weight=kept_pairs.weight,
        pattern=kept_pairs.pattern,
        clusters=clusters,
        threshold=model.threshold,
        model=model,
        stages=stages.seconds,
        log=tuple(log),
    )


def _sources(table: pl.DataFrame, link: str | None) -> NDArray[np.int32] | None:
    """A number for each source; rows without one are a source of their own."""
    if link is None:
        return None
    named = table[link].cast(pl.String).fill_null("")
    return named.rank("dense").to_numpy().astype(np.int32)
