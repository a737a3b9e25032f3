"""Faults that only a whole table, or another one, shows: pointers, lists, misspelt and repeated values, old age."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from dataquality import subjects
from dataquality.engine.rules import by_table
from dataquality.models import Batch, RuleRow, Source
from dataquality.rules import active_rules
from dataquality.services.findings import (
    EVERY_RECORD,
    drop_settling_table,
    judged_by_table,
    let_go,
    make_settling_table,
    settle,
)
from dataquality.services.relations.judging import Judging
from dataquality.services.relations.lifecycle import judge_lifecycle
from dataquality.services.relations.lists import judge_list
from dataquality.services.relations.pointers import judge_pointer
from dataquality.services.relations.spelling import judge_spelling
from dataquality.services.relations.uniqueness import judge_unique
from dataquality.services.scores import take_scores
from dataquality.subjects import Subject

__all__ = ["pointing_at", "settle_neighbours", "settle_relations"]

JUDGES: dict[str, Callable[[Judging], None]] = {  # in this order: what is off its list is not called misspelt as well
    "pointer": judge_pointer,
    "choice": judge_list,
    "spelling": judge_spelling,
    "unique": judge_unique,
    "lifecycle": judge_lifecycle,
}


def settle_relations(subject: Subject, *, source: Source, batch: Batch | None, now: datetime) -> dict[str, int]:
    """Judge one source's live records, as they stand in the mirror, by the rules that one row cannot answer.

    Where nothing of the table pointed at has come yet, a pointer cannot be checked and nothing is said of it, except
    where it is blank and must not be.
    """
    make_settling_table()
    rows = {row.slug: row.pk for row in RuleRow.objects.filter(table=subject.slug)}
    rules = [rule for rule in active_rules(subject) if by_table(rule) and rule.slug in rows]
    for kind, judge in JUDGES.items():
        for rule in rules:
            if rule.kind == kind:
                judge(Judging(subject, rule, rows[rule.slug], source, now))
    counts = settle(
        subject, source=source, batch=batch, now=now, judged=judged_by_table(subject),
        among=EVERY_RECORD, mirror=True,
    )  # fmt: skip
    drop_settling_table()
    return {**counts, "gone": let_go(subject, source=source, batch=batch, now=now)}


def pointing_at(slugs: Iterable[str]) -> list[Subject]:
    """The tables whose pointers may change when rows of these tables come or go."""
    wanted = set(slugs)
    return [
        subject
        for subject in subjects.every()
        if any(wanted & set(pointer.targets(name).values()) for name, pointer in subject.pointers.items())
    ]


def settle_neighbours(slugs: Collection[str], *, source: Source, batch: Batch | None, now: datetime) -> list[Subject]:
    """After rows of these tables came, went or were renamed: judge and score anew the tables that point at them."""
    neighbours = [
        subject
        for subject in pointing_at(slugs)
        if subject.slug not in slugs and subject.model.objects.live().filter(source=source).exists()
    ]
    for subject in neighbours:
        settle_relations(subject, source=source, batch=batch, now=now)
        take_scores(subject, source=source, batch=batch, now=now)
    return neighbours
