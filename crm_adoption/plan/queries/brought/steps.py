"""The steps of processes, and what makes sure of each (M7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from crm_adoption.plan.ingredients.base import Measured
from crm_adoption.plan.models import GateAct, StepRule
from dataquality import subjects
from dataquality.models import Finding, RuleRow
from dataquality.statements import fetch
from training.models import Process, ProcessVersion


@dataclass(frozen=True)
class Step:
    """A step of a process in force, what enforces it, and how many records break that today."""

    process: Process
    text: str
    rule: StepRule | None
    holds: bool  # the rule is there and active, or the CRM itself asks for it
    broken: int


def steps() -> list[Step]:
    """Every step of the processes in force, in their order."""
    versions = ProcessVersion.objects.filter(process__retired_on=None, number=F("process__version"))
    known = {(rule.process_id, rule.step): rule for rule in StepRule.objects.all()}
    slugs = {rule.rule_slug for rule in known.values() if rule.rule_slug}
    active = {row.slug: row.pk for row in RuleRow.objects.filter(slug__in=slugs, active=True)}
    broken = dict(
        fetch(
            "SELECT rule_id, count(DISTINCT record_id) FROM dataquality_finding"
            " WHERE state = %s AND rule_id = ANY(%s) GROUP BY 1",
            [Finding.State.OPEN.value, list(active.values())],
        )
    )
    found = []
    for version in versions.select_related("process").order_by("process__name"):
        for text in version.steps:
            rule = known.get((version.process_id, text))
            holds = rule is not None and (rule.by == StepRule.By.CRM or rule.rule_slug in active)
            n = broken.get(active.get(rule.rule_slug, 0), 0) if rule else 0
            found.append(Step(version.process, text, rule, holds, n))
    return found


def enforcement(now: datetime) -> Measured | None:
    """Steps of the processes in force that a rule on records, or the CRM itself, makes sure of, of all steps."""
    every = steps()
    if not every:
        return None
    held = [step for step in every if step.holds]
    acts = GateAct.objects.filter(at__gt=now - timedelta(days=365), at__lte=now)
    opened = acts.filter(outcome=GateAct.Outcome.OPENED)
    detail = {
        "broken": sum(step.broken for step in held),
        "opened": opened.count(),
        "overridden": opened.exclude(reason="").count(),
    }
    return Measured(len(held) / len(every), len(every), now, detail)


def step_rules() -> QuerySet[StepRule]:
    """What was said of steps, each with the table, the field and the kind of its rule."""
    rule = RuleRow.objects.filter(slug=OuterRef("rule_slug"))
    found: QuerySet[StepRule] = StepRule.objects.select_related("process").annotate(
        rule_table=Subquery(rule.values("table")), rule_field=Subquery(rule.values("field")),
        rule_kind=Subquery(rule.values("kind")),
    )  # fmt: skip
    return found


def rule_said(one: Any) -> str:
    """The rule of a row of `step_rules` as people read it; one that is gone speaks for itself."""
    subject = next((known for known in subjects.every() if known.slug == one.rule_table), None)
    if subject is None:
        return str(one.rule_slug)
    column = subject.columns.get(one.rule_field)
    return f"{subject.label}: {column.label if column else one.rule_field} · {one.rule_kind}"
