"""A message drafted from the plan's own facts (P26-P28): what is not known is named as a gap, never filled in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.people.models import JobRole, Seat
from crm_adoption.plan.models import Message, Moment, Phase, PhaseStep, Programme, WorkItem
from crm_adoption.plan.queries.forecasts import phase_forecast
from crm_adoption.plan.queries.gates import phase_gate, release_key
from training.models import Impact

Audience = Message.Audience
ELEMENTS = ("timeline", "roles", "deliverables", "vision")
ANSWERABLE = (
    Seat.Kind.EXECUTIVE_SPONSOR, Seat.Kind.BUSINESS_OWNER, Seat.Kind.TECHNOLOGY_OWNER, Seat.Kind.ADOPTION_LEAD,
)  # fmt: skip
STEPS_NAMED = 3


@dataclass(frozen=True)
class Wish:
    """What is to be said of which phase, to whom, at which moment, in which language."""

    phase: Phase
    audience: str
    moment: str
    elements: Sequence[str]
    language: str = "en"
    job_role: JobRole | None = None
    at_home: bool = False  # of the program in which its readers work anyway, and of no other way to the CRM (P32)

    @property
    def roles(self) -> list[JobRole]:
        """Whose work it is about: the role it is for, or all that the phase touches."""
        return [self.job_role] if self.job_role else list(self.phase.job_roles.all())


@dataclass(frozen=True)
class Gap:
    """A fact the plan does not hold, and where it is written down."""

    sentence: str
    url: str


@dataclass
class Part:
    """One of the four elements: its sentences, and what is missing for it."""

    element: str
    title: str
    lines: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def lack(self, sentence: str, url: str) -> None:
        self.gaps.append(Gap(sentence, url))


@dataclass(frozen=True)
class Draft:
    """Subject and text in the reader's language; only elements with a fact to stand on are in it."""

    wish: Wish
    subject: str
    parts: Sequence[Part]

    @property
    def body(self) -> str:
        said = [part for part in self.parts if part.lines]
        return "\n\n".join("\n".join([part.title, *(f"- {line}" for line in part.lines)]) for part in said)

    @property
    def gaps(self) -> list[Gap]:
        return [gap for part in self.parts for gap in part.gaps]

    def holds(self, element: str) -> bool:
        """Is it in the text, without a gap?"""
        return any(part.element == element and part.lines and not part.gaps for part in self.parts)


def draft(wish: Wish, *, now: datetime, today: date) -> Draft:
    """Write down what the plan knows today; the same wish on the same facts is the same text."""
    with translation.override(wish.language):
        makers: dict[str, Callable[[], Part]] = {
            "timeline": lambda: _timeline(wish, now, today),
            "roles": lambda: _roles(wish),
            "deliverables": lambda: _deliverables(wish),
            "vision": lambda: _vision(wish),
        }
        parts = [makers[element]() for element in ELEMENTS if element in wish.elements]
        return Draft(wish, _subject(wish), parts)


def _subject(wish: Wish) -> str:
    day = wish.phase.planned_end
    if wish.moment == Moment.PLANNING:
        return _("“%(phase)s”: what we plan") % {"phase": wish.phase}
    if wish.moment == Moment.COMPANY_WIDE:
        return _("“%(phase)s”: where we stand") % {"phase": wish.phase}
    if wish.moment == Moment.RELEASE or wish.phase.opened_at or not day:
        return _("“%(phase)s”: what is new") % {"phase": wish.phase}
    return _("“%(phase)s” begins on %(day)s") % {"phase": wish.phase, "day": date_format(day)}


def _timeline(wish: Wish, now: datetime, today: date) -> Part:
    phase, part = wish.phase, Part("timeline", _("When, and what could delay it"))
    edit = reverse("phase-edit", args=[phase.pk])
    if phase.opened_at:
        part.lines.append(_("It has been open to its users since %(day)s.")
                          % {"day": date_format(timezone.localdate(phase.opened_at))})  # fmt: skip
        return part
    if phase.planned_end:
        part.lines.append(_("It is to open to its users on %(day)s.") % {"day": date_format(phase.planned_end)})
    else:
        part.lack(_("“%(phase)s” has no day on which it is to open.") % {"phase": phase}, edit)
    steps = [one for one in phase.steps.all() if not one.done_on and one.kind != PhaseStep.Kind.ANALYSE]
    dated = [(one, one.due_on) for one in steps if one.due_on][:STEPS_NAMED]
    part.lines += [_("%(step)s: until %(day)s.") % {"step": one, "day": date_format(day)} for one, day in dated]
    if steps and not dated:
        part.lack(_("No step of “%(phase)s” that is still to do has a day.") % {"phase": phase}, edit)
    _risks(part, phase, now, today)
    return part


def _risks(part: Part, phase: Phase, now: datetime, today: date) -> None:
    known = False
    if phase.planned_end and phase.planned_end < today:
        known = True
        part.lines.append(_("It is %(days)s days late.") % {"days": words.number((today - phase.planned_end).days)})
    forecast = phase_forecast(phase, now=now, today=today)
    if forecast.crossing is not None:
        known = True
        if forecast.is_open:
            part.lines.append(_("The figures it waits for hold today."))
        elif forecast.nearly_sure:
            part.lines.append(_("By today's figures, what it waits for holds with 80 %% from %(day)s on.")
                              % {"day": date_format(forecast.nearly_sure)})  # fmt: skip
        else:
            part.lines.append(_("By today's figures, what it waits for does not hold with 80 %% before %(day)s.")
                              % {"day": date_format(forecast.last_day)})  # fmt: skip
    missing = phase_gate(phase, now=now, today=today).missing
    if missing:
        known = True
        part.lines.append(_("Still missing before it may open (%(n)s): %(first)s")
                          % {"n": len(missing), "first": missing[0].sentence})  # fmt: skip
    if not known:
        part.lack(
            _("No risk to the day of “%(phase)s” can be told: its gate asks for nothing that is measured.")
            % {"phase": phase}, f"{phase.get_absolute_url()}#gate",
        )  # fmt: skip


def _roles(wish: Wish) -> Part:
    part = Part("roles", _("Who does what, and until when"))
    items = wish.phase.items.filter(kind=WorkItem.Kind.MUST).exclude(
        state__in=(WorkItem.State.DONE, WorkItem.State.DROPPED)
    )
    if wish.audience != Audience.EXECUTIVES:
        items = items.filter(job_role__in=[role.pk for role in wish.roles])
    for item in items.select_related("owner").order_by("due_on", "pk"):
        if item.owner and item.due_on:
            part.lines.append(_("%(what)s: %(who)s, until %(day)s.")
                              % {"what": item, "who": item.owner, "day": date_format(item.due_on)})  # fmt: skip
        else:
            part.lack(_("“%(item)s” has no owner or no day.") % {"item": item}, item.get_absolute_url())
    if wish.audience == Audience.EXECUTIVES:
        _seats(part)
        return part
    for role in wish.roles:
        found = _impacts(wish.phase, role)
        part.lines += [_("%(role)s: %(gives)s") % {"role": role, "gives": one.gives} for one in found]
        if not found:
            part.lack(_("Nothing is written down of what “%(phase)s” asks of the role %(role)s.")
                      % {"phase": wish.phase, "role": role}, reverse("training-impact-new"))  # fmt: skip
    champion = Seat.objects.filter(kind=Seat.Kind.CHAMPION, holder__isnull=False, holder__left_on=None)
    if champion.exists():
        part.lines.append(_("Questions go to the champion of your team."))
    else:
        part.lack(_("Nobody is champion, so nobody can be asked."), reverse("seats"))
    return part


def _seats(part: Part) -> None:
    held = {
        seat.kind: seat.holder
        for seat in Seat.objects.filter(
            kind__in=ANSWERABLE, scope=Seat.Scope.PROGRAMME, holder__isnull=False, holder__left_on=None
        ).select_related("holder")
    }
    for kind in ANSWERABLE:
        if kind in held:
            part.lines.append(_("%(seat)s: %(who)s.") % {"seat": kind.label, "who": held[kind]})
        else:
            part.lack(_("Nobody is %(seat)s.") % {"seat": kind.label.lower()}, reverse("seats"))


def _impacts(phase: Phase, role: JobRole) -> list[Impact]:
    return list(Impact.objects.filter(release=release_key(phase), job_role=role).order_by("lands_on", "pk"))


def _deliverables(wish: Wish) -> Part:
    phase, part = wish.phase, Part("deliverables", _("What you will see"))
    if phase.goal.strip():
        part.lines.append(phase.goal.strip())
    else:
        part.lack(_("“%(phase)s” has no goal: a sentence on what will be different.") % {"phase": phase},
                  reverse("phase-edit", args=[phase.pk]))  # fmt: skip
    mine = Q(job_role=None) | Q(job_role__in=[role.pk for role in wish.roles])
    items = phase.items.exclude(state=WorkItem.State.DROPPED).exclude(track=WorkItem.Track.PEOPLE)
    if wish.audience != Audience.EXECUTIVES:
        items = items.filter(mine)
    titles = list(items.order_by("due_on", "pk").values_list("title", flat=True))
    part.lines += [f"{title}." if title[-1:].isalnum() else title for title in titles]
    for role in wish.roles if wish.audience != Audience.EXECUTIVES else []:
        part.lines += [_("%(role)s: %(gets)s") % {"role": role, "gets": one.gets} for one in _impacts(phase, role)]
    if not titles:
        part.lack(_("No work of “%(phase)s” leads to anything these readers would see.") % {"phase": phase},
                  f"{reverse('work-item-new')}?phase={phase.pk}")  # fmt: skip
    return part


def _vision(wish: Wish) -> Part:
    part = Part("vision", _("What it is for"))
    programme = Programme.objects.first() or Programme()
    said = programme.vision.strip() or programme.purpose.strip()
    if said:
        part.lines.append(said)
    else:
        part.lack(_("The programme has no vision yet."), reverse("programme-change"))
    aims = list(wish.phase.objectives.all())
    part.lines += [
        _("This phase serves: %(aim)s%(day)s") % {
            "aim": aim, "day": _(", until %(day)s") % {"day": date_format(aim.due_on)} if aim.due_on else "",
        }
        for aim in aims
    ]  # fmt: skip
    if not aims:
        part.lack(_("“%(phase)s” serves no objective.") % {"phase": wish.phase},
                  reverse("phase-edit", args=[wish.phase.pk]))  # fmt: skip
    return part
