"""One way in to a detection: everything, or only what changed where that is enough."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from dataquality.models import MatchRun
from dataquality.queries.matching import last_run
from dataquality.services.matching.delta import TooMany, detect_changes
from dataquality.services.matching.detecting import detect_all
from dataquality.services.matching.keeping import index_of
from dataquality.services.matching.timing import Effects, Report, silent
from dataquality.subjects import Subject


def detect(
    subject: Subject, *, beside: Subject | None = None, kind: str = "full", now: datetime, job: int | None = None,
    report: Report = silent, effects: Effects = transaction.atomic,
) -> MatchRun:  # fmt: skip
    """Look for duplicates in a table, or between two tables.

    `changes` compares what is new or changed since the last run; without a run before, without kept keys, where a third
    of a large table has changed, and between two tables, everything is compared.
    """
    if kind == MatchRun.Kind.CHANGES and beside is None:
        last = last_run(subject.slug)
        if last is not None and last.snapshot and index_of(subject) is not None:
            with suppress(TooMany):
                return detect_changes(subject, last, now=now, job=job, report=report, effects=effects)
    return detect_all(subject, beside=beside, now=now, job=job, report=report, effects=effects)
