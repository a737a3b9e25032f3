"""Limits in force: as an app declares them, or as a steward set them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from dataquality.engine.figures import FIELD_LIMIT, exact, sample_size
from dataquality.models import FieldSetting, TableSetting
from dataquality.subjects import Subject


@dataclass(frozen=True)
class Limits:
    """The limit of a table and of its fields; `critical` names the fields that gate it, pointers included."""

    table: Fraction
    strict: bool
    weight: int
    critical: tuple[str, ...]
    fields: dict[str, Fraction] = field(default_factory=dict)

    def of(self, name: str) -> tuple[Fraction, bool]:
        """(limit, strict): 1 % for critical fields and pointers (T8), else the table's own."""
        if name in self.fields:
            return self.fields[name], True
        return (FIELD_LIMIT, True) if name in self.critical else (self.table, self.strict)


def limits_of(subjects: list[Subject]) -> dict[str, Limits]:
    """The limits of several tables, by slug, in two queries."""
    slugs = [subject.slug for subject in subjects]
    tables = {setting.table: setting for setting in TableSetting.objects.filter(table__in=slugs)}
    cells: dict[str, list[FieldSetting]] = {}
    for setting in FieldSetting.objects.filter(table__in=slugs):
        cells.setdefault(setting.table, []).append(setting)
    return {each.slug: _limits(each, tables.get(each.slug), cells.get(each.slug, [])) for each in subjects}


def sample_for(subject: Subject, name: str, *, wrong: int = 0) -> tuple[Fraction, int | None]:
    """The limit of a field, and how many records must be checked by hand, with so many wrong, to prove it is kept.

    By the Wilson 95 % upper bound; null where no sample can prove the limit (0 % or 100 %).
    """
    limit, _strict = limits_of([subject])[subject.slug].of(name)
    return limit, sample_size(limit, wrong=wrong) if 0 < limit < 1 else None


def _limits(subject: Subject, table: TableSetting | None, cells: list[FieldSetting]) -> Limits:
    said = {cell.field: cell.critical for cell in cells if cell.critical is not None}
    critical = [name for name in subject.columns if said.get(name, name in subject.critical)]
    return Limits(
        table=exact(table.limit) if table and table.limit is not None else subject.limit,
        strict=subject.strict,
        weight=table.weight if table and table.weight is not None else subject.weight,
        critical=tuple(critical),
        fields={cell.field: exact(cell.limit) for cell in cells if cell.limit is not None},
    )
