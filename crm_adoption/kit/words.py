"""How figures, moments and states are said on pages: one place, so that they are said alike everywhere."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Number = int | float | Decimal
MINUTE, HOUR, DAY = 60, 3600, 86_400


class Tone(NamedTuple):
    """How a state looks: a colour class and an icon, so that it reads without colour."""

    name: str
    icon: str


GOOD, ACT, WARN, BAD, CALM = (
    Tone("good", "circle-check"),
    Tone("act", "circle-dot"),
    Tone("warn", "alert-triangle"),
    Tone("bad", "circle-x"),
    Tone("calm", "circle"),
)
LOCKED, RUNNING, WAITING = Tone("bad", "lock"), Tone("act", "loader-2"), Tone("calm", "clock")
TONES = {
    **dict.fromkeys(("good", "pass", "passed", "done", "applied", "finished", "succeeded", "accepted", "active"), GOOD),
    **dict.fromkeys(("clean", "kept", "won", "resolved", "verified", "repaired", "success"), GOOD),
    "open": Tone("good", "lock-open"),
    **dict.fromkeys(("act", "ready", "new", "proposed", "suggested", "staged", "previewed", "corrected"), ACT),
    **dict.fromkeys(("running", "applying", "reading", "claimed"), RUNNING),
    **dict.fromkeys(("warn", "warning", "at_risk", "due", "waiting", "overridden", "stamped", "changed"), WARN),
    **dict.fromkeys(("bad", "fail", "failed", "error", "wrong", "faulty", "overdue", "broken", "lost"), BAD),
    **dict.fromkeys(("locked", "blocked", "sealed"), LOCKED),
    **dict.fromkeys(("queued", "pending", "scheduled", "later"), WAITING),
    **dict.fromkeys(("cancelled", "discarded", "gone", "closed"), Tone("calm", "ban")),
    "waived": Tone("calm", "eye-off"),
}


def tone_of(state: object) -> Tone:
    """The look of a state; a word we do not know is calm."""
    return TONES.get(str(state).lower().replace(" ", "_").replace("-", "_"), CALM)


def number(value: Number | None, digits: int | None = None) -> str:
    """A number with thousands separators in the reader's language; a dash where there is none."""
    if value is None:
        return "–"
    if digits is None:
        digits = 0 if value == int(value) else 1
    return str(number_format(f"{value:.{digits}f}", decimal_pos=digits, use_l10n=True, force_grouping=True))


def percent(rate: Number | None, digits: int = 1) -> str:
    """A rate from 0 to 1 as per cent. Rounding never turns "a few" into none or "nearly" into all."""
    if rate is None:
        return "–"
    value, least = float(rate) * 100, 10**-digits
    if 0 < value < least:
        return f"< {number(least, digits)} %"
    if 100 - least < value < 100:
        return f"> {number(100 - least, digits)} %"
    return f"{number(value, 0 if value == round(value) else digits)} %"


def ago(moment: datetime | date, now: datetime | None = None) -> str:
    """How long ago, or how soon, in one unit: "5 minutes ago", "in 3 days"."""
    now = now or timezone.now()
    if not isinstance(moment, datetime):
        days = (timezone.localdate(now) - moment).days
        return _day_words(days)
    seconds = (now - moment).total_seconds()
    size = abs(seconds)
    if size < MINUTE:
        return _("just now") if seconds >= 0 else _("in a moment")
    if size < HOUR:
        n = int(size // MINUTE)
        past = ngettext("%(n)d minute ago", "%(n)d minutes ago", n) % {"n": n}
        return past if seconds > 0 else ngettext("in %(n)d minute", "in %(n)d minutes", n) % {"n": n}
    if size < DAY:
        n = int(size // HOUR)
        past = ngettext("%(n)d hour ago", "%(n)d hours ago", n) % {"n": n}
        return past if seconds > 0 else ngettext("in %(n)d hour", "in %(n)d hours", n) % {"n": n}
    return _day_words(int(size // DAY) * (1 if seconds > 0 else -1))


def _day_words(days: int) -> str:
    if days == 0:
        return _("today")
    if days in (1, -1):
        return _("yesterday") if days == 1 else _("tomorrow")
    n = abs(days)
    if n >= 60:
        months = n // 30
        past = ngettext("%(n)d month ago", "%(n)d months ago", months) % {"n": months}
        return past if days > 0 else ngettext("in %(n)d month", "in %(n)d months", months) % {"n": months}
    past = ngettext("%(n)d day ago", "%(n)d days ago", n) % {"n": n}
    return past if days > 0 else ngettext("in %(n)d day", "in %(n)d days", n) % {"n": n}


def exact(moment: datetime | date) -> str:
    """The same moment in full, in the reader's time zone."""
    if isinstance(moment, datetime):
        return f"{date_format(timezone.localtime(moment), 'Y-m-d H:i:s T')}"
    return date_format(moment, "Y-m-d")
