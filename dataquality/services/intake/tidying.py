"""What broken-off work left behind: uploads without a batch, folders and staging tables of batches that are over."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from psycopg2 import sql

from dataquality.models import Batch
from dataquality.services.intake.deciding import discard
from dataquality.statements import execute, fetch

GRACE = timedelta(hours=24)  # an upload is kept before its batch is written, never the other way round
STAGING = "dataquality_stage_"


def tidy(now: datetime) -> dict[str, int]:
    """Remove what belongs to no batch, or to one that is over; safe beside running imports and safe to repeat."""
    return {"files": _files(now), "folders": _folders(), "tables": _tables()}


@transaction.atomic
def forget(batches: Iterable[Batch]) -> None:
    """Remove imports that were never applied, and their files, as if they had never been received."""
    for batch in batches:
        discard(batch)
        execute("DELETE FROM dataquality_batch WHERE id = %s", [batch.pk])  # nothing points at it: no table is scanned
        if not Batch.objects.filter(file=batch.file.name).exists():
            default_storage.delete(str(batch.file.name))


def _files(now: datetime) -> int:
    if not default_storage.exists("batches"):
        return 0
    removed = 0
    for folder in default_storage.listdir("batches")[0]:
        names = {f"batches/{folder}/{name}" for name in default_storage.listdir(f"batches/{folder}")[1]}
        wanted = Batch.objects.filter(file__in=names).exclude(state=Batch.State.DISCARDED)
        for name in names - set(wanted.values_list("file", flat=True)):
            if default_storage.get_modified_time(name) < now - GRACE:
                default_storage.delete(name)
                removed += 1
    return removed


def _over() -> set[int]:
    return set(
        Batch.objects.exclude(state__in=[Batch.State.RECEIVED, Batch.State.STAGED, Batch.State.CHECKED]).values_list(
            "pk", flat=True
        )
    )


def _folders() -> int:
    root = Path(settings.MEDIA_ROOT) / "staging"
    over, removed = _over(), 0
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.name.isdecimal() and int(folder.name) in over:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _tables() -> int:
    over, removed = _over(), 0
    for (name,) in fetch("SELECT tablename FROM pg_tables WHERE tablename LIKE %s", [f"{STAGING}%"]):
        number = name.removeprefix(STAGING).partition("_")[0]
        if number.isdecimal() and int(number) in over:
            execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(name)))
            removed += 1
    return removed
