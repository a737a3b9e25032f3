"""Read a batch's file in a disposable child, and say which table and columns it holds."""

from __future__ import annotations

import shutil

import polars as pl
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.kit.errors import Refusal
from dataquality.intake.reading import Choices, Limits, Reading, Refused, read_file
from dataquality.intake.recognise import Recognised, fingerprint, recognise
from dataquality.models import Batch, HeaderMap
from dataquality.services.intake.answers import require
from dataquality.services.intake.receiving import Effects, Report, silent, workspace

SAMPLE_ROWS = 2_000


def stage(batch: Batch, *, report: Report = silent, effects: Effects = transaction.atomic) -> Batch:
    """Read the file in a disposable child, recognise table and columns; the batch is then staged or refused."""
    require(batch, Batch.State.RECEIVED, Batch.State.STAGED, Batch.State.CHECKED)
    report(0, None, _("Reading the file"))
    try:
        reading = read(batch)
        failpoint("import.after_sniff")
        remembered = _remembered(batch, reading)
        found = _recognise(batch, reading, remembered)
    except (Refused, Refusal) as error:
        batch.state, batch.refusal = Batch.State.REFUSED, error.sentence
        with effects():
            batch.save(update_fields=["state", "refusal", "updated_at"])
        shutil.rmtree(workspace(batch), ignore_errors=True)
        return batch
    batch.header_map = remembered
    batch.reading, batch.recognised = reading.as_json(), found.as_json()
    batch.product, batch.table, batch.mapping, batch.key = found.product, found.table, found.mapping, found.key
    batch.counts = {"rows": reading.rows, "unreadable": reading.quarantined}
    batch.formats, batch.refusal, batch.state = {}, "", Batch.State.STAGED
    with effects():
        batch.save()
    return batch


def read(batch: Batch) -> Reading:
    into = workspace(batch)
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    with default_storage.open(str(batch.file.name), "rb") as kept, open(into / "upload", "wb") as copy:
        shutil.copyfileobj(kept, copy, 1 << 20)
    chosen = {key: value for key, value in batch.choices.items() if key != "dates"}
    try:
        limits = Limits(bytes=settings.UPLOAD_MAX_BYTES)
        return read_file(
            into / "upload", name=batch.file_name, into=into, choices=Choices.from_answers(chosen), limits=limits
        )
    finally:
        (into / "upload").unlink(missing_ok=True)


def _remembered(batch: Batch, reading: Reading) -> HeaderMap | None:
    """What somebody confirmed for these headings, unless the sender names another table."""
    known = HeaderMap.objects.filter(fingerprint=fingerprint(reading.headings)).first()
    return known if known and batch.table in ("", known.table) else None


def _recognise(batch: Batch, reading: Reading, remembered: HeaderMap | None) -> Recognised:
    if reading.chunks:
        sample = pl.read_parquet(reading.chunks[0], n_rows=SAMPLE_ROWS).drop("row")
    else:
        sample = pl.DataFrame(schema={f"c{i}": pl.String for i in range(len(reading.headings))})
    table, product = batch.table, batch.product
    if remembered:
        table, product = remembered.table, remembered.product
    found = recognise(reading.headings, sample, file_name=batch.file_name, product=product, table=table)
    return found.confirmed(remembered.mapping, remembered.key) if remembered else found


def reading_of(batch: Batch) -> Reading:
    """The batch's reading with its chunks in place; a file whose chunks are no longer here is read again."""
    reading = Reading.from_json(batch.reading)
    if all(path.exists() for path in reading.chunks):
        return reading
    return read(batch)
