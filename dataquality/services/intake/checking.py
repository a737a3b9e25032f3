"""Every row as typed columns, its faults, and what it would change; nothing of the mirror changes here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.kit.errors import Refusal
from dataquality import rules, subjects
from dataquality.engine import rules as engine_rules
from dataquality.engine.parse import DateFormat
from dataquality.intake.mapping import Layout, Tally, typed
from dataquality.intake.reading import Reading
from dataquality.models import Batch, Quarantined
from dataquality.services import applying, staging
from dataquality.services.intake.answers import require
from dataquality.services.intake.reading import reading_of
from dataquality.services.intake.receiving import Effects, Report, silent
from dataquality.services.intake.setting_apart import FaultyFile, keep_contradictions, keep_keyless, keep_unreadable

LONGEST_KEY = 255
RECENT = 10


def layout_of(batch: Batch, reading: Reading) -> Layout:
    if not batch.key:
        raise Refusal(
            _(
                "%(file)s has no id column. Choose the column, or the columns, that tell its rows apart; "
                "a record whose key changes would come back as a new one."
            )
            % {"file": batch.file_name},
            code="no_key",
        )
    subject = subjects.get(batch.table)
    if not set(batch.mapping.values()) & set(subject.columns):
        raise Refusal(
            _("No column of %(file)s is taken for a field of %(table)s yet; say what each column is.")
            % {"file": batch.file_name, "table": subject.label.lower()},
            code="no_mapping",
        )
    return Layout(subject, batch.product, reading.headings, batch.mapping, batch.key, dict(batch.formats))


def check(batch: Batch, *, now: datetime, report: Report = silent, effects: Effects = transaction.atomic) -> Batch:
    """Type, judge and stage every row, and count what applying would do; nothing of the mirror changes.

    A job gives its fenced `effects`, so that an attempt that was given up cannot write beside the next one.
    """
    batch.refresh_from_db(fields=["state"])
    require(batch, Batch.State.STAGED, Batch.State.CHECKED)
    reading = reading_of(batch)
    layout = layout_of(batch, reading)
    batch.formats = layout.formats = _formats(batch, layout, reading)
    stored = stored_columns(layout)
    judged = rules.row_local(rules.active_rules(layout.subject, default_country=batch.source.default_country))
    with effects():
        applying.as_long_work()
        staging.create(batch, layout.subject, stored)
        Quarantined.objects.filter(batch=batch).delete()
        done, keys = 0, staging.Keys()
        with FaultyFile(batch, reading) as faulty, staging.copying(batch, stored) as copying:
            for path in reading.chunks:
                chunk = pl.read_parquet(path)
                found = _judge(layout, chunk, judged, now)
                faulty(chunk, found.faults)
                keys.add(found.frame.get_column("external_id"))
                copying.wait()
                report(done, reading.rows, _("Checking rows"))
                failpoint("import.mid_stage")
                keep_keyless(batch, found.keyless, layout)
                copying.start(found.frame, found.faults)
                done += chunk.height
        keep_unreadable(batch, reading)
        report(done, reading.rows, _("Comparing with the records"))
        staging.analyze(batch)
        same = 0
        if keys.may_repeat():
            same, contradicting = staging.set_apart_repeats(batch, stored)
            keep_contradictions(batch, contradicting)
        counts = staging.find_records(batch, layout.subject, stored)
        batch.counts = {
            "rows": reading.rows,
            "repeated": same,
            "quarantined": Quarantined.objects.filter(batch=batch).values("row").distinct().count(),
            **counts,
            **staging.fault_counts(batch),
        }
        batch.recognised = {**batch.recognised, "checked_at": now.isoformat()}
        require(Batch.objects.select_for_update().get(pk=batch.pk), Batch.State.STAGED, Batch.State.CHECKED)
        batch.state = Batch.State.CHECKED
        batch.save()
    failpoint("import.after_stage")
    return batch


def stored_columns(layout: Layout) -> list[str]:
    """The database columns that applying would write, derived ones included."""
    stored = layout.stored
    if layout.subject.derive and set(layout.subject.derived_from) <= set(stored):
        stored = [*stored, *layout.subject.derived]
    return stored


def _formats(batch: Batch, layout: Layout, reading: Reading) -> dict[str, dict[str, object]]:
    tally = Tally(layout)
    if tally.columns:
        for path in reading.chunks:
            tally.add(pl.read_parquet(path, columns=tally.columns))
    formats = tally.decide()
    orders = {**_known_orders(batch, formats), **batch.choices.get("dates", {})}
    for said in batch.choices.get("confirmed", ()):
        code, found, order = str(said).partition(":")
        if found and code.startswith("date_order."):
            orders[code.removeprefix("date_order.")] = order
    for name, order in orders.items():
        if "date" in formats.get(name, {}):
            form = DateFormat.from_json(str(formats[name]["date"]))
            formats[name]["date"] = DateFormat(order, form.has_time, form.share, False, form.example).to_json()
    return formats


def _known_orders(batch: Batch, formats: dict[str, dict[str, object]]) -> dict[str, str]:
    """For columns whose dates settle nothing, the order in which this source wrote them when it was last settled."""
    doubtful = {
        name for name, said in formats.items() if "date" in said and DateFormat.from_json(str(said["date"])).ambiguous
    }
    orders: dict[str, str] = {}
    if doubtful:
        earlier = Batch.objects.applied().filter(source=batch.source, table=batch.table, product=batch.product)
        for known in earlier.order_by("-pk").values_list("formats", flat=True)[:RECENT]:
            for name in doubtful - set(orders):
                form = DateFormat.from_json(str(known[name]["date"])) if "date" in known.get(name, {}) else None
                if form and not form.ambiguous and form.order != "YMD":
                    orders[name] = form.order
    return orders


@dataclass(frozen=True)
class Judged:
    """A chunk's rows as they are stored, those without a key that can be kept, and the faults of the former."""

    frame: pl.DataFrame
    keyless: pl.DataFrame
    faults: pl.DataFrame


def _judge(layout: Layout, chunk: pl.DataFrame, judged: Sequence[engine_rules.Rule], now: datetime) -> Judged:
    result = typed(chunk, layout)
    layout.note_blanks(result.blank)
    frame = result.frame
    if layout.subject.derive and set(layout.subject.derived_from) <= set(frame.columns):
        frame = layout.subject.derive(frame)
    fit = pl.col("external_id").str.len_chars().fill_null(LONGEST_KEY + 1) <= LONGEST_KEY
    keyless, frame = frame.filter(~fit), frame.filter(fit)
    faults = engine_rules.check(frame, judged, today=now.date())
    slugs = {name: rules.reading_slug(layout.subject, name) for name in layout.fields.values()}
    unread = result.unread.join(frame.select("row"), on="row", how="semi").select(
        "row",
        "field",
        rule=pl.col("field").replace(slugs),
        severity=pl.lit("error"),
        code="code",
        value="value",
        suggestion="suggestion",
    )
    return Judged(frame, keyless, pl.concat([faults, unread.select(faults.columns)]))
