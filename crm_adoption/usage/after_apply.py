"""An import was applied: read the use that its records show. dataquality knows nothing of it, so it is listened to."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from crm_adoption.jobs.services import start
from crm_adoption.usage.models import Capability
from dataquality.models import Batch


def listen() -> None:
    post_save.connect(_batch_saved, sender=Batch, dispatch_uid="usage.after_apply")


def _batch_saved(instance: Batch, update_fields: frozenset[str] | None = None, **_signal: Any) -> None:
    told = update_fields is None or "state" in update_fields
    if told and instance.state == Batch.State.APPLIED:
        shown = Capability.objects.live().filter(tables__contains=[instance.table]).exclude(derived="")
        if shown.exists():
            transaction.on_commit(partial(start, "derive_use"), robust=True)
