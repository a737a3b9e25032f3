"""An import was applied: ask for fresh readings. dataquality knows nothing of the plan, so the plan listens."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from crm_adoption.jobs.services import start
from dataquality.models import Batch


def listen() -> None:
    post_save.connect(_batch_saved, sender=Batch, dispatch_uid="plan.after_apply")


def _batch_saved(instance: Batch, update_fields: frozenset[str] | None = None, **_signal: Any) -> None:
    told = update_fields is None or "state" in update_fields
    if told and instance.state == Batch.State.APPLIED:
        transaction.on_commit(partial(start, "take_readings"), robust=True)
