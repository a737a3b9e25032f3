"""Will a team have the structure, the skill and the culture that is asked for, and by the day it is asked for? (M14)

Each of the three is rated 1 to 5 from time to time. Its pace is the median of all pairwise slopes of its ratings (Theil
1950, Sen 1968), and it is continued from the newest one; the part that gets there last decides for the team.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from math import ceil
from statistics import median

PARTS = ("structure", "skill", "culture")
FAR = 3650  # days; a pace that needs longer is none
Rated = tuple[date, Mapping[str, int]]  # the day, and the rating of each part


@dataclass(frozen=True)
class Outlook:
    """The part that gets there last, and when; `reached_on` None: not known, or not at this pace."""

    part: str
    rating: int
    reached_on: date | None
    paced: bool  # rated on two days at least, so that there is a pace

    def in_time(self, by: date | None) -> bool | None:
        """None where nothing can be said: no day to keep, or one rating that is too low and has no pace."""
        if self.reached_on is None:
            return False if self.paced and by is not None else None
        return None if by is None else self.reached_on <= by


def outlook(ratings: Sequence[Rated], needed: int) -> Outlook | None:
    """What is to be expected of a team, from its ratings in order of their days; None where it was never rated."""
    if not ratings:
        return None
    newest = ratings[-1][1]
    reached = {part: _reached([(on, said[part]) for on, said in ratings], needed) for part in PARTS}
    last = max(PARTS, key=lambda part: (reached[part] or date.max, -newest[part]))
    return Outlook(last, newest[last], reached[last], len({on for on, _said in ratings}) > 1)


def _reached(points: Sequence[tuple[date, int]], needed: int) -> date | None:
    """The day from which the rating is what is needed, as far as the ratings tell."""
    on, rating = points[-1]
    if rating >= needed:
        return on
    slopes = [(b - a) / (later - before).days for (before, a), (later, b) in combinations(points, 2) if later > before]
    pace = median(slopes) if slopes else 0.0
    days = ceil((needed - rating) / pace) if pace > 0 else FAR + 1
    return on + timedelta(days=days) if days <= FAR else None
