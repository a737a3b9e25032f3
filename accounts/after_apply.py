"""Accounts were imported: compare the systems anew. dataquality knows nothing of agreement, so accounts listen."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from accounts.models import Account
from crm_adoption.jobs.services import start
from dataquality.models import Batch


def listen() -> None:
    post_save.connect(_batch_saved, sender=Batch, dispatch_uid="accounts.after_apply")


def _batch_saved(instance: Batch, update_fields: frozenset[str] | None = None, **_signal: Any) -> None:
    told = update_fields is None or "state" in update_fields
    if told and instance.state == Batch.State.APPLIED and instance.table == Account._meta.label_lower:
        transaction.on_commit(partial(start, "compare_sources"), robust=True)
