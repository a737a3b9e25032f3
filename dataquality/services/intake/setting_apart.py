"""Rows that cannot become records, and rows with faults: kept with their place and reason, never lost."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from dataquality.intake.mapping import Layout
from dataquality.intake.reading import Reading
from dataquality.models import Batch, Quarantined
from dataquality.services.intake.receiving import workspace


def keep_keyless(batch: Batch, rows: pl.DataFrame, layout: Layout) -> None:
    columns = ", ".join(layout.key)
    Quarantined.objects.bulk_create(
        Quarantined(
            batch=batch,
            row=row,
            column=columns[:255],
            code="key.blank" if external_id is None else "key.long",
            sentence=(
                _("Row %(row)s has nothing in %(column)s, so it cannot be told apart; give it an id.")
                if external_id is None
                else _("Row %(row)s has more than 255 characters in %(column)s; choose another key column.")
            )
            % {"row": row, "column": columns},
        )
        for row, external_id in rows.select("row", "external_id").iter_rows()
    )


def keep_unreadable(batch: Batch, reading: Reading) -> None:
    if reading.quarantine is None or not reading.quarantine.exists():
        return
    for part in pl.read_parquet(reading.quarantine).iter_slices(5_000):
        Quarantined.objects.bulk_create(
            Quarantined(
                batch=batch, row=row["row"], code=row["code"], sentence=row["sentence"],
                column=(row["column"] or "")[:255], raw=(row["raw"] or "")[:20_000],
            )
            for row in part.iter_rows(named=True)
        )  # fmt: skip


def keep_contradictions(batch: Batch, rows: Sequence[tuple[Any, ...]]) -> None:
    Quarantined.objects.bulk_create(
        Quarantined(
            batch=batch,
            row=row,
            column=", ".join(columns)[:255],
            code="key.contradicts",
            raw=external_id,
            sentence=_(
                "Row %(row)s repeats the id %(id)s of row %(first)s with another %(columns)s; "
                "row %(first)s was kept. Correct one of them in the export."
            )
            % {"row": row, "id": external_id, "first": first, "columns": ", ".join(columns)},
        )
        for row, first, external_id, columns in rows
    )


class FaultyFile(AbstractContextManager[Callable[[pl.DataFrame, pl.DataFrame], None]]):
    """Writes the rows with faults, as they were in the file, each with its reasons: what a person sends back."""

    def __init__(self, batch: Batch, reading: Reading) -> None:
        self.path, self.headings = workspace(batch) / "faulty.csv", reading.headings

    def __enter__(self) -> Callable[[pl.DataFrame, pl.DataFrame], None]:
        self.file = open(self.path, "w", encoding="utf-8", newline="")
        self.writer = csv.writer(self.file)
        self.writer.writerow(["row", *self.headings, "what is wrong"])
        return self.add

    def add(self, chunk: pl.DataFrame, faults: pl.DataFrame) -> None:
        if not faults.height:
            return
        reasons = faults.group_by("row").agg(
            pl.concat_str(pl.col("field"), pl.lit(": "), pl.col("code"), pl.lit(" "), pl.col("value").fill_null(""))
            .str.strip_chars()
            .str.join("; ")
            .alias("why")
        )
        self.writer.writerows(chunk.join(reasons, on="row").sort("row").iter_rows())

    def __exit__(self, *_error: object) -> None:
        self.file.close()
