"""What is wrong, grouped as a steward mends it: one line for every field, fault, value and suggestion."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _
from psycopg2 import sql

from dataquality import subjects
from dataquality.engine.noise import pivot
from dataquality.engine.rules import Rule
from dataquality.models import Finding, Source
from dataquality.rules import rules_of
from dataquality.sentences import SENTENCES, either, other_of, sentence
from dataquality.statements import fetch
from dataquality.subjects import PERSON, Subject

HELD = "unique_repeated"  # its candidates are the records that hold the value, not values to choose from
DISTINCT_VALUES = 20_000  # of a column, the most frequent first, that the noise pivot looks at


@dataclass(frozen=True)
class Problem:
    """The same fault of the same value in `rows` records; one of them is `record_id`."""

    table: str
    field: str
    label: str
    code: str
    severity: str
    value: str
    suggestion: str | None
    candidates: list[str]
    rows: int
    priority: float
    record_id: int
    since: object
    sentence: str


def problems(
    subject: Subject, source: Source | None = None, *, field: str = "", state: str = "open", limit: int = 100
) -> list[Problem]:
    """Findings of a table grouped by field, code, value and suggestion; what helps most first (model.md 3.1).

    A group weighs as its weightiest finding; of two alike the larger comes first.
    """
    found = Finding.objects.filter(table=subject.slug, state=state)
    if source is not None:
        found = found.filter(source=source)
    if field:
        found = found.filter(field=field)
    groups = (
        found.order_by()
        .values("field", "code", "severity", "value", "suggestion", "candidates")
        .annotate(
            rows=Count("pk"),
            record=Min("record_id"),
            since=Min("opened_at"),
            rule=Max("rule__slug"),
            weightiest=Max("priority"),
        )
        .order_by("-weightiest", "severity", "-rows", "field", "code", "value")[:limit]
    )
    rules = {rule.slug: rule for rule in rules_of(subject)}
    return [
        Problem(
            table=subject.slug,
            field=group["field"],
            label=label_of(subject, group["field"]),
            code=group["code"],
            severity=group["severity"],
            value=group["value"],
            suggestion=group["suggestion"],
            candidates=[] if group["code"] == HELD else group["candidates"],
            rows=group["rows"],
            priority=group["weightiest"],
            record_id=group["record"],
            since=group["since"],
            sentence=sentence_of(
                subject, group["field"], group["code"], group["value"], group["suggestion"], group["candidates"],
                rules.get(group["rule"]),
            ),
        )
        for group in groups
    ]  # fmt: skip


def sentence_of(
    subject: Subject,
    field: str,
    code: str,
    value: str,
    suggestion: str | None,
    candidates: list[str],
    rule: Rule | None = None,
) -> str:
    """The fault in words, with the field's label and what the value was compared with."""
    label = label_of(subject, field)
    if code not in SENTENCES:
        return _("%(field)s “%(value)s” is not right (%(code)s).") % {"field": label, "value": value, "code": code}
    if field in subject.pointers and code.startswith("pointer"):
        targets = subject.pointers[field].targets(field).values()
        named = [_("user") if slug == PERSON else subjects.get(slug).model._meta.verbose_name for slug in targets]
        other = either([str(name) for name in named])
    elif code == HELD:
        other = ", ".join(candidates)
    elif candidates:
        other = either(candidates)
    else:
        other = other_of(rule, {name: column.label for name, column in subject.columns.items()}) if rule else ""
    return sentence(code, field=label, value=value, suggestion=suggestion, other=other)


def said_of(finding: Finding) -> str:
    """One finding in words; select its rule with it."""
    subject = subjects.get(finding.table)
    rule = next((rule for rule in rules_of(subject) if rule.slug == finding.rule.slug), None)
    return sentence_of(
        subject, finding.field, finding.code, finding.value, finding.suggestion, finding.candidates, rule
    )


def label_of(subject: Subject, field: str) -> str:
    """How a field is called; a fault without a field is one of the record as a whole."""
    if not field:
        return _("The record")
    return subject.columns[field].label if field in subject.columns else field


@dataclass(frozen=True)
class Noise:
    """One value of a column: how often it stands there, its share, and the frequent value that it looks like."""

    value: str
    n: int
    share: float
    near: str | None
    near_n: int | None
    distance: int | None


def noise(subject: Subject, field: str, source: Source | None = None, *, limit: int = 200) -> list[Noise]:
    """The values of a column in the live records, the most frequent first (T25); one scan of that column."""
    counts = pl.DataFrame(
        value_counts(subject, field, source), schema={"value": pl.String, "n": pl.Int64}, orient="row"
    )
    return [Noise(**row) for row in pivot(counts, limit=limit).iter_rows(named=True)]


def value_counts(subject: Subject, field: str, source: Source | None = None) -> list[tuple[str, int]]:
    """The values of a column in the live records and how often each stands there, the most frequent first."""
    column = sql.Identifier(subject.stored_name(field))
    of_source = sql.SQL(" AND source_id = {}").format(sql.Literal(source.pk)) if source else sql.SQL("")
    counted = fetch(
        sql.SQL(
            "SELECT {c}::text, count(*) FROM {t} WHERE state = 'live' AND {c} IS NOT NULL{s}"
            " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %s"
        ).format(c=column, t=sql.Identifier(subject.db_table), s=of_source),
        [DISTINCT_VALUES],
    )
    return [(str(value), int(n)) for value, n in counted]


def rows_with(subject: Subject, source: Source | None = None, **found: str) -> Q:
    """The filter on the table's records for those with an open finding of this field, code or value."""
    findings = Finding.objects.filter(table=subject.slug, state=Finding.State.OPEN, **found)
    if source is not None:
        findings = findings.filter(source=source)
    return Q(pk__in=findings.values("record_id"))
