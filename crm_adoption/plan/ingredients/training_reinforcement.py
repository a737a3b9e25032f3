"""10 Training and Reinforcement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_noop as _

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
    name=_("Training and Reinforcement"),
    meaning=_("Training is one part, role-based: basic navigation together, then by job role. How the process will "
    "change is more than half of what is learned, and reinforcement keeps it."),
    sources=(
        ("P58", _("Most people think of training first; it is one part of ten.")),
        ("P59", _("Role-based: basic navigation together, then by job role.")),
        ("P60", _("Of what is learned, how the process will change is more than 50 %; that raises retention.")),
        ("P61", _("The authors' list breaks off here. What is checked beside it comes from related sources: "
         "reinforcement three to four weeks after go-live (Gartner, quoted by WalkMe), and validation of training "
         "success and training as an ongoing process (Microsoft's Dynamics 365 implementation guide).")),
    ),
    checks=(
        Check(
            "training.completion", _("Curricula completed"), 0.5, 0.95, Unit.SHARE,
            _("Courses completed of those that people's job roles ask for."),
            _("Record courses, sessions and completions."),
            url_name="training-courses", measure=_of(queries.curricula_completed),
        ),
        Check(
            "training.process-share", _("Minutes about the process"), 0.3, 0.6, Unit.SHARE,
            _("Minutes about how work changes, of all minutes in a role's curriculum; under half always warns."),
            _("Record the minutes of each course about process and about the tool."), fresh_days=370,
            url_name="training-courses", measure=_of(queries.process_minutes),
        ),
        Check(
            "training.reinforced", _("Reinforced in time"), 0.0, 0.8, Unit.SHARE,
            _("People who took a reinforcement session or a follow-up quiz 21 to 42 days after their release went "
            "live, of all whom it reached; counted once those days are over."),
            _("Name the day each release goes live, and record reinforcement sessions or follow-up quizzes."),
            fresh_days=100, url_name="training-go-lives", measure=_of(queries.reinforced_in_time),
        ),
        Check(
            "training.retention", _("What is still known"), 0.5, 0.9, Unit.SHARE,
            _("Score weeks later, divided by the score on the last day."),
            _("Record exit and follow-up scores."), fresh_days=120,
            url_name="training-courses", measure=_of(queries.still_known),
        ),
        Check(
            "training.not-doing", _("Trained but not doing"), 0.5, 0.1, Unit.SHARE,
            _("Trained people whose role's core use cases do not show in the usage."),
            _("Import usage beside completions."),
            url_name="training-courses", measure=_of(queries.not_doing),
        ),
    ),
)  # fmt: skip
