"""What stands on the first page: data health, sealed reports, jobs, and the wheel of ingredients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from crm_adoption.jobs.models import Job
from crm_adoption.kit import words
from crm_adoption.kit.access import LEAD, STEWARD, belongs
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.people.models import Person, Seat
from crm_adoption.plan.queries.actions import next_actions
from crm_adoption.plan.queries.standing import CHANGE_OVER, Standing, standing
from dataquality import queries as data
from dataquality import reports
from dataquality.services.gates import GateState, gate

JOBS_SHOWN = 5
IMPROVES = 0.02  # of the scale from 0 to 1, in four weeks
IMPORTERS = (LEAD, STEWARD)


@dataclass(frozen=True)
class Home:
    """Everything a home page may show; templates take what their reader needs."""

    tables: Sequence[data.TableScore]
    gates: Sequence[GateState]
    jobs: Sequence[Job]
    seats: Sequence[Seat]

    @property
    def measured(self) -> list[data.TableScore]:
        return [table for table in self.tables if table.rate is not None]

    @property
    def failing(self) -> list[data.TableScore]:
        """The tables that do not pass; least to fix first."""
        return sorted((t for t in self.measured if not t.passes), key=work_to_do)

    @property
    def locked(self) -> list[GateState]:
        return [gate for gate in self.gates if gate.is_locked]

    @property
    def clean(self) -> list[GateState]:
        """Reports that stand on clean tables."""
        return [gate for gate in self.gates if gate.state == "open"]

    @property
    def stamped(self) -> list[GateState]:
        """Reports this person may read although their tables are not clean."""
        return [gate for gate in self.shown if gate.state != "open"]

    @property
    def shown(self) -> list[GateState]:
        """Reports this person may read, under a stamp where they are not clean."""
        return [gate for gate in self.gates if gate.shows_figures]


@dataclass(frozen=True)
class NextStep:
    """The one thing to do next: a sentence that says why, and where to do it."""

    sentence: str
    url: str
    label: str


def blocking(table: data.TableScore) -> list[data.FieldScore]:
    """The critical fields and pointers that keep a table from passing."""
    return [cells for cells in table.fields if cells.critical and cells.rows and not cells.passes]


def work_to_do(table: data.TableScore) -> int:
    """Rows to fix until a table passes, at the least: one row may mend the table and several fields."""
    return max([table.to_fix, *(cells.to_fix for cells in blocking(table))])


def next_step(found: Home, person: Person) -> NextStep | None:
    """Import first, where this person may; then the table that is nearest to passing."""
    if not found.measured:
        if not belongs(person, IMPORTERS):
            return None
        return NextStep(
            _("Nothing is mirrored yet, so nothing can be trusted or refuted. Import the export you have."),
            reverse("batch-new"), _("Import an export"),
        )  # fmt: skip
    if not found.failing:
        return None
    table = found.failing[0]
    fields = blocking(table)
    worst = max(fields, key=lambda cells: cells.to_fix, default=None)
    sentence = worst.sentence if worst is not None and worst.to_fix >= table.to_fix else table.sentence
    return NextStep(
        sentence, table.subject.get_absolute_url(), _("Show what is wrong in %(table)s") % {"table": table.label}
    )


def best_step(now_standing: Standing) -> NextStep | None:
    """The next best action (F-M2): the ingredient that lowers the risk most for each day of work, and what to begin
    with. None before anything is measured, or where nothing would lower it."""
    if not now_standing.with_evidence:
        return None
    best = next_actions(now_standing)[0]
    if not best.removes:
        return None
    facts = {"name": best.state.ingredient, "points": words.number(100 * best.removes, 1)}
    why = _("%(name)s: bringing it to strong would remove up to %(points)s points of risk.") % facts
    if best.first is None:
        url = f"{reverse('work-item-new')}?ingredient={best.state.ingredient.pk}"
        return NextStep(f"{why} {_('Nothing is planned for it yet.')}", url, _("Plan something"))
    begin = _("Begin with “%(what)s”.") % {"what": best.first.title}
    if best.first.owner:
        begin = _("Begin with “%(what)s” (%(who)s).") % {"what": best.first.title, "who": best.first.owner}
    return NextStep(f"{why} {begin}", best.state.ingredient.get_absolute_url(), _("What is planned for it"))


def home(person: Person, *, now: datetime) -> Home:
    """What this person's first page is made of."""
    board = data.scoreboard()
    may_read = [report for report in reports.every() if belongs(person, report.groups)]
    jobs = Job.objects.visible_to(person).unfinished().select_related("lease")
    return Home(
        tables=board,
        gates=[gate(report, now=now, reader=person, scores=board) for report in may_read],
        jobs=list(jobs.order_by("-pk")[:JOBS_SHOWN]),
        seats=list(Seat.objects.filter(holder=person)),
    )


def wheel(now_standing: Standing) -> Chart:
    """Ten spokes: evidence solid, claim as a line; an ingredient without evidence has neither."""
    states = now_standing.ingredients
    return Chart(
        kind="wheel",
        categories=[str(state.ingredient) for state in states],
        series=[
            Series(_("Evidence"), [state.score for state in states]),
            Series(_("Claim"), [state.claim for state in states], line=True, dashed=True),
        ],
        unit="%",
        maximum=1.0,
        head=_("Ingredient"),
        links=[state.ingredient.get_absolute_url() for state in states],
    )


def improving(now_standing: Standing, before: Standing | None) -> set[str]:
    """Slugs of the ingredients that rose in four weeks by at least `IMPROVES`, over what was measured both times (P5).

    Checks that were measured only once are left out: more evidence is no improvement.
    """
    if before is None:
        return set()
    then = {one.check.slug: one.attainment for state in before.ingredients for one in state.checks}
    found = set()
    for state in now_standing.ingredients:
        both = [(one.check.weight, one.attainment, then.get(one.check.slug)) for one in state.checks]
        known = [(weight, now, was) for weight, now, was in both if now is not None and was is not None]
        total = sum(weight for weight, _now, _was in known)
        if total and sum(weight * (now - was) for weight, now, was in known) / total >= IMPROVES:
            found.add(state.ingredient.slug)
    return found


def standing_before(now: datetime) -> Standing | None:
    """Where the programme stood four weeks ago; None where there was no evidence then."""
    before = standing(now - CHANGE_OVER)
    return before if before.with_evidence else None
