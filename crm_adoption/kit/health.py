"""Is it well? `/healthz` says that the process answers, `/readyz` that it can do its work.

Apps of higher floors add a check of their own in `apps.py: ready()`. A check returns a short sentence, or raises
django-health-check's `ServiceWarning` (degraded, still 200) or any other of its exceptions (not ready, 503).
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from health_check.checks import Database
from health_check.exceptions import HealthCheckException, ServiceUnavailable, ServiceWarning
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

Check = Callable[[], object]
PATIENCE = 3.0  # seconds for all checks together: a frozen server is an answer too
OK, DEGRADED, DOWN = "ok", "degraded", "down"

log = logging.getLogger(__name__)
_checks: dict[str, Check] = {}
_threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")


@dataclass(frozen=True)
class Finding:
    """What one check found: `ok`, `degraded` (work goes on) or `down`, and one sentence."""

    state: str
    sentence: str


def register(name: str, check: Check) -> None:
    """Add a check to `/readyz`; the same name again replaces the earlier one."""
    _checks[name] = check


def findings(checks: Mapping[str, Check] | None = None, *, patience: float = PATIENCE) -> dict[str, Finding]:
    """Run the checks side by side, each on a thread with a connection of its own, and wait at most `patience` s."""
    wanted = dict(_checks if checks is None else checks)
    running = {name: _threads.submit(_alone, check) for name, check in wanted.items()}
    deadline = monotonic() + patience
    return {name: _outcome(name, future, deadline) for name, future in running.items()}


def _alone(check: Check) -> object:
    try:
        return check()
    finally:
        connections.close_all()


def _outcome(name: str, future: Future[object], deadline: float) -> Finding:
    try:
        return Finding(OK, str(future.result(timeout=max(0.0, deadline - monotonic())) or "ok"))
    except ServiceWarning as warning:
        return Finding(DEGRADED, str(warning.message))
    except HealthCheckException as error:
        return Finding(DOWN, str(error.message))
    except Late:
        future.cancel()
        return Finding(DOWN, "No answer in time.")
    except DatabaseError:
        return Finding(DOWN, "The store does not answer.")
    except Exception:
        log.exception("The health check %s failed in a way it does not know", name)
        return Finding(DOWN, "The check itself failed; the log of the web process says why.")


# --- the checks of the ground floor ------------------------------------------------------------------------------


def store() -> str:
    """PostgreSQL answers `SELECT 1`."""
    Database().run()
    return "PostgreSQL answers."


def broker() -> str:
    """The broker is a doorbell only: without it jobs start at the next sweep, so the site is degraded, not down."""
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://", 1)
    try:
        with Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0)) as bell:
            bell.ping()
    except RedisError as error:
        raise ServiceWarning(f"The broker is away; jobs start within {2 * settings.JOB_SWEEP:.0f} s.") from error
    return "The broker answers."


def migrations() -> str:
    """Every migration this code knows is applied."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        raise ServiceUnavailable(f"{missing} migrations are not applied; run `python manage.py migrate`.")
    return "Every migration is applied."


def disk() -> str:
    """Room is left where files are kept (for the store's own volume ask its server)."""
    place = Path(settings.MEDIA_ROOT)
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    sentence = f"{free / 1e9:.1f} GB free for files."
    if free < settings.DISK_FREE_MIN_BYTES:
        raise ServiceWarning(f"Only {sentence} Imports may be refused; make room.")
    return sentence


register("store", store)
register("migrations", migrations)
register("broker", broker)
register("disk", disk)

# --- the two addresses -------------------------------------------------------------------------------------------


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; no other server is asked."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> JsonResponse:
    """What each check found; 503 as soon as one is down, so that a proxy sends people elsewhere."""
    found = findings()
    states = {finding.state for finding in found.values()}
    worst = next((state for state in (DOWN, DEGRADED) if state in states), OK)
    body = {"state": worst, "checks": {name: {"state": f.state, "says": f.sentence} for name, f in found.items()}}
    return JsonResponse(body, status=503 if worst == DOWN else 200, headers={"Cache-Control": "no-store"})
