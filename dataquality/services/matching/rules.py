"""A steward's own rules: tried before they count, published, and their pairs in the same queue as the engine's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.engine import rule_match
from dataquality.engine.rule_match import Criterion, Rule, RuleFigures
from dataquality.models import MatchRule, MatchRun, Pair
from dataquality.queries.matching import last_run
from dataquality.services.copying import copy
from dataquality.services.matching import frames
from dataquality.services.matching.locking import lock_matching
from dataquality.services.matching.writing import judged_between
from dataquality.statements import execute, fetch
from dataquality.subjects import Subject

STAGED = "pairs_of_rules"


def as_rule(name: str, criteria: Sequence[Mapping[str, Any]], subject: Subject) -> Rule:
    """Read a rule as it is stored; refused with the criterion that makes no sense."""
    known = subject.matched
    made = []
    for one in criteria:
        column = str(one.get("column", ""))
        if column not in known:
            raise Refusal(_("“%(rule)s” asks for the column “%(column)s”, which %(table)s does not compare; it knows "
                            "%(known)s.") % {"rule": name, "column": column, "table": subject.label,
                                             "known": ", ".join(known)})  # fmt: skip
        try:
            made.append(
                Criterion(column, str(one.get("how", "exact")), int(one.get("length") or 0),
                          bool(one.get("ignore_blank", True)))
            )  # fmt: skip
        except ValueError as error:
            raise Refusal(str(error)) from error
    try:
        return Rule(name, tuple(made))
    except ValueError as error:
        raise Refusal(str(error)) from error


def published(subject: Subject) -> list[Rule]:
    rows = MatchRule.objects.filter(table=subject.slug, published=True).order_by("pk")
    return [as_rule(row.name, row.criteria, subject) for row in rows]


def _columns(rules: Sequence[Rule]) -> list[str]:
    return list(dict.fromkeys(criterion.column for rule in rules for criterion in rule.criteria))


def try_rule(subject: Subject, rule: Rule) -> RuleFigures:
    """What it would give and add over the rules that are published and the pairs that are there; nothing is kept."""
    others = [one for one in published(subject) if one.name != rule.name]
    table = frames.read(subject, _columns([*others, rule]))
    ids = table.get_column(frames.ID)
    stored = fetch(
        "SELECT a, b FROM dataquality_pair WHERE table_a = %s AND table_b = %s AND rule = ''",
        [subject.slug, subject.slug],
    )
    place = {key: row for row, key in enumerate(ids.to_list())}
    rows = [(place[a], place[b]) for a, b in stored if a in place and b in place]
    known = (np.array([a for a, _b in rows], np.int32), np.array([b for _a, b in rows], np.int32))
    return rule_match.figures(table, [*others, rule], known)[-1]


@transaction.atomic
def save_rule(rule: MatchRule) -> MatchRule:
    """Keep a rule; its criteria must make sense for its table."""
    as_rule(rule.name, rule.criteria, subjects.get(rule.table))
    taken = MatchRule.objects.filter(table=rule.table, name=rule.name).exclude(pk=rule.pk)
    if taken.exists():
        raise Refusal(_("“%(name)s” is a rule of this table already; choose another name.") % {"name": rule.name})
    rule.save()
    return rule


@transaction.atomic
def publish(rule: MatchRule) -> int:
    """From now on its pairs stand in the queue; says how many it added. Too costly a rule is refused."""
    found = MatchRule.objects.select_for_update().get(pk=rule.pk)
    found.published = True
    found.save()
    return apply_rules(subjects.get(found.table))


@transaction.atomic
def withdraw_rule(rule: MatchRule) -> int:
    """Take its open pairs out of the queue again; what people judged stays."""
    found = MatchRule.objects.select_for_update().get(pk=rule.pk)
    found.published = False
    found.save()
    lost, _by_model = Pair.objects.filter(
        table_a=found.table, table_b=found.table, rule=found.name, state=Pair.State.OPEN
    ).delete()
    return lost


@transaction.atomic
def apply_rules(subject: Subject, run: MatchRun | None = None) -> int:
    """Bring the rules' pairs in line with the records as they are: new ones join, those no rule gives any more leave.

    A pair that the engine found too stays the engine's. Returns how many pairs stand by rules alone. `run` is the
    detection that is just being written down, where there is one.
    """
    run = run or last_run(subject.slug)
    if run is None:
        raise Refusal(_("Look for duplicates in %(table)s once; the rules' pairs then stand beside the engine's.")
                      % {"table": subject.label})  # fmt: skip
    rules = published(subject)
    lock_matching(subject)
    table = frames.read(subject, _columns(rules)) if rules else pl.DataFrame({frames.ID: []})
    try:
        a, b, by = rule_match.rule_pairs(table, rules)
    except ValueError as error:
        raise Refusal(str(error)) from error
    ids = table.get_column(frames.ID).to_numpy().astype(np.int64)
    names = np.array([rule.name for rule in rules], dtype=object)
    staged = pl.DataFrame(
        {"a": ids[a], "b": ids[b], "rule": pl.Series(names[by].tolist() if len(rules) else [], dtype=pl.String)}
    )
    execute(f"CREATE TEMP TABLE {STAGED} (a bigint, b bigint, rule text) ON COMMIT DROP")
    copy(STAGED, ("a", "b", "rule"), staged)
    names_of: dict[str, sql.Composable] = {
        "t": sql.Literal(subject.slug),
        "run": sql.Literal(run.pk),
        "staged": sql.Identifier(STAGED),
    }
    names_of["judged"] = judged_between(subject, subject)
    execute(sql.SQL(LEAVE).format(**names_of))
    execute(sql.SQL(JOIN).format(**names_of))
    execute(f"DROP TABLE {STAGED}")
    return Pair.objects.filter(table_a=subject.slug, table_b=subject.slug).exclude(rule="").count()


def follow(subject: Subject, run: MatchRun) -> None:
    """After a detection the rules' pairs are those of the records as they are; a rule that cannot be, says so."""
    if not MatchRule.objects.filter(table=subject.slug).exists():
        return
    try:
        apply_rules(subject, run)
    except Refusal as refusal:
        run.log = [*run.log, refusal.sentence]


LEAVE = """
    DELETE FROM dataquality_pair p
     WHERE p.table_a = {t} AND p.table_b = {t} AND p.rule <> '' AND p.state = 'open'
       AND NOT EXISTS (SELECT 1 FROM {staged} s WHERE s.a = p.a AND s.b = p.b AND s.rule = p.rule)"""
JOIN = """
    INSERT INTO dataquality_pair (run_id, table_a, a, table_b, b, probability, weight, rule, joined, blast_radius,
                                  state, judged_by_id, judged_at)
    SELECT {run}, {t}, s.a, {t}, s.b, 0, 0, s.rule, false, 0, coalesce(j.verdict, 'open'), j.judged_by_id, j.judged_at
      FROM {staged} s LEFT JOIN ({judged}) j ON j.a = s.a AND j.b = s.b
        ON CONFLICT (table_a, a, table_b, b) DO NOTHING"""
