"""What may change about objectives, phases, their steps, work items and lessons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from crm_adoption.plan.models import Lesson, Objective, Phase, PhaseStep, WorkItem
from crm_adoption.plan.queries.phases import phase_state

DEEPEST = 3  # strategy, CRM, process


@transaction.atomic
def save_objective(objective: Objective) -> Objective:
    """Keep an objective where it makes no circle and its parent stands above it (P12)."""
    above, seen = objective.parent, {objective.pk}
    while above is not None:
        if above.pk in seen and above.pk is not None:
            raise Refusal(_("“%(one)s” would stand under itself; choose another parent.") % {"one": objective})
        seen.add(above.pk)
        above = above.parent
    order = Objective.Kind.values
    if objective.parent and order.index(objective.parent.kind) > order.index(objective.kind):
        raise Refusal(
            _("A %(kind)s objective cannot stand under a %(above)s objective; the tree goes from strategy over CRM to "
              "process.") % {"kind": objective.get_kind_display(), "above": objective.parent.get_kind_display()}
        )  # fmt: skip
    objective.save()
    return objective


@transaction.atomic
def save_phase(phase: Phase, *, objectives: Iterable[Objective] = (), job_roles: Iterable[Any] = ()) -> Phase:
    """Keep a phase; a new one gets its eight steps (M4). A release stands under a phase, never under a release."""
    if phase.parent and phase.parent.parent_id:
        raise Refusal(_("“%(parent)s” is a release itself; a release stands under a phase.") % {"parent": phase.parent})
    if phase.pk and phase.parent_id and phase.releases.exists():
        raise Refusal(_("“%(phase)s” has releases of its own and cannot become one.") % {"phase": phase})
    is_new = phase.pk is None
    phase.save()
    phase.objectives.set(objectives)
    phase.job_roles.set(job_roles)
    if is_new:
        PhaseStep.objects.bulk_create(PhaseStep(phase=phase, kind=kind) for kind in PhaseStep.Kind.values)
    return phase


def _locked(phase: Phase) -> Phase:
    return Phase.objects.select_for_update().get(pk=phase.pk)


@transaction.atomic
def approve(phase: Phase, *, by: Person, now: datetime, today: date, in_spite_of: bool = False) -> Phase:
    """Approve a phase's scope; the moment at which taking on too much is said aloud (P6).

    It must serve an objective (M3), name roles and hold items. An overloaded phase needs `in_spite_of`.
    """
    found = _locked(phase)
    if found.approved_at:
        raise Refusal(_("“%(phase)s” was approved on %(day)s.")
                      % {"phase": found, "day": found.approved_at.date().isoformat()})  # fmt: skip
    state = phase_state(found, today)
    if not found.objectives.exists():
        raise Refusal(_("“%(phase)s” serves no objective; choose at least one first.") % {"phase": found})
    if not found.job_roles.exists():
        raise Refusal(_("“%(phase)s” names no job role; say whom it touches first.") % {"phase": found})
    if not state.must:
        raise Refusal(_("“%(phase)s” has no must-now item; say what must be done first.") % {"phase": found})
    if state.is_over and not in_spite_of:
        raise Refusal(
            _("“%(phase)s” takes on %(effort)s days of work with %(capacity)s to spend: too much for one phase. Move "
              "%(over)s days to later, or approve it in spite of that.")
            % {
                "phase": found,
                "effort": words.number(state.load.effort_days),
                "capacity": words.number(state.load.capacity_days),
                "over": words.number(state.load.days_over),
            },
            code="overloaded",
        )  # fmt: skip
    found.state, found.approved_by, found.approved_at = Phase.State.APPROVED, by, now
    found.save()
    return found


@transaction.atomic
def reschedule(phase: Phase, *, start: date, end: date) -> Phase:
    """Move a phase on the timeline; one that is closed stays where it was."""
    found = _locked(phase)
    if found.state == Phase.State.CLOSED:
        raise Refusal(_("“%(phase)s” is closed; its dates are history.") % {"phase": found})
    if end < start:
        raise Refusal(_("“%(phase)s” would end on %(end)s, before it starts on %(start)s.")
                      % {"phase": found, "end": end.isoformat(), "start": start.isoformat()})  # fmt: skip
    found.planned_start, found.planned_end = start, end
    found.save()
    return found


@transaction.atomic
def revalidate(phase: Phase, *, today: date) -> Phase:
    """The design was checked against the organisation as it is today (P7); its clock starts anew."""
    found = _locked(phase)
    if found.design_frozen_on is None:
        raise Refusal(_("The design of “%(phase)s” was never frozen; set that day first.") % {"phase": found})
    found.revalidated_on = today
    found.save()
    return found


@transaction.atomic
def finish_step(step: PhaseStep, *, today: date, note: str | None = None) -> PhaseStep:
    """Say that a step is done, or take that back."""
    found = PhaseStep.objects.select_for_update().get(pk=step.pk)
    found.done_on = None if found.done_on else today
    if note is not None:
        found.note = note.strip()
    found.save()
    return found


@transaction.atomic
def finish_item(item: WorkItem, *, today: date) -> WorkItem:
    found = WorkItem.objects.select_for_update().get(pk=item.pk)
    if found.state == WorkItem.State.DONE:
        raise Refusal(_("“%(item)s” was done on %(day)s.") % {"item": found, "day": found.done_on})
    found.state, found.done_on = WorkItem.State.DONE, today
    found.save()
    return found


@transaction.atomic
def move_items(items: Iterable[WorkItem], *, phase: Phase | None, reason: str) -> int:
    """Put work items into another phase, or into none; why stands with each (P8)."""
    if not reason.strip():
        raise Refusal(_("Say why these items move; it is shown with each."))
    keys = [item.pk for item in items]
    found = list(WorkItem.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    for item in found:
        item.phase, item.reason = phase, reason.strip()
        if phase is None and item.kind == WorkItem.Kind.MUST:
            item.kind = WorkItem.Kind.LATER
        item.save()
    return len(found)


@transaction.atomic
def note_lesson(phase: Phase, *, text: str, keep: bool, by: Person) -> Lesson:
    """Write down what was learned (P9)."""
    if not text.strip():
        raise Refusal(_("Say what was learned."))
    return Lesson.objects.create(phase=phase, text=text.strip(), keep=keep, said_by=by)


@transaction.atomic
def apply_lesson(lesson: Lesson, *, phase: Phase) -> Lesson:
    """This lesson changed the plan of that later phase."""
    if lesson.phase_id == phase.pk:
        raise Refusal(_("A lesson is applied in a later phase than the one that taught it."))
    lesson.applied_in = phase
    lesson.save()
    return lesson
