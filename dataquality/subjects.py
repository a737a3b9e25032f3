"""What an app says of its CRM tables, and the register of all that was said.

Each app's `quality.py` calls `keep_clean` once a table; it is found as `admin.py` is. Nothing in `dataquality` knows
a CRM table in any other way, so that a new table is kept clean by one declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from dataquality.engine.columns import Kind
from dataquality.engine.rules import Rule

if TYPE_CHECKING:
    import polars as pl

    from dataquality.models import Batch, Record

PERSON = "people.person"  # owners: found through Identity, not through a record
DATES = (Kind.DATE, Kind.DATETIME)
NUMBERS = (Kind.NUMBER, Kind.INTEGER, Kind.MONEY, Kind.PERCENT)
TYPED = (*DATES, *NUMBERS, Kind.BOOLEAN)
COMPARABLE = (
    Kind.PERSON, Kind.GIVEN, Kind.FAMILY, Kind.COMPANY, Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.DOMAIN, Kind.STREET,
    Kind.CITY, Kind.REGION, Kind.POSTCODE, Kind.COUNTRY, Kind.DATE, Kind.IDENTIFIER, Kind.TEXT,
)  # fmt: skip


@dataclass(frozen=True)
class Pointer:
    """Where a column points; the text that the CRM gives is stored beside it in `<column>_ref`.

    `to` is the slug of the subject pointed at, stored in the foreign key of the column's name, or foreign key to slug
    for a pointer that may go to one of several tables (an activity regards an account, an opportunity or a case).
    """

    to: str | Mapping[str, str]
    required: bool = False
    when: Mapping[str, Any] | None = None  # a row needs it only then: {"field": …, "in": […]}
    counts: bool = True  # in the scores and gates of its table

    def targets(self, name: str) -> dict[str, str]:
        """Foreign key to the slug it points at, in the order in which they are tried."""
        return {name: self.to} if isinstance(self.to, str) else dict(self.to)


@dataclass(frozen=True)
class Column:
    """One column of a table: what it holds, how CRMs head it, and what must hold of it."""

    kind: Kind
    word: str  # marked for translation where it is declared
    headings: tuple[str, ...] = ()  # as CRMs write them; compared without case, space and punctuation
    tell: float = 1.0  # how much its presence says about which table this is
    critical: bool = False
    pointer: Pointer | None = None
    uses: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What people call it, in the reader's language."""
        return _(self.word)


@dataclass(frozen=True, eq=False)
class Subject:
    """One CRM table: its limit, its columns, its rules, and how a row of an export becomes a record."""

    model: type[Record]
    word: str  # marked for translation where it is declared
    columns: Mapping[str, Column]
    limit: Fraction = Fraction(5, 100)
    strict: bool = True  # below the limit (T8); leads may reach it
    weight: int = 1  # in the data health (T9-T12)
    id_headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by CRM product
    file_words: tuple[str, ...] = ()  # words in a file's name that tell this table
    rules: Sequence[Rule] = ()
    key: tuple[str, ...] = ()  # the columns offered as a key where an export has no id
    title: str = "name"  # the column a person knows a record by
    derive: Callable[[pl.DataFrame], pl.DataFrame] | None = None  # fills columns that no CRM exports
    derived: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()
    after_apply: Callable[[Batch], None] | None = None
    name_columns: tuple[str, ...] = ("name",)  # the names of a record that other tables may know it by
    match: tuple[str, ...] | None = None  # columns that tell duplicates; None: all whose kind can be compared
    beside: tuple[str, ...] = ()  # tables in which the same people or companies may stand a second time
    enter: bool = False  # may a record be entered here, one by one, to leave for the CRM in a file?
    found_by_name: bool = False  # does such a name, besides the id, lead a pointer here? A deal is not known by it

    @property
    def label(self) -> str:
        """What people call the table, in the reader's language."""
        return _(self.word)

    @cached_property
    def slug(self) -> str:
        return self.model._meta.label_lower

    @cached_property
    def db_table(self) -> str:
        return self.model._meta.db_table

    @cached_property
    def pointers(self) -> dict[str, Pointer]:
        return {name: column.pointer for name, column in self.columns.items() if column.pointer}

    @cached_property
    def critical(self) -> tuple[str, ...]:
        """Fields that must stay under 1 %: the critical ones and every pointer (T8)."""
        return tuple(
            name
            for name, column in self.columns.items()
            if column.critical or (column.pointer is not None and column.pointer.counts)
        )

    @cached_property
    def uses(self) -> tuple[str, ...]:
        """What its records are used for, as its columns say: mail, telephony, email."""
        return tuple(dict.fromkeys(use for column in self.columns.values() for use in column.uses))

    @cached_property
    def stored(self) -> dict[str, Column]:
        """Database column to declared column; a pointer is stored as the text the CRM gives."""
        return {f"{name}_ref" if column.pointer else name: column for name, column in self.columns.items()}

    @cached_property
    def matched(self) -> dict[str, Kind]:
        """The columns by which duplicates are told; a pointer is compared as the name of what it points at."""
        names = self.columns if self.match is None else self.match
        kinds = {name: self._compared_as(self.columns[name]) for name in names}
        return {name: kind for name, kind in kinds.items() if kind is not None}

    def _compared_as(self, column: Column) -> Kind | None:
        """As a pointer's target declares its title, where that is the name of a company; as the column's own kind."""
        if column.pointer is None:
            return column.kind if column.kind in COMPARABLE else None
        target = _subjects.get(column.pointer.to) if isinstance(column.pointer.to, str) else None
        if target is None or target.slug == self.slug or target.title not in target.columns:
            return None
        kind = target.columns[target.title].kind
        return kind if kind is Kind.COMPANY else None

    def stored_name(self, name: str) -> str:
        return f"{name}_ref" if self.columns[name].pointer else name

    def get_absolute_url(self) -> str:
        return reverse("table", args=[self.slug])


_subjects: dict[str, Subject] = {}


def keep_clean(subject: Subject) -> Subject:
    """Register a table; saying the same table twice is a mistake."""
    if subject.slug in _subjects:
        raise ValueError(f"{subject.slug} is declared twice")
    _subjects[subject.slug] = subject
    return subject


def get(slug: str) -> Subject:
    try:
        return _subjects[slug]
    except KeyError:
        raise Refusal(
            _("There is no table “%(slug)s”; known tables are %(known)s.")
            % {"slug": slug, "known": ", ".join(sorted(_subjects))}
        ) from None


def every() -> list[Subject]:
    """All tables, the heaviest first."""
    return sorted(_subjects.values(), key=lambda subject: (-subject.weight, subject.slug))


def standing_beside() -> list[tuple[Subject, Subject]]:
    """Two tables in which one person, or one company, may stand twice, as the first of them declares."""
    return [(subject, get(slug)) for subject in every() for slug in subject.beside]


def resolve(name: str) -> Subject:
    """A table by its slug, its model's name or its label, as people type it."""
    wanted = name.strip().lower().replace(" ", "")
    for subject in _subjects.values():
        said = (subject.word, subject.label)
        known = {subject.slug, subject.model._meta.model_name, *(one.lower().replace(" ", "") for one in said)}
        if wanted in known or wanted.rstrip("s") in known:
            return subject
    return get(name)
