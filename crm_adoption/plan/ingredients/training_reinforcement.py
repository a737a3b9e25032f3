"""10 Training and Reinforcement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from crm_adoption.plan.ingredients.base import Check, Declared, Measure, Measured, Unit
from training import queries


def _of(figure: Callable[[datetime], queries.Figure | None]) -> Measure:
    """What training says of itself, as a reading."""

    def measure(now: datetime) -> Measured | None:
        found = figure(now)
        return None if found is None else Measured(found.value, found.n, found.at, found.detail)

    return measure


INGREDIENT: Declared = Declared(
    slug="training-reinforcement",
    order=10,
    name="Training and Reinforcement",
    meaning="Training is one part, role-based: basic navigation together, then by job role. How the process will "
    "change is more than half of what is learned, and reinforcement keeps it.",
    sources=(
        ("P58", "Most people think of training first; it is one part of ten."),
        ("P59", "Role-based: basic navigation together, then by job role."),
        ("P60", "How the process will change is more than 50 % of what is learned; that raises retention."),
        ("P61", "The authors' list breaks off here. What is checked beside it comes from related sources: "
         "reinforcement three to four weeks after go-live (Gartner, quoted by WalkMe), and validation of training "
         "success and training as an ongoing process (Microsoft's Dynamics 365 implementation guide)."),
    ),
    checks=(
        Check(
            "training.completion", "Curricula completed", 0.5, 0.95, Unit.SHARE,
            "Courses completed of those that people's job roles ask for.",
            "Record courses, sessions and completions.",
            url_name="training-courses", measure=_of(queries.curricula_completed),
        ),
        Check(
            "training.process-share", "Minutes about the process", 0.3, 0.6, Unit.SHARE,
            "Minutes about how work changes, of all minutes in a role's curriculum; under half always warns.",
            "Record the minutes of each course about process and about the tool.", fresh_days=370,
            url_name="training-courses", measure=_of(queries.process_minutes),
        ),
        Check(
            "training.reinforced", "Reinforced in time", 0.0, 0.8, Unit.SHARE,
            "People who took a reinforcement session or a follow-up quiz 21 to 42 days after their release went live, "
            "of all whom it reached; counted once those days are over.",
            "Name the day each release goes live, and record reinforcement sessions or follow-up quizzes.",
            fresh_days=100, url_name="training-go-lives", measure=_of(queries.reinforced_in_time),
        ),
        Check(
            "training.retention", "What is still known", 0.5, 0.9, Unit.SHARE,
            "Score weeks later, divided by the score on the last day.",
            "Record exit and follow-up scores.", fresh_days=120,
            url_name="training-courses", measure=_of(queries.still_known),
        ),
        Check(
            "training.not-doing", "Trained but not doing", 0.5, 0.1, Unit.SHARE,
            "Trained people whose role's core use cases do not show in the usage.",
            "Import usage beside completions.",
            url_name="training-courses", measure=_of(queries.not_doing),
        ),
    ),
)  # fmt: skip
