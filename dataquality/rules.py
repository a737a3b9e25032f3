"""The rules of a table: what its app declared, what its columns imply, and what a steward changed of both.

A rule's slug is `<table>.<field>.<what>`. The row of a rule holds only what a steward may edit: `params` there is laid
over the declared ones, so that an edit survives a new version and a new version reaches what nobody edited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dataquality import subjects
from dataquality.engine.columns import Kind
from dataquality.engine.rules import Rule, by_table
from dataquality.models import FieldSetting, RuleRow
from dataquality.subjects import TYPED, Column, Subject

TEXTS = (
    Kind.TEXT, Kind.PERSON, Kind.GIVEN, Kind.FAMILY, Kind.COMPANY, Kind.STREET, Kind.CITY, Kind.REGION, Kind.CHOICE,
    Kind.COUNTRY,
)  # fmt: skip
FORMS = {
    Kind.EMAIL: "email", Kind.PHONE: "phone", Kind.URL: "url", Kind.DOMAIN: "domain", Kind.POSTCODE: "postcode",
}  # fmt: skip
CONFIRMED = "confirmed"  # a rule of this sort is broken by a duplicate of a record as a whole, not by a cell
BY_COUNTRY = ("phone", "postcode")
READINGS = {Kind.BOOLEAN: "boolean", Kind.DATE: "date", Kind.DATETIME: "date"}
# Damage that leaves the text readable: a person should look, but the cell is not lost.
MILD = ("charset_control", "charset_bidi", "charset_invisible", "charset_mixed_script")


def rules_of(subject: Subject, *, default_country: str = "") -> list[Rule]:
    """What should hold of a table, declared or implied; phones and postcodes without a country are read as its."""
    implied = [rule for name, column in subject.columns.items() for rule in _implied(subject, name, column)]
    if subject.matched:
        implied.append(Rule(confirmed_slug(subject), "unique", "", params={"as": CONFIRMED}))
    declared = {rule.slug for rule in subject.rules}
    rules = [*subject.rules, *(rule for rule in implied if rule.slug not in declared)]
    return [_at_home(rule, default_country) for rule in rules]


def active_rules(subject: Subject, *, default_country: str = "") -> list[Rule]:
    """The rules in force: those a steward switched off are left out, softened ones are softened, lists closed."""
    return [rule for rule, is_active in _edited(subject, default_country) if is_active]


def table_slugs(subject: Subject) -> list[str]:
    """The rules, in force or not, that need the whole table, or another one."""
    return [rule.slug for rule, _is_active in _edited(subject) if by_table(rule)]


def row_local(rules: Iterable[Rule]) -> list[Rule]:
    """Those that a row can break by itself; the others need the whole table, or another one."""
    return [rule for rule in rules if not by_table(rule)]


def reading_slug(subject: Subject, field: str) -> str:
    """The rule that a cell of a typed column breaks when it cannot be read as a date, a number or yes and no."""
    return f"{subject.slug}.{field}.reading"


def confirmed_slug(subject: Subject) -> str:
    """The rule that a record breaks when somebody confirmed that it stands for the same one as another."""
    return f"{subject.slug}.record.confirmed"


def sync_rules(**_signal: Any) -> int:
    """Give every declared rule its row; what a steward edited stays. Returns how many are new."""
    wanted = [_row(subject, rule) for subject in subjects.every() for rule in _all_rules(subject)]
    known = {row.slug: row for row in RuleRow.objects.all()}
    stale = []
    for row in wanted:
        old = known.get(row.slug)
        if old and (old.kind, old.table, old.field, old.uses) != (row.kind, row.table, row.field, row.uses):
            old.kind, old.table, old.field, old.uses = row.kind, row.table, row.field, row.uses
            stale.append(old)
    RuleRow.objects.bulk_update(stale, ["kind", "table", "field", "uses"])
    new = [row for row in wanted if row.slug not in known]
    RuleRow.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _all_rules(subject: Subject) -> Sequence[Rule]:
    return [*rules_of(subject), *_readings(subject)]


def _readings(subject: Subject) -> list[Rule]:
    return [
        Rule(reading_slug(subject, name), "format", name, params={"as": READINGS.get(column.kind, "number")})
        for name, column in subject.columns.items()
        if column.kind in TYPED
    ]


def _implied(subject: Subject, name: str, column: Column) -> list[Rule]:
    slug = f"{subject.slug}.{name}"
    if column.pointer:
        return [Rule(f"{slug}.pointer", "pointer", name, "error" if column.pointer.counts else "warning")]
    rules = []
    if column.critical:
        rules.append(Rule(f"{slug}.required", "required", name, uses=column.uses))
    if column.kind in FORMS:
        rules.append(Rule(f"{slug}.format", "format", name, params=_form(subject, column), uses=column.uses))
    if column.kind in TEXTS:
        rules.append(Rule(f"{slug}.charset", "charset", name))
    if column.kind is Kind.CHOICE:
        rules.append(Rule(f"{slug}.choice", "choice", name, params={"values": [], "open": True}))
    if column.kind in (Kind.CHOICE, Kind.COUNTRY):
        rules.append(Rule(f"{slug}.spelling", "spelling", name, "warning"))
    if column.kind is Kind.TEXT:
        rules.append(Rule(f"{slug}.private", "format", name, "warning", params={"as": "free_text"}))
    return rules


def _form(subject: Subject, column: Column) -> dict[str, str]:
    form = FORMS[column.kind]
    if form in BY_COUNTRY and "country" in subject.columns:
        return {"as": form, "country_field": "country"}
    return {"as": form}


def _at_home(rule: Rule, country: str) -> Rule:
    if not country or rule.params.get("as") not in BY_COUNTRY:
        return rule
    return replace(rule, params={"default_country": country, **rule.params})


def _edited(subject: Subject, default_country: str = "") -> list[tuple[Rule, bool]]:
    """Every rule of the table as a steward left it, and is it in force?"""
    rows = {row.slug: row for row in RuleRow.objects.filter(table=subject.slug)}
    closed = {
        setting.field: setting.listed for setting in FieldSetting.objects.filter(table=subject.slug).exclude(choices="")
    }
    return [
        (_closed(_as_edited(rule, rows.get(rule.slug)), closed), rule.slug not in rows or rows[rule.slug].active)
        for rule in rules_of(subject, default_country=default_country)
    ]


def _closed(rule: Rule, lists: Mapping[str, Sequence[str]]) -> Rule:
    """A choice is closed where a steward wrote its list down: nothing else may stand there."""
    if rule.kind != "choice" or rule.field not in lists:
        return rule
    return replace(rule, params={**rule.params, "values": lists[rule.field], "open": False})


def _as_edited(rule: Rule, row: RuleRow | None) -> Rule:
    if row is None:
        return rule
    return replace(rule, severity=row.severity, params={**rule.params, **row.params})


def _row(subject: Subject, rule: Rule) -> RuleRow:
    return RuleRow(
        slug=rule.slug, kind=rule.kind, table=subject.slug, field=rule.field, severity=rule.severity,
        uses=list(rule.uses),
    )  # fmt: skip
