"""Made-up contacts with known duplicates in the mirror, as if an import had brought them; the same from a seed."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import connection
from django.utils import timezone

from benchmarks.matching_data import make_contacts

FIELDS = {
    "first_name": "given_name", "last_name": "family_name", "email": "email", "phone": "phone", "title": "job_title",
    "street": "street", "city": "city", "postcode": "postcode", "country": "country",
}  # fmt: skip
BLANKS = ("full_name", "mobile", "region", "department", "consent", "owner_ref")


def fill(rows: int, *, seed: int, duplicates: float = 0.15) -> pl.DataFrame:
    """Put so many live contacts and their accounts into empty tables; returns record ids and who each one truly is."""
    from dataquality.models import Batch, Source

    made = make_contacts(rows, duplicates=duplicates, seed=seed)
    now = timezone.now()
    source = Source.objects.create(name=f"Made up {seed}")
    known = {"source": source, "file_name": "made.csv", "sha256": "0" * 64, "size": 1, "taken_at": now}
    batches = {
        table: Batch.objects.create(table=table, state=Batch.State.APPLIED, applied_at=now, **known)
        for table in ("accounts.account", "contacts.contact")
    }
    companies = made.select(name=pl.col("company").fill_null("")).unique().filter(pl.col("name") != "").sort("name")
    companies = companies.with_row_index("id", 1)
    _accounts(companies, source.pk, batches["accounts.account"].pk)
    _contacts(made, companies, source.pk, batches["contacts.contact"].pk)
    return made.select(record_id=pl.int_range(1, rows + 1, dtype=pl.Int64), truth="truth")


def _accounts(companies: pl.DataFrame, source: int, batch: int) -> None:
    blank = ("parent_ref", "website", "phone", "street", "city", "region", "postcode", "country", "industry", "segment")
    frame = companies.select(
        "id", "name", external_id=pl.format("A{}", "id"), source_id=pl.lit(source), owner_ref=pl.lit(""),
        first_batch_id=pl.lit(batch), last_batch_id=pl.lit(batch), **{name: pl.lit("") for name in blank},
    )  # fmt: skip
    _copy("accounts_account", frame)


def _contacts(made: pl.DataFrame, companies: pl.DataFrame, source: int, batch: int) -> None:
    frame = (
        made.drop("id")
        .with_row_index("id", 1)
        .join(companies.select(company="name", account_id="id"), on="company", how="left", maintain_order="left")
    )
    fields: dict[str, Any] = {ours: pl.col(theirs).fill_null("") for theirs, ours in FIELDS.items()}
    frame = frame.select(
        "id", "account_id", external_id=pl.format("C{}", "id"), source_id=pl.lit(source),
        account_ref=pl.format("A{}", "account_id").fill_null(""),
        first_batch_id=pl.lit(batch), last_batch_id=pl.lit(batch), **fields, **{name: pl.lit("") for name in BLANKS},
    )  # fmt: skip
    _copy("contacts_contact", frame)


def _copy(table: str, frame: pl.DataFrame) -> None:
    from dataquality.services.copying import copy
    from dataquality.statements import execute

    copy(table, frame.columns, frame)
    execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {frame.height + 1})")
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")
