"""10 Training and Reinforcement."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from crm_adoption.plan.ingredients.base import Check, Declared, Measured, Unit
from crm_adoption.plan.queries.pulse import start_of
from training import queries


def completion(now: datetime) -> Measured | None:
    """Courses done, of those that people's roles ask for."""
    done, asked = queries.completion_rate(now)
    return Measured(done / asked, asked, now, {}) if asked else None


def process_share(now: datetime) -> Measured | None:
    """Minutes about the process in all curricula, each role's weighed by its people (P60)."""
    found = queries.process_share()
    return None if found.share is None else Measured(found.share, found.all, now, {})


def reinforced(now: datetime) -> Measured | None:
    """People reinforced in the window after their go-live, of all who were to be."""
    done, asked, day = queries.reinforced(timezone.localdate(now))
    return Measured(done / asked, asked, start_of(day) if day else now, {}) if asked else None


def retention(now: datetime) -> Measured | None:
    """Follow-up scores beside exit scores, of everybody with both (P60)."""
    kept, n, newest = queries.retention(until=now)
    return None if kept is None else Measured(kept, n, newest or now, {})


def not_doing(now: datetime) -> Measured | None:
    """Trained people whose use cases do not show, of all trained; from as many as may be shown."""
    found = queries.trained_not_doing()
    if found.until is None or found.trained < found.shown_from:
        return None
    return Measured(found.not_doing / found.trained, found.trained, start_of(found.until), {})


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
    ),
    checks=(
        Check(
            "training.completion", "Curricula completed", 0.5, 0.95, Unit.SHARE,
            "Courses completed of those that people's job roles ask for.",
            "Record courses, sessions and completions.",
            url_name="training-courses", measure=completion,
        ),
        Check(
            "training.process-share", "Minutes about the process", 0.3, 0.6, Unit.SHARE,
            "Minutes about how work changes, of all minutes in a role's curriculum; under half always warns.",
            "Record the minutes of each course about process and about the tool.", fresh_days=370,
            url_name="training-courses", measure=process_share,
        ),
        Check(
            "training.reinforced", "Reinforced in time", 0.0, 0.8, Unit.SHARE,
            "People who had a reinforcement 21 to 42 days after their training.",
            "Record follow-up sessions.", fresh_days=100,
            url_name="training-sessions", measure=reinforced,
        ),
        Check(
            "training.retention", "What is still known", 0.5, 0.9, Unit.SHARE,
            "Score weeks later, divided by the score on the last day.",
            "Record exit and follow-up scores.", fresh_days=120,
            url_name="training-courses", measure=retention,
        ),
        Check(
            "training.not-doing", "Trained but not doing", 0.5, 0.1, Unit.SHARE,
            "Trained people whose role's core use cases do not show in the usage.",
            "Import usage beside completions.",
            url_name="training-courses", measure=not_doing,
        ),
    ),
)  # fmt: skip
