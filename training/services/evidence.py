"""Evidence of learning, whatever brought it, merged into what is known of somebody and a course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from training.models import Completion, Course
from training.move_on import settle

What = Literal["completed", "passed", "failed"]
FIELDS = ["completed_at", "passed_at", "failed_at", "exit_score", "exit_at", "done_at", "updated_at"]


@dataclass(frozen=True)
class Evidence:
    """Somebody went through a course, passed or failed its test; a score is a share of 1."""

    person_id: int
    course: Course
    what: What
    at: datetime
    via: str
    score: float | None = None


@transaction.atomic
def record(found: Sequence[Evidence], *, now: datetime) -> int:
    """Merge evidence into completions; returns how many changed. In any order and any number of times: the same end.

    The first completion and pass count, the last failure, and the score of the latest test (the better of two at the
    same moment).
    """
    vias = {(one.person_id, one.course.pk, one.course.version_at(one.at)): one.via for one in found}
    Completion.objects.bulk_create(
        [
            Completion(person_id=person, course_id=course, course_version=version, via=via)
            for (person, course, version), via in sorted(vias.items())
        ],
        ignore_conflicts=True,
    )
    rows = Completion.objects.filter(
        person__in={key[0] for key in vias}, course__in={key[1] for key in vias}
    ).select_for_update().order_by("pk")  # fmt: skip
    known = {(one.person_id, one.course_id, one.course_version): one for one in rows}
    changed: dict[int, Completion] = {}
    for one in found:
        row = known[one.person_id, one.course.pk, one.course.version_at(one.at)]
        before = _said(row)
        _merge(row, one)
        settle(row, one.course)
        if _said(row) != before:
            row.updated_at = now
            changed[row.pk] = row
    Completion.objects.bulk_update(changed.values(), FIELDS, batch_size=500)
    return len(changed)


def _said(row: Completion) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in FIELDS[:-1])


def _merge(row: Completion, one: Evidence) -> None:
    if one.what == "completed":
        row.completed_at = min(one.at, row.completed_at or one.at)
    elif one.what == "passed":
        row.passed_at = min(one.at, row.passed_at or one.at)
    else:
        row.failed_at = max(one.at, row.failed_at or one.at)
    if one.score is not None:
        latest = (row.exit_at, row.exit_score) if row.exit_at and row.exit_score is not None else None
        if latest is None or (one.at, one.score) > latest:
            row.exit_at, row.exit_score = one.at, one.score
