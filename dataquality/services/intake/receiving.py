"""Keep an upload, and open a batch for it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Batch, Source

Report = Callable[[int, int | None, str], None]
Effects = Callable[[], AbstractContextManager[None]]  # a transaction in which the caller may write


def silent(done: int, total: int | None, message: str) -> None:
    """A report nobody reads."""


def receive(
    file: IO[bytes],
    *,
    name: str,
    source: Source,
    by: Person | None,
    now: datetime,
    taken_at: datetime | None = None,
    product: str = "",
    table: str = "",
    full: bool = False,
    idempotency_key: str = "",
) -> Batch:
    """Keep an upload under its content's name and open a batch for it; nothing of it is read yet."""
    if table:
        table = subjects.resolve(table).slug
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as copy:
        while part := file.read(1 << 20):
            size += len(part)
            if size > settings.UPLOAD_MAX_BYTES:
                raise Refusal(
                    _("%(name)s is larger than %(most)s MB; export it in parts, or raise UPLOAD_MAX_BYTES.")
                    % {"name": name, "most": settings.UPLOAD_MAX_BYTES // 1_000_000},
                    code="too_large",
                )
            digest.update(part)
            copy.write(part)
        copy.seek(0)
        sha256 = digest.hexdigest()
        path = f"batches/{sha256[:2]}/{sha256}"
        if not default_storage.exists(path):
            path = default_storage.save(path, File(copy))
    failpoint("import.received")
    return Batch.objects.create(
        source=source,
        file=path,
        file_name=Path(name).name[:255] or "upload",
        sha256=sha256,
        size=size,
        taken_at=taken_at or now,
        product=product,
        table=table,
        is_full=full,
        received_by=by,
        idempotency_key=idempotency_key,
    )


def received_before(key: str, *, by: Person | None) -> Batch | None:
    """The batch that this person's request of this key has made, if it was sent before."""
    return Batch.objects.filter(received_by=by, idempotency_key=key).select_related("source").first() if key else None


def has_content(batch: Batch, file: IO[bytes]) -> bool:
    """Are these the very bytes of the batch?"""
    digest = hashlib.sha256()
    while part := file.read(1 << 20):
        digest.update(part)
    return digest.hexdigest() == batch.sha256


def applied_before(batch: Batch) -> Batch | None:
    """The batch in which these very bytes were applied, if they were."""
    same = Batch.objects.applied().filter(source=batch.source, sha256=batch.sha256, table=batch.table)
    return same.exclude(pk=batch.pk).order_by("-pk").first()


def workspace(batch: Batch) -> Path:
    return Path(settings.MEDIA_ROOT) / "staging" / str(batch.pk)
