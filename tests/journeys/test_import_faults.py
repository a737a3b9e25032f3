"""Workers are killed at every step of an import, and uploads break off: each row arrives once, or not at all."""

from __future__ import annotations

import io
import os
import socket
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.core.signals import request_finished
from django.utils import timezone

from accounts.models import Opportunity
from crm_adoption.jobs.doorbell import doorbell
from crm_adoption.jobs.models import Job
from crm_adoption.kit.access import INTEGRATION, STEWARD
from dataquality.models import Batch, Source
from dataquality.services import intake
from tests import make
from tests.browser.fixtures import session_of
from tests.dataquality.imports import applied, deal, deals
from tests.jobs.workers import wait_until
from tests.journeys.maven import mirror
from tests.journeys.terminal import manage

pytestmark = [
    pytest.mark.fault,
    pytest.mark.django_db(transaction=True),
]
STAGING = ("import.after_sniff", "import.mid_stage", "import.after_stage")
APPLYING = ("import.half", "import.before_commit")
ROWS = 2_000
FATES = ("rows", "new", "changed", "same", "faulty", "with_warnings", "quarantined", "repeated", "gone")


def content() -> bytes:
    """Deals of which some close before they open, some repeat an id, and one has no id at all."""
    rows = [
        deal(f"D-{n:05}", account="" if n % 7 == 0 else "Acme", closed="01-10-2016" if n % 50 == 0 else "31-12-2016")
        for n in range(ROWS - 3)
    ]
    return deals(*rows, deal("D-00001"), deal("D-00002", value="7"), deal(""))


def received(source: Source) -> Batch:
    return intake.receive(io.BytesIO(content()), name="pipeline.csv", source=source, by=None, now=timezone.now())


def work_on(batch: Batch, kind: str, queue: str) -> Job:
    """A job on a queue of its own, so that exactly the worker prepared for it gets it."""
    job = Job.objects.create(kind=kind, scope=str(batch.pk), queue=queue)
    doorbell.ring(job.pk, queue)
    return job


def finished(job: Job) -> bool:
    return not Job.objects.unfinished().filter(pk=job.pk).exists()


def done(batch: Batch, kind: str, queue: str) -> Job:
    job = work_on(batch, kind, queue)
    wait_until(partial(finished, job), 40, f"{kind} on {queue} did not recover")
    job.refresh_from_db()
    assert (queue, job.state, job.message if job.state != "done" else "") == (queue, "done", "")
    return job


def counted(batch: Batch) -> dict[str, Any]:
    return {fate: batch.counts.get(fate) for fate in FATES}


@pytest.fixture
def undisturbed(transactional_db: None) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the same file becomes when nothing happens to it: its counts and all that is in the mirror."""
    source = make.source(name="undisturbed")
    batch = applied(source, content())
    assert batch.counts["new"] == ROWS - 3
    return counted(batch), mirror(source)


def check(batch: Batch, undisturbed: tuple[dict[str, Any], dict[str, Any]]) -> None:
    batch = Batch.objects.select_related("source").get(pk=batch.pk)
    assert (batch.state, counted(batch)) == (Batch.State.APPLIED, undisturbed[0])
    assert mirror(batch.source) == undisturbed[1]
    assert default_storage.exists(str(batch.file))
    wait_until(lambda: not intake.workspace(batch).exists(), 10, "the rooms of the reading are left")


def test_a_child_killed_twice_at_any_step_of_an_import_changes_nothing_of_its_outcome(
    start_worker, undisturbed, tmp_path
):
    workers = {"others": start_worker("others")}
    for point in (*STAGING, *APPLYING):
        how = {"CRMA_FAILPOINT": f"{point}:kill:1-2", "CRMA_FAILPOINT_HITS": str(tmp_path / f"hits-{point}")}
        workers[point] = start_worker(point, queues=point, **how)
    for worker in workers.values():
        worker.ready()

    for point in (*STAGING, *APPLYING):
        batch = received(make.source(name=point))
        staged, put = done(batch, "stage_batch", point), done(batch, "apply_batch", point)

        attempts = (3, 1) if point in STAGING else (1, 3)
        assert (point, staged.attempts, put.attempts) == (point, *attempts)
        assert (tmp_path / f"hits-{point}").stat().st_size >= 3
        check(batch, undisturbed)


def test_a_whole_worker_killed_in_the_middle_of_an_import_is_replaced_by_another(start_worker, undisturbed, tmp_path):
    points = {"import.mid_stage": "stage_batch", "import.before_commit": "apply_batch"}
    doomed = {}
    for point in points:
        how = {"CRMA_FAILPOINT": f"{point}:sleep=120:1", "CRMA_FAILPOINT_HITS": str(tmp_path / f"hits-{point}")}
        doomed[point] = start_worker(point, queues=point, **how)
    survivor = start_worker("survivor")
    for worker in (*doomed.values(), survivor):
        worker.ready()

    for point, kind in points.items():
        batch = received(make.source(name=point))
        if kind == "apply_batch":
            done(batch, "stage_batch", "interactive")
        before = Opportunity.objects.count()
        job = work_on(batch, kind, point)
        wait_until((tmp_path / f"hits-{point}").exists, 30, f"{point} was not reached")

        doomed[point].kill()
        assert Opportunity.objects.count() == before
        Job.objects.filter(pk=job.pk).update(queue="bulk")  # its own queue has no worker left
        wait_until(partial(finished, job), 40, f"{point} did not recover")

        job.refresh_from_db()
        assert (job.state, job.attempts) == ("done", 2)
        if kind == "stage_batch":
            done(batch, "apply_batch", "bulk")
        check(batch, undisturbed)


def test_a_command_killed_when_the_file_is_kept_leaves_no_batch_and_may_simply_be_repeated(transactional_db, tmp_path):
    file = tmp_path / "pipeline.csv"
    file.write_bytes(content())
    words = ("import_crm", file, "--source", "Terminal", "--apply")

    with pytest.raises(CommandError, match="-9"):
        manage(*words, CRMA_FAILPOINT="import.received:kill")
    assert not Batch.objects.exists()

    manage(*words)
    assert Batch.objects.get().state == Batch.State.APPLIED
    assert Opportunity.objects.count() == ROWS - 3


def kept() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


@pytest.fixture
def break_off(live_server: Any, settings: Any, tmp_path: Path) -> Callable[[str, dict[str, str], bytes], None]:
    """Send the head and half of a body, then close the connection; returns when the server has given it up."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    address = urlsplit(live_server.url)

    def send(path: str, headers: dict[str, str], body: bytes) -> None:
        over = threading.Event()
        told = partial(_tell, over)
        request_finished.connect(told)
        head = {"Host": address.netloc, "Content-Length": str(len(body)), **headers}
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        try:
            with socket.create_connection((str(address.hostname), int(address.port or 0))) as line:
                line.sendall("\r\n".join(lines).encode() + body[: len(body) // 2])
            assert over.wait(60), "the server still waits for the rest"
        finally:
            request_finished.disconnect(told)

    return send


def _tell(over: threading.Event, **_: Any) -> None:
    over.set()


@pytest.mark.parametrize("door", ["page", "api", "ndjson"])
def test_an_upload_that_breaks_off_leaves_no_batch_and_no_file(transactional_db, break_off, tmp_path, door):
    parts = b"".join(
        b'--rim\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % part
        for part in ((b"new_source", b"Broken"), (b"source", b"" if door == "page" else b"Broken"))
    )
    head = b'--rim\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    body = parts + head + os.urandom(6_000_000).hex().encode() + b"\r\n--rim--\r\n"
    headers, path = {"Content-Type": "multipart/form-data; boundary=rim"}, "/api/v1/batches/"
    if door == "page":
        path, token = "/imports/new/", "a" * 32
        headers |= {"Cookie": f"session={session_of(STEWARD)}; csrf={token}", "X-CSRFToken": token}
    else:
        text = make.token(make.person(groups=[INTEGRATION]), scopes=["import"])[1]
        headers["Authorization"] = f"Token {text}"
    if door == "ndjson":
        path, headers["Content-Type"] = f"{path}?source=Broken&table=accounts", "application/x-ndjson"
        body = b'{"id": "1", "name": "Acme"}\n' * 200_000
    before = kept()

    break_off(path, headers, body)

    assert not Batch.objects.exists()
    assert not Job.objects.exists()
    assert kept() == before
    assert not list(tmp_path.iterdir())
