"""The faults of a table by kind: which field, what is wrong, and in how many records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet

from dataquality.models import Finding, Source
from dataquality.queries.problems import Problem, label_of, said_of
from dataquality.subjects import Subject


@dataclass(frozen=True)
class FaultKind:
    """One fault of one field over all its values; `example` is one of them in a sentence, `listed` how many follow."""

    field: str
    label: str
    code: str
    severity: str
    rows: int
    priority: float
    example: str
    listed: int


def fault_kinds(
    subject: Subject, problems: Sequence[Problem], source: Source | None = None, *, field: str = ""
) -> list[FaultKind]:
    """Open findings of a table by field and fault, what helps most first, then those of most records.

    `problems` are the groups by value that the page lists; the sentences come from them.
    """
    found = Finding.objects.open().filter(table=subject.slug)
    if source is not None:
        found = found.filter(source=source)
    if field:
        found = found.filter(field=field)
    counted = (
        found.order_by().values_list("field", "code", "severity").annotate(rows=Count("pk"), weightiest=Max("priority"))
    )
    kinds = []
    for name, code, severity, rows, priority in counted:
        same = [problem for problem in problems if (problem.field, problem.code) == (name, code)]
        example = same[0].sentence if same else said_of(_one(found, name, code, severity))
        kinds.append(FaultKind(name, label_of(subject, name), code, severity, rows, priority, example, len(same)))
    return sorted(kinds, key=lambda kind: (-kind.priority, kind.severity, -kind.rows, kind.field, kind.code))


def _one(found: QuerySet[Finding], field: str, code: str, severity: str) -> Finding:
    """The weightiest finding of a kind whose values are too light to be listed."""
    same = found.filter(field=field, code=code, severity=severity).select_related("rule")
    return same.order_by("-priority", "-pk")[0]
