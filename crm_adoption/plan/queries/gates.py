"""What a phase still lacks before it may open (T3, T6, P17, P23, P27, P39): each thing as a sentence with its link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.people.models import JobRole, Person, Seat
from crm_adoption.people.queries import fill_url
from crm_adoption.plan.ingredients import CHECKS, INGREDIENT_OF
from crm_adoption.plan.models import (
    AccessPath,
    GateAct,
    GateCriterion,
    Message,
    Phase,
    PhaseStep,
    Reading,
    Trial,
)
from crm_adoption.plan.priors import Priors
from crm_adoption.plan.queries.ownership import Owned, held_seats, is_held, named, of_programme, owned
from crm_adoption.plan.queries.phases import priors
from dataquality import queries as data
from dataquality import subjects
from dataquality.models import Batch
from dataquality.queries.stewards import asking, unanswered
from training.models import GoLive, Impact
from training.queries.readiness import readiness

# What a missing thing is about, in the order of the work; those of one tuple stand under one heading.
ABOUT = (
    ("approval", "step"), ("seat", "owner"), ("data",), ("check",), ("trial",), ("access",), ("trained",), ("told",)
)  # fmt: skip


@dataclass(frozen=True)
class Missing:
    """One thing a phase lacks: what it is about, the sentence, and where it is mended."""

    about: str  # data, check, trained, told, access, seat, owner, trial, approval, step
    sentence: str
    url: str

    def as_json(self) -> dict[str, str]:
        return {"about": self.about, "sentence": self.sentence, "url": self.url}


@dataclass(frozen=True)
class PhaseGate:
    """Whether a phase may open now, and what it lacks; `override` is in force only until its day."""

    phase: Phase
    missing: Sequence[Missing]
    override: GateAct | None = None

    @property
    def holds(self) -> bool:
        return not self.missing

    @property
    def groups(self) -> list[tuple[str, list[Missing]]]:
        """What is missing under the heading of what it is about."""
        headings = (
            _("Steps"), _("Owners"), _("Data"), _("Checks"), _("Trials"), _("Access"), _("Training"), _("Messages")
        )  # fmt: skip
        found = [
            (heading, [one for one in self.missing if one.about in kinds])
            for heading, kinds in zip(headings, ABOUT, strict=True)
        ]
        return [(heading, ones) for heading, ones in found if ones]

    @property
    def may_open(self) -> bool:
        return self.holds or self.override is not None


def phase_gate(phase: Phase, *, now: datetime, today: date) -> PhaseGate:
    """Ask everything that a phase must have before it goes to its users."""
    return phase_gates([phase], now=now, today=today)[0]


def phase_gates(
    phases: Iterable[Phase], *, now: datetime, today: date, scores: Sequence[data.TableScore] | None = None
) -> list[PhaseGate]:
    """The same of several; what is the programme's, and not a phase's own, is asked once."""
    phases = list(phases)
    known, seats, touched = priors(), _seats(), touched_by(phases)
    board = {score.slug: score for score in (scores if scores is not None else data.scoreboard())}
    found = []
    for phase in phases:
        missing = [
            *_approved(phase),
            *_steps(phase),
            *_data(phase, board),
            *_criteria(phase, now),
            *seats,
            *_owners(touched[phase.pk]),
            *_trials(phase, known),
        ]
        for role in phase.job_roles.all():
            missing += [*_trained(phase, role, today), *_told(phase, role, known), *_access(role)]
        once = sorted(dict.fromkeys(missing), key=_place)  # two roles may lack the same thing
        found.append(PhaseGate(phase, once, override_in_force(phase, today)))
    return found


def _place(one: Missing) -> int:
    return next(place for place, kinds in enumerate(ABOUT) if one.about in kinds)


def override_in_force(phase: Phase, today: date) -> GateAct | None:
    """The sponsor's newest override that still holds today."""
    return phase.gate_acts.filter(outcome=GateAct.Outcome.OVERRIDDEN, until__gte=today).select_related("by").first()


def _approved(phase: Phase) -> list[Missing]:
    if phase.approved_at:
        return []
    sentence = _("“%(phase)s” is not approved yet.") % {"phase": phase}
    return [Missing("approval", sentence, phase.get_absolute_url())]


def _steps(phase: Phase) -> list[Missing]:
    """A phase opens once the steps up to training are done; deploying and analysing come after (M4)."""
    before = PhaseStep.Kind.values[: PhaseStep.Kind.values.index(PhaseStep.Kind.DEPLOY)]
    undone = [step for step in phase.steps.all() if step.kind in before and not step.done_on]
    return [
        Missing("step", _("The step “%(step)s” is not done.") % {"step": step.get_kind_display()},
                f"{phase.get_absolute_url()}#steps")
        for step in undone
    ]  # fmt: skip


def _data(phase: Phase, board: dict[str, data.TableScore]) -> list[Missing]:
    """The data gates of the tables a phase builds on (T6): data first, functionality second."""
    found = [
        Missing("seat", _("Nobody answers for %(table)s; name a data steward.") % {"table": one.label},
                fill_url(Seat.Kind.STEWARD, Seat.Scope.TABLE, one.slug))
        for one in unanswered(asking(phase.tables))
    ]  # fmt: skip
    for slug in phase.tables:
        score = board.get(slug)
        if score is None or score.rate is None:
            label = subjects.get(slug).label
            sentence = _("%(table)s: no export was imported yet, so its data gate cannot open.") % {"table": label}
            found.append(Missing("data", sentence, reverse("batch-new")))
        elif not score.passes:
            page = score.subject.get_absolute_url()
            if not score.rate_passes:
                found.append(Missing("data", score.sentence, page))
            for cells in score.blocking:
                found.append(Missing("data", cells.sentence, f"{page}?{urlencode({'field': cells.field})}"))
    return found


def _criteria(phase: Phase, now: datetime) -> list[Missing]:
    criteria = list(phase.criteria.all())
    latest = {one.check_slug: one for one in Reading.objects.newest_of([c.check_slug for c in criteria], now)}
    return [one for criterion in criteria if (one := _criterion(criterion, latest.get(criterion.check_slug), now))]


def _criterion(criterion: GateCriterion, reading: Reading | None, now: datetime) -> Missing | None:
    check = CHECKS.get(criterion.check_slug)
    label = check.label if check else criterion.check_slug
    url = reverse("ingredients")
    if check:
        url = reverse("ingredient", args=[INGREDIENT_OF[check.slug]])
    if reading is None:
        what = check.to_record if check else ""
        sentence = _("“%(check)s” was never measured. %(what)s") % {"check": label, "what": what}
        return Missing("check", sentence.strip(), url)
    if check and (now - reading.at).days > check.fresh_days:
        sentence = _("“%(check)s” was last measured on %(day)s; a reading counts for %(days)s days.") % {
            "check": label, "day": reading.at.date().isoformat(), "days": check.fresh_days,
        }  # fmt: skip
        return Missing("check", sentence, url)
    if meets(criterion, reading.value):
        return None
    sentence = _("“%(check)s” is %(value)s; it must be %(how)s %(threshold)s.") % {
        "check": label,
        "value": check.said(reading.value) if check else words.number(reading.value, 2),
        "how": criterion.get_comparator_display(),
        "threshold": check.said(criterion.threshold) if check else words.number(criterion.threshold, 2),
    }
    return Missing("check", sentence, url)


def meets(criterion: GateCriterion, value: float) -> bool:
    """Does a value hold a criterion? Its threshold itself does."""
    if criterion.comparator == GateCriterion.Comparator.AT_LEAST:
        return value >= criterion.threshold
    return value <= criterion.threshold


def _seats() -> list[Missing]:
    """A required seat of the programme that nobody holds blocks going live (P23)."""
    held = held_seats()
    vacant = [named(place) for place in of_programme() if not is_held(place, held)]
    return [
        Missing("seat", _("Nobody is %(seat)s.") % {"seat": seat[:1].lower() + seat[1:]}, reverse("seats"))
        for seat in vacant
    ]


def release_key(phase: Phase) -> str:
    """The key by which training knows a phase."""
    return f"phase-{phase.pk}"


def touched_by(phases: Iterable[Phase]) -> dict[int, list[Owned]]:
    """By phase, the processes it changes and the connected systems that fill its tables, with their owners (P17)."""
    keys = {release_key(phase): phase for phase in phases}
    processes: dict[int, set[int]] = {phase.pk: set() for phase in keys.values()}
    changed = GoLive.objects.filter(release__in=keys, processes__isnull=False).values_list("release", "processes")
    asked = Impact.objects.filter(release__in=keys, process__isnull=False).values_list("release", "process")
    for release, process in changed.union(asked):
        processes[keys[release].pk].add(process)
    fed_by: dict[str, set[int]] = {}
    for table, source in Batch.objects.applied().order_by().values_list("table", "source").distinct():
        fed_by.setdefault(table, set()).add(source)
    sources = {phase.pk: set().union(*(fed_by.get(table, set()) for table in phase.tables)) for phase in keys.values()}
    every = owned(processes=set().union(*processes.values()), sources=set().union(*sources.values()))
    wanted = {Seat.Scope.PROCESS.value: processes, Seat.Scope.SOURCE.value: sources}
    return {pk: [one for one in every if one.pk in wanted[one.scope][pk] and not one.by_programme] for pk in processes}


def _owners(touched: Iterable[Owned]) -> list[Missing]:
    """Nobody may change a process, or build on a system, that two do not answer for."""
    return [
        Missing("owner", _("“%(what)s” has no %(kind)s.") % {
            "what": one.key, "kind": str(Seat.Kind(kind).label).lower(),
        }, one.fill_url(kind) if seat is None else reverse("seat", args=[seat.pk]))
        for one in touched for kind, seat in one.owners if kind in one.vacant
    ]  # fmt: skip


def _trained(phase: Phase, role: JobRole, today: date) -> list[Missing]:
    """A role's curriculum is done before its release opens (T3)."""
    key = release_key(phase)
    known = GoLive.objects.filter(release=key).exists() or Impact.objects.filter(release=key).exists()
    found = readiness(role, key if known else "", today=today).missing
    return [Missing("trained", one.sentence, one.url or reverse("training-courses")) for one in found]


def _told(phase: Phase, role: JobRole, known: Priors) -> list[Missing]:
    """Everybody of the role, or nearly, was sent a message about this very phase (P27)."""
    people = Person.objects.active().filter(job_role=role).count()
    if not people:
        return []
    told = Message.objects.filter(phase=phase, state=Message.State.SENT).exclude(reach=0)
    everybody = told.filter(audience__in=(Message.Audience.EVERYBODY, Message.Audience.USERS))
    if everybody.exists() or told.filter(audience=Message.Audience.ROLE, job_role=role).exists():
        return []
    of_teams = set(told.filter(audience=Message.Audience.TEAM).values_list("team_id", flat=True))
    reached = Person.objects.active().filter(job_role=role, team__in=of_teams).count()
    if reached >= known.told_reach_least * people:
        return []
    sentence = _("%(told)s of %(n)s people in the role %(role)s were told about “%(phase)s”.") % {
        "told": reached, "n": people, "role": role, "phase": phase,
    }  # fmt: skip
    return [Missing("told", sentence, f"{reverse('message-draft')}?phase={phase.pk}&audience=role&job_role={role.pk}")]


def _access(role: JobRole) -> list[Missing]:
    """An open way on each device the role needs, or a prohibition that people were told (P30-P36)."""
    url = f"{reverse('access-paths')}?job_role={role.pk}"
    paths = list(AccessPath.objects.filter(job_role=role))
    ways = {path.device for path in paths if path.state == AccessPath.State.OPEN}
    told = {p.device for p in paths if p.state == AccessPath.State.PROHIBITED and p.communicated_on}
    named = dict(AccessPath.Device.choices)
    without = [device for device in role.devices if device in named and device not in ways | told]
    found = [
        Missing("access", _("%(role)s: no way to the CRM on the %(device)s is open.")
                % {"role": role, "device": named[device]}, url)
        for device in without
    ]  # fmt: skip
    if not role.devices and not ways:
        found.append(Missing("access", _("%(role)s: no way to the CRM is recorded.") % {"role": role}, url))
    if role.offline and not any(p.offline and p.state == AccessPath.State.OPEN for p in paths):
        sentence = _("%(role)s works without a network, and no way that allows it is open.") % {"role": role}
        found.append(Missing("access", sentence, url))
    return found


def _trials(phase: Phase, known: Priors) -> list[Missing]:
    """Trials count only as an end-user in a place like production (P39)."""
    trials = list(Trial.objects.filter(phase=phase))
    url = f"{reverse('trials')}?phase={phase.pk}"
    if not trials:
        return [Missing("trial", _("No use case of “%(phase)s” was tried.") % {"phase": phase}, url)]
    counted = sum(1 for trial in trials if trial.counts)
    if counted >= known.trial_coverage_least * len(trials):
        return []
    sentence = _("%(n)s of %(all)s use cases passed as an end-user in a place like production; %(least)s must.") % {
        "n": counted, "all": len(trials), "least": words.percent(known.trial_coverage_least, 0),
    }  # fmt: skip
    return [Missing("trial", sentence, url)]
