"""What a group's culture says of the pace of change it bears and the resistance to expect (M6).

The seed says that the back office has steeped, documented processes and that sales and marketing are free-form. A CRM
brings structure, so it asks more of those who had less of it. The numbers are priors, editable in the constants.
"""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

PACE = {
    1: _("Write the new procedure down first; once it stands, the team follows it."),
    2: _("Write the new procedure down first, and try it with two people."),
    3: _("Show the new way on real records before it counts."),
    4: _("Small steps, each with something to gain; let champions go first."),
    5: _("One small change at a time, chosen by the team; leave free what need not be fixed."),
}


class Resistance(StrEnum):
    """How much resistance is to be expected from what lands beside what can be borne."""

    LOW = "low"
    SOME = "some"
    HIGH = "high"


def bearable(cap: float, *, culture: int, discount: float) -> float:
    """The impact a team bears in a quarter: cap x (1 - discount x (culture - 1)), never below nothing."""
    return max(0.0, cap * (1 - discount * (culture - 1)))


def resistance(load: float, bears: float) -> Resistance:
    """Low up to half of what can be borne, some up to all of it, high above."""
    if load <= bears / 2:
        return Resistance.LOW
    return Resistance.SOME if load <= bears else Resistance.HIGH
