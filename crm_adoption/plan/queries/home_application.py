"""How much of a role's work with the CRM is done inside the program in which it works anyway (P32)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from crm_adoption.kit.charts import Chart, Series
from crm_adoption.people.models import JobRole
from crm_adoption.plan.models import AccessPath
from crm_adoption.plan.queries.standing import constants
from crm_adoption.usage.queries import channels


@dataclass(frozen=True)
class ClientShare:
    """One client as logs write it, and its part of the role's use."""

    name: str
    share: float
    is_home: bool  # a way inside a program of the role's own
    is_known: bool  # does a way of the role go by that name?


@dataclass(frozen=True)
class RoleHome:
    """One role: the programs it works in, and the part of its use that came through them."""

    role: JobRole
    homes: Sequence[AccessPath]
    people: int  # whose use names its client
    counted: int  # actions of theirs that do
    at_home: int
    clients: Sequence[ClientShare]  # empty where fewer people than may be shown
    shown_from: int

    @property
    def is_shown(self) -> bool:
        return self.people >= self.shown_from and self.counted > 0

    @property
    def share(self) -> float | None:
        """At home / all whose client is known; none without such a way, or of too few people."""
        return self.at_home / self.counted if self.homes and self.is_shown else None

    @property
    def why_not(self) -> str:
        """Why there is no share, in one sentence; empty where there is one."""
        if not self.homes:
            return _("no way inside a program of its own is open")
        if self.is_shown:
            return ""
        return _("too few people whose use names its client")


@dataclass(frozen=True)
class AtHome:
    """All roles with an own program or with use whose client is known, and what the figures stand on."""

    roles: Sequence[RoleHome]
    until: date | None
    known: float | None

    @property
    def shown(self) -> list[RoleHome]:
        return [one for one in self.roles if one.share is not None]

    @property
    def unknown(self) -> list[tuple[str, RoleHome]]:
        """Clients that no way of their role goes by: add their word to the way that is meant."""
        return [(client.name, one) for one in self.roles for client in one.clients if not client.is_known]

    def chart(self) -> Chart:
        return Chart(
            kind="bar", horizontal=True, unit="%", maximum=1.0, head=_("Job role"),
            categories=[str(one.role) for one in self.shown],
            series=[Series(_("Inside its own program"), [one.share for one in self.shown])],
        )  # fmt: skip


def at_home(today: date) -> AtHome:
    """Each role's share of use inside its own program, over the 28 days up to the newest day whose client is known."""
    told, least = channels(today), int(constants().claims_shown_from)
    found = []
    for role in JobRole.objects.prefetch_related("access_paths"):
        paths = list(role.access_paths.all())
        homes = [path for path in paths if path.embedded and path.state == AccessPath.State.OPEN]
        used = told.roles.get(role.pk)
        if used is None and not homes:
            continue
        home_words = set().union(*(path.words for path in homes))
        words = set().union(*(path.words for path in paths))
        counts = used.counts if used else {}
        people, counted = (used.people, used.all) if used else (0, 0)
        clients = [
            ClientShare(name, n / counted, name.casefold() in home_words, name.casefold() in words)
            for name, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
        inside = sum(n for name, n in counts.items() if name.casefold() in home_words)
        shown = clients if people >= least else []
        found.append(RoleHome(role, homes, people, counted, inside, shown, least))
    return AtHome(sorted(found, key=lambda one: (one.share is None, -(one.share or 0.0), one.role.name)), told.until,
                  told.known)  # fmt: skip
