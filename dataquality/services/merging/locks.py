"""The order in which merges, undos and imports wait for each other, so that none can wait for ever.

1. The sources, shared, in the order of their numbers: an import or a correction of one of them takes it alone.
2. The clusters of the table, alone: merges, judgements and detections of one table come one after the other.
3. Rows, by table and number: the members, then what points at them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.kit.errors import Refusal
from dataquality.statements import execute
from dataquality.subjects import Subject

P = ParamSpec("P")
R = TypeVar("R")
LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"
AGAIN = 3  # times a deadlock with something else is tried again
WAIT = 5  # seconds for any one lock


def in_one_transaction(service: Callable[P, R]) -> Callable[P, R]:
    """One transaction; refused as *busy* when a lock is not to be had in time, tried again after a deadlock."""

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(AGAIN + 1):
            try:
                with transaction.atomic():
                    return service(*args, **kwargs)
            except OperationalError as error:
                code = getattr(error.__cause__, "pgcode", None)
                if code == LOCK_NOT_AVAILABLE:
                    raise Refusal(
                        _("An import or another change is writing to these records; nothing was done. Try again in a"
                          " moment."), code="busy",
                    ) from None  # fmt: skip
                if code != DEADLOCK or attempt == AGAIN or connection.in_atomic_block:
                    raise
                time.sleep(random.uniform(0.01, 0.05) * (attempt + 1))  # noqa: S311 - spreads waiting, no secret
        raise AssertionError("not reached")

    return run


def lock_cluster(subject: Subject, ids: Collection[int]) -> None:
    """Hold the sources, the clusters of the table and these records until the transaction ends.

    From here on no lock is waited for longer than `WAIT`.
    """
    wanted = sorted(ids)
    execute(sql.SQL(LOCK).format(table=sql.Identifier(subject.db_table)), [f"{WAIT}s", wanted, subject.slug, wanted])


LOCK = """
    SELECT set_config('lock_timeout', %s, true);
    SELECT pg_advisory_xact_lock_shared(hashtext('dataquality.apply'), source_id::int)
      FROM (SELECT DISTINCT source_id FROM {table} WHERE id = ANY(%s) ORDER BY 1) of_the_records;
    SELECT pg_advisory_xact_lock(hashtext('dataquality.match'), hashtext(%s));
    SELECT 1 FROM {table} WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"""
