"""Judge a stored table anew, without a batch: after a steward changed a rule, or a version brought one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from psycopg2 import sql

from dataquality.engine.rules import check
from dataquality.models import Source
from dataquality.rules import active_rules, reading_slug, row_local
from dataquality.services import mirror
from dataquality.services.copying import copy
from dataquality.services.findings import (
    EVERY_RECORD,
    drop_settling_table,
    judged_by_row,
    make_settling_table,
    settle,
    take_faults,
)
from dataquality.services.mending import lock_source
from dataquality.services.priorities import weigh_anew
from dataquality.services.relations import settle_relations
from dataquality.services.scores import take_scores
from dataquality.services.staging import FAULT_COLUMNS
from dataquality.statements import execute
from dataquality.subjects import Subject

FAULTS, IDS = "rechecked_faults", "rechecked_ids"


@transaction.atomic
def recheck(
    subject: Subject, *, source: Source, now: datetime, report: Callable[[int], None] = lambda done: None
) -> dict[str, int]:
    """Apply every rule in force to the live records as they are stored, settle all findings, and score.

    A cell that an export gave unreadably is stored blank, so what the reader said of it stays until the next batch.
    """
    lock_source(source)
    make_settling_table()
    _make_tables()
    rules = row_local(active_rules(subject, default_country=source.default_country))
    done = 0
    for frame in mirror.chunks(subject, source):
        faults = check(frame, rules, today=now.date())
        copy(FAULTS, FAULT_COLUMNS, faults.select("row", *FAULT_COLUMNS[1:]))
        copy(IDS, ("row_number", "record_id"), frame.select("row", id="row"))
        done += frame.height
        report(done)
    take_faults(FAULTS, IDS)
    readings = [reading_slug(subject, name) for name in subject.columns]
    counts = settle(
        subject, source=source, batch=None, now=now, among=EVERY_RECORD, mirror=True,
        judged=sql.SQL("{} AND r.slug <> ALL({})").format(judged_by_row(subject), sql.Literal(readings)),
    )  # fmt: skip
    drop_settling_table()
    execute(sql.SQL("DROP TABLE {}, {}").format(sql.Identifier(FAULTS), sql.Identifier(IDS)))
    related = settle_relations(subject, source=source, batch=None, now=now)
    take_scores(subject, source=source, batch=None, now=now)
    weigh_anew([subject.slug], source=source, now=now)
    return {"checked": done, **{name: counts.get(name, 0) + related[name] for name in related}}


def _make_tables() -> None:
    execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} (row_number bigint, rule text, field text, severity text, code text,"
            " value text, suggestion text) ON COMMIT DROP"
        ).format(sql.Identifier(FAULTS))
    )
    execute(
        sql.SQL("CREATE TEMPORARY TABLE {} (row_number bigint, record_id bigint) ON COMMIT DROP").format(
            sql.Identifier(IDS)
        )
    )
