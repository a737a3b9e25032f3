"""Import a small file the way the product does, in one call."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from dataquality.models import Batch, Source
from dataquality.services import intake

OPPORTUNITY = ["opportunity_id", "deal_stage", "product", "account", "engage_date", "close_date", "close_value"]


def table(headings: Sequence[str], *rows: Sequence[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode()


def deal(
    key: str, *, stage: str = "Won", product: str = "GTX", account: str = "Acme", opened: str = "20-10-2016",
    closed: str = "31-12-2016", value: str = "100",
) -> list[str]:  # fmt: skip
    return [key, stage, product, account, opened, closed, value]


def deals(*rows: Sequence[Any]) -> bytes:
    return table(OPPORTUNITY, *rows)


def received(source: Source, content: bytes, *, name: str, **said: Any) -> Batch:
    return intake.receive(io.BytesIO(content), name=name, source=source, by=None, now=timezone.now(), **said)


def checked(source: Source, content: bytes, *, name: str = "pipeline.csv", full: bool = False, **said: Any) -> Batch:
    """Received, staged and checked; `key` and `confirm` answer what a person would."""
    key, confirm = said.pop("key", None), said.pop("confirm", None)
    now: datetime = said.pop("now", None) or timezone.now()
    batch = intake.receive(io.BytesIO(content), name=name, source=source, by=None, now=now, full=full, **said)
    if confirm:
        batch = intake.answer(batch, choices={"confirmed": list(confirm)})
    batch = intake.stage(batch)
    if batch.state == Batch.State.REFUSED:
        return batch
    if key:
        batch = intake.set_mapping(batch, table=batch.table, mapping=batch.mapping, key=key)
    return intake.check(batch, now=now)


def applied(source: Source, content: bytes, **said: Any) -> Batch:
    batch = checked(source, content, **said)
    assert batch.state == Batch.State.CHECKED, batch.refusal
    return intake.apply(batch, by=None, now=said.get("now") or timezone.now())
