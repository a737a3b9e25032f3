"""Faults that only a whole table, or another one, shows: pointers that lead nowhere, and misspelt values."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import polars as pl
from psycopg2 import sql

from dataquality import subjects
from dataquality.engine.folding import fold
from dataquality.engine.noise import near_neighbours
from dataquality.engine.rules import Rule
from dataquality.engine.spelling import spelling
from dataquality.engine.suggest import pointer_suggestions
from dataquality.models import Batch, Identity, RuleRow, Source
from dataquality.queries.pointers import checkable_targets, foreign_keys, needed
from dataquality.rules import active_rules
from dataquality.services.applying import NAMED
from dataquality.services.findings import (
    EVERY_RECORD,
    SETTLING,
    drop_settling_table,
    let_go,
    make_settling_table,
    settle,
)
from dataquality.services.scores import take_scores
from dataquality.statements import execute, fetch
from dataquality.subjects import PERSON, Subject

DISTINCT_VALUES = 20_000  # of a column, the most frequent first, that are looked at for a suggestion
TARGET_NAMES = 500_000  # names a dangling pointer is compared with
COMPARISONS = 5_000_000  # of names in all; the rest of the dangling values gets no suggestion
ALIKE = 4  # letters
Repair = tuple[str, str, str | None, list[str]]  # value, code, suggestion, candidates


def settle_relations(subject: Subject, *, source: Source, batch: Batch | None, now: datetime) -> dict[str, int]:
    """Judge the pointers and the spelling of one source's live records, as they stand in the mirror.

    Where nothing of the table pointed at has come yet, a pointer cannot be checked and nothing is said of it, except
    where it is blank and must not be.
    """
    make_settling_table()
    rows = {row.slug: row.pk for row in RuleRow.objects.filter(table=subject.slug)}
    for rule in active_rules(subject):
        if rule.kind == "pointer":
            _judge_pointer(subject, rule, rows[rule.slug], source)
        elif rule.kind == "spelling":
            _judge_spelling(subject, rule, rows[rule.slug], source)
    counts = settle(
        subject, source=source, batch=batch, now=now, judged=sql.SQL("r.kind IN ('pointer', 'spelling')"),
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


def _judge_pointer(subject: Subject, rule: Rule, rule_id: int, source: Source) -> None:
    pointer = subject.pointers[rule.field]
    keys = foreign_keys(subject, rule.field)
    is_checkable = bool(keys) and checkable_targets(subject, rule.field, source)
    if not (is_checkable or pointer.required or pointer.when):
        return
    ref = sql.Identifier(f"{rule.field}_ref")
    blank = "WHEN btrim(t.{}) = '' THEN CASE WHEN {} THEN 'pointer_blank' END"
    branches = [sql.SQL(blank).format(ref, needed(subject, pointer))]
    if is_checkable:
        nowhere = sql.SQL(" AND ").join(sql.SQL("t.{} IS NULL").format(sql.Identifier(key)) for key in keys)
        branches.append(sql.SQL("WHEN {} THEN 'pointer_dangling'").format(nowhere))
        branches += [
            sql.SQL("WHEN t.{} IN (SELECT id FROM {} WHERE state <> 'live') THEN 'pointer_retired'").format(
                sql.Identifier(key), sql.Identifier(subjects.get(slug).db_table)
            )
            for key, slug in keys.items()
            if slug != PERSON
        ]
    execute(
        sql.SQL(
            "INSERT INTO {settling} SELECT id, {rule}, {field}, {severity}, code, ref, NULL, '[]' FROM"
            " (SELECT t.id, t.{ref} AS ref, CASE {branches} END AS code FROM {t} t"
            " WHERE t.source_id = {source} AND t.state = 'live') judged WHERE code IS NOT NULL"
        ).format(
            settling=sql.Identifier(SETTLING), rule=sql.Literal(rule_id), field=sql.Literal(rule.field),
            severity=sql.Literal(rule.severity), ref=ref, branches=sql.SQL(" ").join(branches),
            t=sql.Identifier(subject.db_table), source=sql.Literal(source.pk),
        )
    )  # fmt: skip
    _suggest_targets(rule_id, keys.values(), source)


def _suggest_targets(rule_id: int, slugs: Iterable[str], source: Source) -> None:
    dangling = [
        value
        for (value,) in fetch(
            sql.SQL(
                "SELECT value FROM {} WHERE rule_id = %s AND code = 'pointer_dangling'"
                " GROUP BY value ORDER BY count(*) DESC, value LIMIT %s"
            ).format(sql.Identifier(SETTLING)),
            [rule_id, DISTINCT_VALUES],
        )
    ]
    if not dangling:
        return
    names = _names(slugs, source)
    compared = _affordable(dangling, names)
    found = pointer_suggestions(pl.Series(compared, dtype=pl.String), pl.Series(list(names), dtype=pl.String))
    repairs: list[Repair] = []
    for value, suggestion, candidates in found.select("value", "suggestion", "candidates").iter_rows():
        plain = suggestion if suggestion and names[suggestion] == 1 else None
        repairs.append((value, "pointer_dangling", plain, list(candidates)))
    _note_repairs(rule_id, repairs)


def _affordable(values: Sequence[str], names: Iterable[str]) -> list[str]:
    """The values, in their order, until they would be compared with too many names that begin or end alike."""
    forms = [fold(name) for name in names]
    starts, ends = Counter(form[:ALIKE] for form in forms), Counter(form[-ALIKE:] for form in forms)
    chosen: list[str] = []
    spent = 0
    for value in values:
        form = fold(value)
        spent += starts[form[:ALIKE]] + ends[form[-ALIKE:]]
        if spent > COMPARISONS and chosen:
            break
        chosen.append(value)
    return chosen


def _names(slugs: Iterable[str], source: Source) -> dict[str, int]:
    """The names by which a pointer may mean a record of these tables, and how many bear each."""
    names: dict[str, int] = {}
    for slug in slugs:
        if slug == PERSON:
            found: Sequence[tuple[str, int]] = [
                (name, 1)
                for name in Identity.objects.filter(source=source).values_list("name", flat=True)[:TARGET_NAMES]
            ]
        elif slug in NAMED:
            target = subjects.get(slug)
            column = sql.Identifier(target.name_columns[0])
            found = fetch(
                sql.SQL(
                    "SELECT {c}, count(*) FROM {t} WHERE source_id = %s AND state = 'live' AND {c} <> ''"
                    " GROUP BY 1 ORDER BY 1 LIMIT %s"
                ).format(c=column, t=sql.Identifier(target.db_table)),
                [source.pk, TARGET_NAMES],
            )
        else:
            continue
        for name, n in found:
            names[name] = names.get(name, 0) + n
    return names


def _note_repairs(rule_id: int, repairs: Sequence[Repair]) -> None:
    """Write suggestion and candidates beside the faults of these values."""
    if not repairs:
        return
    said = [
        {"value": value, "code": code, "suggestion": suggestion, "candidates": candidates}
        for value, code, suggestion, candidates in repairs
    ]
    execute(
        sql.SQL(
            "UPDATE {} s SET suggestion = v.suggestion, candidates = v.candidates"
            " FROM jsonb_to_recordset(%s::jsonb) v (value text, code text, suggestion text, candidates jsonb)"
            " WHERE s.rule_id = %s AND s.value = v.value AND s.code = v.code"
        ).format(sql.Identifier(SETTLING)),
        [json.dumps(said), rule_id],
    )


def _judge_spelling(subject: Subject, rule: Rule, rule_id: int, source: Source) -> None:
    column, table = sql.Identifier(rule.field), sql.Identifier(subject.db_table)
    counts = fetch(
        sql.SQL(
            "SELECT {c}, count(*) FROM {t} WHERE source_id = %s AND state = 'live' AND btrim({c}) <> ''"
            " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %s"
        ).format(c=column, t=table),
        [source.pk, DISTINCT_VALUES],
    )
    if not counts:
        return
    repairs = _misspelt(subject, rule, pl.DataFrame(counts, schema={"value": pl.String, "n": pl.Int64}, orient="row"))
    if not repairs:
        return
    execute(
        sql.SQL(
            "INSERT INTO {settling} SELECT t.id, {rule}, {field}, {severity}, v.code, t.{c}, NULL, '[]' FROM {t} t"
            " JOIN unnest({values}::text[], {codes}::text[]) v (value, code) ON t.{c} = v.value"
            " WHERE t.source_id = {source} AND t.state = 'live'"
        ).format(
            settling=sql.Identifier(SETTLING), rule=sql.Literal(rule_id), field=sql.Literal(rule.field),
            severity=sql.Literal(rule.severity), c=column, t=table, source=sql.Literal(source.pk),
            values=sql.Literal([each[0] for each in repairs]), codes=sql.Literal([each[1] for each in repairs]),
        )
    )  # fmt: skip
    _note_repairs(rule_id, repairs)


def _misspelt(subject: Subject, rule: Rule, counts: pl.DataFrame) -> list[Repair]:
    """What is misspelt, what only a person can say, and what is rare beside a frequent value like it."""
    kind = subject.columns[rule.field].kind
    known = [str(value) for value in rule.params.get("known", ())]
    plain = spelling(counts, kind=kind, known=known)
    repairs: list[Repair] = [
        (value, "spelling_misspelt" if suggestion else "spelling_question", suggestion, list(candidates))
        for value, suggestion, candidates in plain.select("value", "suggestion", "candidates").iter_rows()
    ]
    meant = {value: suggestion for value, _, suggestion, _ in repairs}
    if kind == "choice":
        near = near_neighbours(counts, limit=DISTINCT_VALUES)
        for value, other in near.select("value", "near").iter_rows():
            if value not in meant and value not in known:
                right = meant.get(other) or other
                repairs.append((value, "spelling_rare", right, [right]))
    return repairs
