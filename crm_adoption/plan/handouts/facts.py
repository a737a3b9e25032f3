"""The facts every hand-out stands on, gathered once; what a shut gate would say is never among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm_adoption.kit import words
from crm_adoption.kit.access import LEAD, SPONSOR
from crm_adoption.plan.models import Phase, Programme, Promise
from crm_adoption.plan.queries.actions import Action, next_actions
from crm_adoption.plan.queries.communication import Answering, answering
from crm_adoption.plan.queries.forecasts import Forecast, phase_forecast
from crm_adoption.plan.queries.gates import PhaseGate, phase_gates
from crm_adoption.plan.queries.home import standing_before
from crm_adoption.plan.queries.phases import phases
from crm_adoption.plan.queries.reviews import Cycle, Topic, agenda, cycle
from crm_adoption.plan.queries.standing import IngredientState, Standing, standing
from crm_adoption.plan.risk import Status
from dataquality import queries as data
from dataquality import reports
from dataquality.reports import ReportFigures
from dataquality.services.gates import GateState, gate

READERS = (LEAD, SPONSOR)  # a paper goes from hand to hand: it holds what both of them may read
FEW_CATEGORIES = 6  # a figure with more is told by its sample alone


@dataclass(frozen=True)
class WaitingPhase:
    """A phase that is not open yet: what keeps its gate shut, and when its measured parts will hold."""

    gate: PhaseGate
    forecast: Forecast

    @property
    def phase(self) -> Phase:
        return self.gate.phase

    @property
    def state(self) -> str:
        if self.gate.override:
            return _("opened by the sponsor")
        return _("ready") if self.gate.holds else _("shut")

    @property
    def sentence_of_forecast(self) -> str:
        """From when its measured parts hold; empty where they do, or where there are too few readings."""
        likely, sure = self.forecast.likely, self.forecast.nearly_sure
        if self.gate.holds or self.forecast.is_open or self.forecast.crossing is None:
            return ""
        if likely is None:
            return _("by its data not before %(day)s") % {"day": day(self.forecast.last_day)}
        if sure is None:
            return _("by its data likely from %(day)s") % {"day": day(likely)}
        return _("by its data likely from %(day)s, nearly sure from %(sure)s") % {"day": day(likely), "sure": day(sure)}


@dataclass(frozen=True)
class ReportShown:
    """A report as it may be handed out: its figures, or that it is sealed and why."""

    gate: GateState
    drawn: ReportFigures | None

    @property
    def title(self) -> str:
        return str(self.gate.report.title)

    @property
    def is_sealed(self) -> bool:
        return self.drawn is None

    @property
    def reasons(self) -> list[str]:
        return [reason.sentence for reason in self.gate.reasons]

    @property
    def sentences(self) -> list[str]:
        """What an open report says in short: the first figure, under the stamp if there is one, and its day."""
        if self.drawn is None:
            return []
        said = [self.gate.stamp] if self.gate.stamp else []
        for figure in self.drawn.figures[:1]:
            sample = _("%(title)s (n = %(n)s)") % {"title": figure.title, "n": words.number(figure.n)}
            one_line = len(figure.lines) == 1 and len(figure.categories) <= FEW_CATEGORIES
            if one_line and figure.categories:
                values = ", ".join(
                    f"{category} {_value(value, figure.unit)}"
                    for category, value in zip(figure.categories, figure.lines[0].values, strict=True)
                )
                sample = f"{sample}: {values}"
            said.append(sample)
        if self.drawn.taken_at:
            said.append(_("Data of %(day)s.") % {"day": day(self.drawn.taken_at.date())})
        return said


@dataclass(frozen=True)
class Facts:
    """One look at the whole programme, for every hand-out of that moment."""

    programme: Programme
    now: datetime
    today: date
    standing: Standing
    before: Standing | None  # four weeks ago
    phases: Sequence[WaitingPhase]
    reports: Sequence[ReportShown]
    actions: Sequence[Action]
    promises: Sequence[Promise]  # open and due soonest first
    kept: int
    broken: int
    answering: Answering
    cycle: Cycle
    topics: Sequence[Topic]

    @property
    def risk_sentence(self) -> str:
        """The same sentence as on every page."""
        said = render_to_string("plan/_risk_sentence.html", {"standing": self.standing, "before": self.before})
        return unescape(said).strip()

    @property
    def risk_words(self) -> str:
        return risk_words(self.standing)

    @property
    def sealed(self) -> list[ReportShown]:
        return [report for report in self.reports if report.is_sealed]

    @property
    def cycle_sentence(self) -> str:
        if self.cycle.overdue:
            said = ngettext(
                "The review was due on %(day)s and is one day overdue.",
                "The review was due on %(day)s and is %(n)s days overdue.",
                self.cycle.overdue,
            )
            return said % {"day": day(self.cycle.due_on), "n": self.cycle.overdue}
        return _("The next review is due on %(day)s.") % {"day": day(self.cycle.due_on)}

    @property
    def answering_sentence(self) -> str:
        if not self.answering.open:
            return _("Everybody who said something has an answer.")
        said = ngettext(
            "One voice waits for an answer, for %(days)s days.",
            "%(n)s voices wait for an answer, the oldest for %(days)s days.",
            self.answering.open,
        )
        return said % {"n": self.answering.open, "days": self.answering.oldest_days}

    @property
    def promises_sentence(self) -> str:
        return _("Promises: %(kept)s kept, %(broken)s broken, %(open)s open.") % {
            "kept": self.kept, "broken": self.broken, "open": len(self.promises),
        }  # fmt: skip


def gather(*, now: datetime, today: date) -> Facts:
    """Everything at once; a locked report is not even drawn."""
    stands, board = standing(now), data.scoreboard()
    waiting = [one for one in phases() if one.state in (Phase.State.DRAFT, Phase.State.APPROVED)]
    waiting.sort(key=lambda one: (one.planned_end is None, one.planned_end or today, one.position, one.pk))
    return Facts(
        programme=Programme.objects.first() or Programme(),
        now=now,
        today=today,
        standing=stands,
        before=standing_before(now),
        phases=[
            WaitingPhase(gate, phase_forecast(gate.phase, now=now, today=today))
            for gate in phase_gates(waiting, now=now, today=today, scores=board)
        ],
        reports=_reports(now, board),
        actions=[action for action in next_actions(stands) if action.removes > 0],
        promises=list(Promise.objects.filter(state=Promise.State.OPEN).order_by("due_on", "pk")),
        kept=Promise.objects.filter(state=Promise.State.KEPT).count(),
        broken=Promise.objects.filter(state=Promise.State.BROKEN).count(),
        answering=answering(now),
        cycle=cycle(today),
        topics=agenda(now=now, today=today),
    )


def _reports(now: datetime, board: list[data.TableScore]) -> list[ReportShown]:
    """For nobody in particular: what an analyst may see under a stamp is not for a paper."""
    shown = []
    for report in reports.every():
        if set(READERS) <= set(report.groups):
            state = gate(report, now=now, scores=board)
            shown.append(ReportShown(state, report.figures() if state.shows_figures else None))
    return shown


def risk_words(stands: Standing) -> str:
    """The range in figures alone: "28 % to 61 %", or one figure where all is measured."""
    low, high = words.percent(stands.risk.low, 0), words.percent(stands.risk.high, 0)
    return high if stands.risk.is_figure else _("%(low)s to %(high)s") % {"low": low, "high": high}


def status_words(state: IngredientState) -> str:
    return {
        Status.UNKNOWN: _("no evidence yet"),
        Status.MISSING: _("missing"),
        Status.INSUFFICIENT: _("insufficient"),
        Status.SUFFICIENT: _("sufficient"),
        Status.STRONG: _("strong"),
    }[state.status]


def evidence_words(state: IngredientState) -> str:
    return _("no evidence yet") if state.score is None else words.percent(state.score, 0)


def action_words(action: Action) -> str:
    """What to do for an ingredient: its first open item, else to measure, else to plan something."""
    if action.first is not None:
        owner = action.first.owner
        return f"{action.first.title} ({owner})" if owner else action.first.title
    if action.unmeasured:
        said = ngettext(
            "Measure it: %(n)s check has no fresh evidence.", "Measure it: %(n)s checks have no fresh evidence.",
            action.unmeasured,
        )  # fmt: skip
        return said % {"n": action.unmeasured}
    return _("Nothing is planned for it yet.")


def effort_words(action: Action) -> str:
    if action.effort_days is None:
        return _("effort not estimated")
    if action.effort_days == 1:
        return _("one day of work")
    return _("%(days)s days of work") % {"days": words.number(action.effort_days)}


def removes_words(action: Action) -> str:
    return _("removes up to %(points)s points of risk") % {"points": words.number(100 * action.removes, 1)}


def promise_words(promise: Promise) -> str:
    return f"{day(promise.due_on)} · {clipped(promise.text, 110)}"


def day(on: date) -> str:
    return date_format(on, "Y-m-d")


def clipped(text: str, most: int) -> str:
    """At most so many characters, in one line, cut at a word where there is one."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    cut = flat[: most - 1]
    at = cut.rfind(" ")
    return (cut[:at] if at > most // 2 else cut).rstrip(" ,.;:") + "…"


def _value(value: float | int | None, unit: str) -> str:
    if unit == "%":
        return words.percent(value)
    return f"{words.number(value)} {unit}".strip()
