"""The long-lived processes: what `up` starts here, and docker-compose.yml word for word in production."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

QUEUES = ("interactive", "bulk")


@dataclass(frozen=True)
class Process:
    """One process: what stands after `python`, what it finds in its environment, seconds it gets to end well."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    patience: float


def web(bind: str) -> Process:
    """Gunicorn with threads: one process, so that its metrics are one; replicas multiply it."""
    arguments = (
        "-m", "gunicorn", "crm_adoption.wsgi:application", "--bind", bind, "--worker-class", "gthread",
        "--workers", "1", "--threads", "8", "--timeout", "120", "--graceful-timeout", "20", "--no-control-socket",
    )  # fmt: skip
    return Process("web", arguments, {"CRM_ADOPTION_PROCESS": "web", "STATEMENT_TIMEOUT": "30s"}, 25)


def worker(queue: str) -> Process:
    """A Celery worker on one queue.

    Its broker timeout exceeds its blocking pop; SIGTERM gives a running job back to the store at once.
    """
    name = f"worker-{queue}"
    arguments = (
        "-m", "celery", "--app", "crm_adoption.celery", "worker", "--queues", queue, "--hostname", f"{queue}@%h",
        "--concurrency", "1", "--without-gossip", "--without-mingle",
    )  # fmt: skip
    environment = {
        "CRM_ADOPTION_PROCESS": name,
        "BROKER_SOCKET_TIMEOUT": "10",
        "STATEMENT_TIMEOUT": "0" if queue == "bulk" else "5min",
    }
    return Process(name, arguments, environment, 30)


def beat() -> Process:
    """The timetable: exactly one runs."""
    arguments = ("-m", "celery", "--app", "crm_adoption.celery", "beat", "--pidfile", "")
    return Process("beat", arguments, {"CRM_ADOPTION_PROCESS": "beat", "STATEMENT_TIMEOUT": "30s"}, 10)


def in_stopping_order(bind: str) -> tuple[tuple[Process, ...], ...]:
    """No new wishes first, then no new timetable, then the work; each group ends before the next is asked to."""
    return ((web(bind),), (beat(),), tuple(worker(queue) for queue in QUEUES))
