"""Opening and closing a phase; every attempt is kept with its grounds."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.access import SPONSOR, belongs
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from crm_adoption.plan.models import GateAct, GateForecast, Phase, WorkItem
from crm_adoption.plan.queries.forecasts import Condition, forecast, phase_conditions
from crm_adoption.plan.queries.gates import phase_gate
from crm_adoption.plan.queries.phases import phase_state, priors

LONGEST = timedelta(days=90)


def open_phase(phase: Phase, *, by: Person, now: datetime, today: date) -> Phase:
    """Let a phase go to its users. Refused, with each missing thing and its link, unless its gate holds.

    The refusal is kept too: it is written before this raises, so it must not be called inside a transaction.
    """
    with transaction.atomic():
        found = Phase.objects.select_for_update().get(pk=phase.pk)
        if found.state in (Phase.State.OPEN, Phase.State.CLOSED):
            raise Refusal(_("“%(phase)s” is %(state)s already.")
                          % {"phase": found, "state": found.get_state_display()})  # fmt: skip
        gate = phase_gate(found, now=now, today=today)
        outcome = GateAct.Outcome.OPENED if gate.may_open else GateAct.Outcome.REFUSED
        GateAct.objects.create(
            phase=found, outcome=outcome, by=by, at=now, missing=[one.as_json() for one in gate.missing],
            reason=gate.override.reason if gate.override else "",
        )  # fmt: skip
        if gate.may_open:
            found.state, found.opened_at = Phase.State.OPEN, now
            found.save()
            return found
    raise Refusal(
        _("“%(phase)s” stays shut: %(what)s")
        % {"phase": found, "what": " ".join(one.sentence for one in gate.missing)},
        code="gate_shut",
        links=tuple((one.sentence, one.url) for one in gate.missing),
    )


@transaction.atomic
def override_phase(phase: Phase, *, by: Person, reason: str, until: date, now: datetime, today: date) -> GateAct:
    """The sponsor lets a phase open in spite of what it lacks, says why, and until which day that holds."""
    found = Phase.objects.select_for_update().get(pk=phase.pk)
    if not belongs(by, (SPONSOR,)):
        raise Refusal(_("Only the executive sponsor may open “%(phase)s” in spite of what it lacks.")
                      % {"phase": found})  # fmt: skip
    if not reason.strip():
        raise Refusal(_("Say why “%(phase)s” may open in spite of what it lacks.") % {"phase": found})
    if not today <= until <= today + LONGEST:
        raise Refusal(_("An override of “%(phase)s” ends between today and %(last)s.")
                      % {"phase": found, "last": (today + LONGEST).isoformat()})  # fmt: skip
    gate = phase_gate(found, now=now, today=today)
    if gate.holds:
        raise Refusal(_("“%(phase)s” lacks nothing; open it.") % {"phase": found})
    return GateAct.objects.create(
        phase=found, outcome=GateAct.Outcome.OVERRIDDEN, by=by, at=now, reason=reason.strip(), until=until,
        missing=[one.as_json() for one in gate.missing],
    )  # fmt: skip


@transaction.atomic
def close_phase(phase: Phase, *, by: Person, now: datetime, today: date) -> Phase:
    """End a phase: nothing that must be done is left, and what it taught is written down (P9)."""
    found = Phase.objects.select_for_update().get(pk=phase.pk)
    if found.state != Phase.State.OPEN:
        raise Refusal(_("“%(phase)s” is %(state)s; only an open phase is closed.")
                      % {"phase": found, "state": found.get_state_display()})  # fmt: skip
    left = phase_state(found, today).unfinished
    if left:
        raise Refusal(
            _("“%(phase)s” has %(n)s must-now items that are not done, “%(first)s” among them; finish them or move "
              "them to a later phase.") % {"phase": found, "n": len(left), "first": left[0]},
            links=tuple((item.title, item.get_absolute_url()) for item in left),
        )  # fmt: skip
    shut = [release for release in found.releases.all() if release.state != Phase.State.CLOSED]
    if shut:
        raise Refusal(_("The release “%(release)s” of “%(phase)s” is not closed yet.")
                      % {"release": shut[0], "phase": found})  # fmt: skip
    wanted = int(priors().lessons_to_close)
    if found.lessons.count() < wanted:
        raise Refusal(
            _("Write down what “%(phase)s” taught before you close it: %(n)s of %(wanted)s lessons are there.")
            % {"phase": found, "n": found.lessons.count(), "wanted": wanted}
        )
    GateAct.objects.create(phase=found, outcome=GateAct.Outcome.CLOSED, by=by, at=now)
    WorkItem.objects.filter(phase=found, state__in=(WorkItem.State.OPEN, WorkItem.State.DOING)).update(phase=None)
    found.state, found.closed_at = Phase.State.CLOSED, now
    found.save()
    return found


AHEAD = (7, 30, 90)  # days ahead that are forecast every night


@transaction.atomic
def note_forecasts(*, now: datetime, today: date) -> int:
    """Write down tonight's forecasts of every phase that waits, and judge those whose day has come (M3)."""
    waiting = Phase.objects.filter(state__in=(Phase.State.DRAFT, Phase.State.APPROVED)).prefetch_related("criteria")
    conditions = {f"phase:{phase.pk}": (phase, phase_conditions(phase, now)) for phase in waiting}
    rows = []
    for gate, (phase, asked) in conditions.items():
        found = forecast(asked, today, days=max(AHEAD))
        if found.crossing is None:
            continue
        for days in AHEAD:
            about = today + timedelta(days=days)
            planned = None if phase.planned_end is None else float(about >= phase.planned_end)
            rows.append(
                GateForecast(gate=gate, made_on=today, about=about, planned=planned,
                             probability=found.crossing.probabilities[days])
            )  # fmt: skip
    GateForecast.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["gate", "made_on", "about"],
        update_fields=["probability", "planned"],
    )
    for due in GateForecast.objects.filter(opened=None, about__lte=today):
        _phase, asked = conditions.get(due.gate) or (None, _conditions_of(due.gate, now))
        came = [one.holds_on(due.about) for one in asked]
        if asked and None not in came:
            due.opened = all(came)
            due.save(update_fields=["opened"])
    return len(rows)


def _conditions_of(gate: str, now: datetime) -> list[Condition]:
    phase = Phase.objects.filter(pk=int(gate.partition(":")[2])).first()
    return phase_conditions(phase, now) if phase else []
