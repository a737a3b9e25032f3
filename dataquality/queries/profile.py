"""What a column holds, and what the four questions of a field review can be answered with from that (P46)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg2 import sql

from crm_adoption.kit import words
from dataquality import reports, subjects
from dataquality.engine.columns import Kind
from dataquality.engine.parse.blanks import NULL_TOKENS
from dataquality.models import FieldSetting, Finding, RuleRow
from dataquality.queries.pointers import filled
from dataquality.queries.problems import value_counts
from dataquality.statements import fetch
from dataquality.subjects import TYPED, Subject

SHOWN = 8
SHORT_LIST = 30  # values a person can choose from
COVERED = 0.95  # of the filled cells, by the commonest values, before a closed list would fit
# Typed to get past a field that had to be filled; beside the words for "nothing" that exports write.
_FILLERS = frozenset(
    ("test", "testing", "asdf", "qwerty", "xxx", "xx", "x", "abc", "aaa", "foo", "tbd", "todo", "dummy", "sample",
     "123", "1234", "12345", "000", "0000", "nobody", "no name", "none given", "not known", "do not use")
)  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """One column over the live records of its table."""

    subject: Subject
    field: str
    rows: int
    filled: int
    distinct: int
    once: int  # values that stand in one record alone
    longest: int  # characters
    common: Sequence[tuple[str, int]]
    junk: Sequence[tuple[str, int]]  # values that hold nothing
    faults: Sequence[tuple[str, int]]  # findings open, by the kind of their rule
    reports: Sequence[str]  # that stand on it
    values: Sequence[tuple[str, int]]  # all, the commonest first

    @property
    def fill(self) -> float | None:
        return self.filled / self.rows if self.rows else None

    @property
    def junk_cells(self) -> int:
        return sum(n for value, n in self.values if holds_nothing(value))

    @property
    def real(self) -> list[tuple[str, int]]:
        """The values that say something, the commonest first."""
        return [(value, n) for value, n in self.values if not holds_nothing(value)]

    @property
    def needed_values(self) -> int | None:
        """The fewest of the commonest values that make up nearly all of it, if a person could choose among them."""
        real, found = self.real, 0
        for place, (_value, n) in enumerate(real, start=1):
            found += n
            if found >= COVERED * sum(n for _value, n in real):
                return place if place <= SHORT_LIST else None
        return None


def holds_nothing(value: str) -> bool:
    """A word for "nothing", or what is typed to get past a field that has to be filled."""
    return value.strip().lower() in NULL_TOKENS | _FILLERS


def profile(subject: Subject, name: str) -> Profile:
    """Of one column: how full it is, what stands in it, and what hangs on it."""
    column = sql.Identifier(subject.stored_name(name))
    [row] = fetch(
        sql.SQL(
            "SELECT count(*), count(*) FILTER (WHERE {filled}), count(DISTINCT t.{c}) FILTER (WHERE {filled}),"
            " coalesce(max(length(t.{c}::text)), 0) FROM {t} t WHERE t.state = 'live'"
        ).format(filled=filled(subject, name), c=column, t=sql.Identifier(subject.db_table))
    )
    counts = [(value, n) for value, n in value_counts(subject, name) if value.strip()]
    junk = [(value, n) for value, n in counts if holds_nothing(value)]
    faults = (
        Finding.objects.open().filter(table=subject.slug, field=name).order_by()
        .values_list("rule__kind").annotate(n=Count("pk")).order_by("-n", "rule__kind")
    )  # fmt: skip
    return Profile(
        subject, name, rows=int(row[0]), filled=int(row[1]), distinct=int(row[2]),
        once=sum(n == 1 for _value, n in counts), longest=int(row[3]),
        common=counts[:SHOWN], junk=junk[:SHOWN], faults=[(str(kind), int(n)) for kind, n in faults],
        reports=[str(one.title) for one in reports.every() if (subject.slug, name) in one.footprint.cells],
        values=counts,
    )  # fmt: skip


def answers(found: Profile) -> dict[str, str]:
    """The four questions as far as the column itself answers them; a steward says the rest."""
    return {
        "misuse": _misuse(found), "consequence": _consequence(found), "prevention": _prevention(found),
        "checks": _checks(found),
    }  # fmt: skip


def _misuse(found: Profile) -> str:
    facts: dict[str, Any] = {
        "distinct": words.number(found.distinct), "filled": words.number(found.filled),
        "rows": words.number(found.rows), "fill": words.percent(found.fill),
    }  # fmt: skip
    said = [_("Filled in %(filled)s of %(rows)s records (%(fill)s), with %(distinct)s different values.") % facts]
    if found.junk:
        examples = ", ".join(f"“{value}”" for value, _n in found.junk[:3])
        sentence = ngettext(
            "Yes: %(n)s cell holds nothing, such as %(examples)s.",
            "Yes: %(n)s cells hold nothing, such as %(examples)s.", found.junk_cells,
        )  # fmt: skip
        said.append(sentence % {"n": words.number(found.junk_cells), "examples": examples})
    if found.faults:
        broken = sum(n for _kind, n in found.faults)
        sentence = ngettext("%(n)s cell breaks a rule.", "%(n)s cells break a rule.", broken)
        said.append(sentence % {"n": words.number(broken)})
    return " ".join(said)


def _consequence(found: Profile) -> str:
    column = found.subject.columns[found.field]
    said = []
    if found.reports:
        said.append(_("These reports stand on it: %(reports)s.") % {"reports": ", ".join(found.reports)})
    if column.uses:
        said.append(_("It is used for %(uses)s.") % {"uses": ", ".join(column.uses)})
    return " ".join(said) or _("No report stands on it, and it is declared for no use.")


def _prevention(found: Profile) -> str:
    column, needed = found.subject.columns[found.field], found.needed_values
    if column.pointer:
        return _("It is a lookup already: the CRM can require it and let only records be chosen.")
    if column.kind in TYPED:
        return _("Its type prevents text; a range would prevent the rest.")
    if needed is not None and len(found.real) <= SHORT_LIST:
        n = len(found.real)
        said = ngettext("Yes: a forced choice; it has %(n)s value.", "Yes: a forced choice among %(n)s values.", n)
        return said % {"n": words.number(n)}
    if needed is not None:
        return _("Yes: %(needed)s of its %(all)s values fill %(share)s of the cells; a forced choice among them.") % {
            "needed": words.number(needed), "all": words.number(len(found.real)), "share": words.percent(COVERED, 0)
        }  # fmt: skip
    if column.kind in (Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.DOMAIN, Kind.POSTCODE):
        return _("A check of its form when it is entered; no choice, its values are too many.")
    return _("No choice: its values are too many. It can be required, and checked for what holds nothing.")


def _checks(found: Profile) -> str:
    rules = RuleRow.objects.filter(table=found.subject.slug, field=found.field, active=True)
    kinds = sorted(set(rules.values_list("kind", flat=True)))
    if not kinds:
        return _("None of the rules here looks at it.")
    opened = dict(found.faults)
    told = [f"{kind} ({words.number(opened[kind])})" if kind in opened else kind for kind in kinds]
    return _("The rules here, with what they find today: %(rules)s.") % {"rules": ", ".join(told)}


@dataclass(frozen=True)
class Reviewed:
    """A field, what was decided of it, and when it is looked at again; `state` is due, never or reviewed."""

    subject: Subject
    field: str
    setting: FieldSetting | None
    state: str

    @property
    def label(self) -> str:
        return self.subject.columns[self.field].label


def field_reviews(today: date) -> list[Reviewed]:
    """Every field of every table: overdue ones first, then those that matter and were never reviewed, then the rest."""
    known = {(one.table, one.field): one for one in FieldSetting.objects.select_related("signed_by")}
    found = []
    for subject in subjects.every():
        for name, column in subject.columns.items():
            setting = known.get((subject.slug, name))
            if setting is not None and setting.verdict:
                late = setting.next_review_on is not None and setting.next_review_on <= today
                state = "due" if late else "reviewed"
            else:
                state = "never" if column.critical or column.uses or setting is not None else "unasked"
            found.append(Reviewed(subject, name, setting, state))
    order = {"due": 0, "never": 1, "reviewed": 2, "unasked": 3}
    return sorted(found, key=lambda one: order[one.state])


def due_reviews(today: date) -> int:
    """How many reviews are due today by their own day."""
    return int(FieldSetting.objects.exclude(verdict="").filter(next_review_on__lte=today).count())
