"""A launch told as news of the program its readers work in anyway (P32): some never mention the web client."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm_adoption.plan.models import AccessPath
from crm_adoption.plan.queries.drafts import Draft, Part, Wish, draft


def drafted(wish: Wish, *, now: datetime, today: date) -> Draft:
    """The draft that is wished for; as news of the readers' own program where that is asked."""
    made = draft(wish, now=now, today=today)
    if not wish.at_home:
        return made
    with translation.override(wish.language):
        return Draft(wish, *_of_program(wish, made, today))


def _of_program(wish: Wish, made: Draft, today: date) -> tuple[str, list[Part]]:
    """The same as news of the program its readers have open all day: it was upgraded, and no other way is named."""
    parts = list(made.parts)
    ways = list(AccessPath.objects.filter(job_role__in=[role.pk for role in wish.roles]))
    homes = [way for way in ways if way.embedded and way.state == AccessPath.State.OPEN]
    programs = list(dict.fromkeys(way.client for way in homes))
    first = Part("at_home", _("What you will notice"))
    for role in wish.roles:
        if not any(way.job_role_id == role.pk for way in homes):
            first.lack(
                _("%(role)s: no way inside a program of their own is open.") % {"role": role},
                f"{reverse('access-paths')}?job_role={role.pk}",
            )
    if not programs:
        return made.subject, [first, *parts]
    first.lines += [_("You open “%(program)s” as always; what is new is inside it.") % {"program": one}
                    for one in programs]  # fmt: skip
    steps = min((way.steps for way in homes if way.steps is not None), default=None)
    if steps is not None:
        first.lines.append(_("The first useful screen is %(n)s steps away.") % {"n": steps})
    others = _names_of_others(ways, programs)
    for part in parts:
        _leave_out(part, others)
    program, day = " / ".join(programs), wish.phase.planned_end
    if wish.phase.opened_at or day is None or day < today:
        return _("“%(program)s” has been upgraded") % {"program": program}, [first, *parts]
    subject = _("“%(program)s” is upgraded on %(day)s") % {"program": program, "day": date_format(day)}
    return subject, [first, *parts]


def _names_of_others(ways: list[AccessPath], programs: list[str]) -> list[str]:
    """What every other way to the CRM is called, the readers' own and those of everybody else."""
    mine = {program.casefold() for program in programs}
    mine |= {word for way in ways if way.embedded for word in way.words}
    every = [name for way in AccessPath.objects.all() for name in (way.client, *way.logged_as)]
    return [name for name in dict.fromkeys(every) if name.casefold() not in mine]


def _leave_out(part: Part, others: list[str]) -> None:
    """Lines that name another way are no news of this program; what is left out is told as a gap."""
    kept = []
    for line in part.lines:
        named = next((name for name in others if re.search(rf"\b{re.escape(name)}\b", line, re.IGNORECASE)), None)
        if named is None:
            kept.append(line)
        else:
            part.lack(_("Left out, because it names “%(way)s”: %(line)s") % {"way": named, "line": line},
                      reverse("access-paths"))  # fmt: skip
    part.lines[:] = kept
