"""Constants of the plan outside the risk model: priors, each editable with history (model.md 3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Priors:
    """What the plan's alarms stand on; the sources are requirement rows."""

    design_stale_days: float = 365.0  # P7
    overload_from: float = 1.0  # P6: must-now effort beside capacity
    people_share_least: float = 0.25  # M19, M5: share of effort that goes to people
    small_change_days: float = 14.0  # P10: lead time to aim at
    lessons_to_close: float = 1.0  # P9
    delight_share: float = 0.05  # T30: reserve of each release
    forecast_days: float = 180.0  # how far a gate is forecast
    silent_after_days: float = 45.0  # M13: a sponsor is silent
    told_reach_least: float = 0.8  # of a role's people who were told before a release opens
    trial_coverage_least: float = 0.8  # P39: use cases tried as end-user
    first_impression_days: float = 30.0  # P38


MEANINGS = {
    "design_stale_days": "Days after which a frozen design must be validated anew.",
    "overload_from": "Must-now effort, as a multiple of the capacity, from which a phase is overloaded.",
    "people_share_least": "Share of a phase's effort that should go to people, at the least.",
    "small_change_days": "Days from request to release that a small change should take at most.",
    "lessons_to_close": "Lessons that must be written down before a phase closes.",
    "delight_share": "Share of each release kept for what merely delights.",
    "forecast_days": "Days ahead that a gate's opening is forecast.",
    "silent_after_days": "Days without a visible act after which a sponsor is silent.",
    "told_reach_least": "Share of a role's people who must have been told before a release opens.",
    "trial_coverage_least": "Share of a release's trials that must have counted and passed.",
    "first_impression_days": "Days after a go-live during which limits are tighter.",
}
