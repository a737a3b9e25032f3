"""What a job may end with, and the register of kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from crm_adoption.jobs.running import Running

Work = Callable[["Running"], dict[str, int]]
QUEUES = ("interactive", "bulk")


class Interrupted(Exception):
    """The work is to stop here; nothing of the open transaction stays."""


class Cancelled(Interrupted):
    """Somebody asked to cancel."""


class Superseded(Interrupted):
    """The attempt is no longer ours: another one may be running."""


class Stopping(Interrupted):
    """The worker is being shut down; the job goes back and another worker takes it."""


class GiveUp(Exception):
    """No further attempt can help: a reason as a class (`file_refused`) and a sentence for people."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason, self.sentence = reason, sentence


@dataclass(frozen=True)
class Kind:
    name: str
    queue: str
    function: Work
    label: str | Promise


_kinds: dict[str, Kind] = {}


def work(name: str, *, queue: str, label: str | Promise = "") -> Callable[[Work], Work]:
    """Register a function as the work of jobs of this kind; the counts it returns are stored on the job.

    `label` is how people read it; without one it is the kind in words.
    """
    if queue not in QUEUES:
        raise ValueError(f"{name} names the queue {queue!r}; there are {' and '.join(QUEUES)}.")

    def register(function: Work) -> Work:
        known = _kinds.get(name)
        if known is not None and known.function.__module__ != function.__module__:
            raise ValueError(f"{name} is already the work of {known.function.__module__}.")
        _kinds[name] = Kind(name, queue, function, label or name.replace("_", " ").capitalize())
        return function

    return register


def find(name: str) -> Kind | None:
    return _kinds.get(name)
