"""When a course counts as done: cmi5's `moveOn` criteria, for evidence of any origin."""

from __future__ import annotations

from datetime import datetime

from training.models import Completion, Course


def done_at(move_on: str, *, completed: datetime | None, passed: datetime | None, begun: datetime) -> datetime | None:
    """The moment a rule was met; None while it is not. NotApplicable asks for nothing, so having begun suffices."""
    if move_on == Course.MoveOn.COMPLETED:
        return completed
    if move_on == Course.MoveOn.PASSED:
        return passed
    if move_on == Course.MoveOn.BOTH:
        return max(completed, passed) if completed and passed else None
    if move_on == Course.MoveOn.EITHER:
        return min((at for at in (completed, passed) if at), default=None)
    return begun


def settle(completion: Completion, course: Course) -> None:
    """Set `done_at` from what is known; the earliest of all moments is when it was begun."""
    moments = (completion.completed_at, completion.passed_at, completion.failed_at, completion.exit_at)
    begun = min((at for at in moments if at), default=None)
    completion.done_at = begun and done_at(
        course.move_on, completed=completion.completed_at, passed=completion.passed_at, begun=begun
    )
