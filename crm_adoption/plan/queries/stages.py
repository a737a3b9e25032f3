"""Where the programme is in its cycle: assess, design, build, deploy, train, reinforce, and again (P52)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm_adoption.plan.models import Phase, Review
from crm_adoption.plan.queries import reviews
from training.models import Session
from training.queries import open_windows

NEAR = timedelta(days=30)  # before and after a go-live
COMING = timedelta(days=28)  # of sessions


@dataclass(frozen=True)
class Stage:
    """One of the six, with what goes on in it; several releases may be in several stages at once."""

    slug: str
    name: str
    sentence: str  # empty while nothing goes on in it
    url: str

    @property
    def is_now(self) -> bool:
        return bool(self.sentence)


def stages(now: datetime) -> Sequence[Stage]:
    """All six in their order; which of them goes on is told by the rows, never set by hand."""
    today = timezone.localdate(now)
    found = list(Phase.objects.exclude(state=Phase.State.CLOSED))
    draft = [one for one in found if one.state == Phase.State.DRAFT]
    approved = [one for one in found if one.state == Phase.State.APPROVED]
    live = [one for one in found if one.opened_at and one.state == Phase.State.OPEN and one.opened_at > now - NEAR]
    sessions = Session.objects.planned().filter(starts_at__range=(now, now + COMING)).count()
    plan = reverse("phases")
    return (
        Stage("assess", _("Assess"), _assessing(today), reverse("reviews")),
        Stage("design", _("Design"), _phases(len(draft), draft), plan),
        Stage("build", _("Build"), _phases(len(approved), approved), plan),
        Stage("deploy", _("Deploy"), _phases(len(live), live), plan),
        Stage(
            "train", _("Train"),
            ngettext("%(n)s session within four weeks", "%(n)s sessions within four weeks", sessions) % {"n": sessions}
            if sessions else "",
            reverse("training-sessions"),
        ),
        Stage(
            "reinforce", _("Reinforce"), ", ".join(str(window.go_live) for window in open_windows(today)),
            reverse("training-go-lives"),
        ),
    )  # fmt: skip


def _assessing(today: date) -> str:
    """A review is under way, or late; or nothing is planned, which is where every cycle begins."""
    if Review.objects.of_programme().filter(held_on=today).exists():
        return _("a review is held today")
    late = reviews.cycle(today).overdue
    if late:
        return ngettext("the review is %(n)s day late", "the review is %(n)s days late", late) % {"n": late}
    return "" if Phase.objects.exclude(state=Phase.State.CLOSED).exists() else _("nothing is planned yet")


def _phases(n: int, found: Sequence[Phase]) -> str:
    names = ", ".join(str(one) for one in found[:3])
    return _("%(names)s and %(more)s more") % {"names": names, "more": n - 3} if n > 3 else names
