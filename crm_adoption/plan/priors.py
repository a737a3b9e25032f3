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
    first_roadblocks_most: float = 2.0  # P38: tighter limits in these days
    first_answer_hours_most: float = 24.0
    first_incidents_most: float = 2.0
    first_seconds_most: float = 3.0
    backslide_noise_most: float = 0.05  # T3: how seldom noise alone may bring such a fall
    backslide_change_least: float = 0.1  # T3: smaller falls are no alarm, however sure
    people_weight_least: float = 0.5  # M1: the people's readings' part of all weight
    committee_every_days: float = 42.0  # P21: the committee of champions meets
    unclaimed_after_days: float = 180.0  # M7: nobody has dealt with a customer for so long
    hand_over_days: float = 7.0  # M7: the new owner of a record is seen at it


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
    "first_roadblocks_most": "Open roadblocks in the first days after a go-live, at most.",
    "first_answer_hours_most": "Median hours to an answer in the first days after a go-live, at most.",
    "first_incidents_most": "Voices about work that stopped, in a week of the first days, at most.",
    "first_seconds_most": "Seconds of the slowest screen (p95) in the first days, at most.",
    "backslide_noise_most": "A fall after a release is an alarm if noise alone brings one as bad at most so often.",
    "backslide_change_least": "A fall after a release is an alarm from this share of the median before on.",
    "people_weight_least": "What the people's ingredients weigh of all ten, at the least.",
    "committee_every_days": "Days from one meeting of the committee of champions to the next, at most.",
    "unclaimed_after_days": "Days without any activity after which a customer is unclaimed.",
    "hand_over_days": "Days within which the new owner of a customer or deal should be seen at it.",
}
