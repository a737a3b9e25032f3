"""Rows of a preview and cells of a record, as people read them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from crm_adoption.kit import words
from dataquality.subjects import Subject

Cell = tuple[str, str, str]
ISO_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d")


class Rows(NamedTuple):
    """Headings as (label, css); rows of cells as (label, css, text)."""

    headings: list[tuple[str, str]]
    cells: list[list[Cell]]


def shown(value: Any) -> str:
    """A stored value in words: figures with separators, days in ISO form, a dash for nothing."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal | float):
        return words.number(value, 0 if value == int(value) else 2)
    if isinstance(value, int):
        return words.number(value)
    if isinstance(value, datetime | date):
        return words.exact(value)
    return str(value)


def shown_in_history(value: Any) -> str:
    """The same for a value kept as JSON, where a moment is its ISO text."""
    if isinstance(value, str) and ISO_MOMENT.match(value):
        return words.exact(datetime.fromisoformat(value))
    return shown(value)


def labelled(subject: Subject, stored: str) -> str:
    """The label of a column of the database, pointers included."""
    column = subject.columns.get(stored) or subject.columns.get(stored.removesuffix("_ref"))
    return column.label if column else stored


def new_rows(found: Sequence[Mapping[str, Any]], columns: Sequence[str], labels: Sequence[str]) -> Rows:
    """Sample rows of a preview, numbers to the right."""
    names = ["external_id", *columns]
    figures = {n for n in names if any(isinstance(row[n], int | float | Decimal) for row in found)}
    headings = [(_("Row"), "number"), *(
        (label, "number" if name in figures else "") for name, label in zip(names, [_("Id"), *labels], strict=True)
    )]  # fmt: skip
    values = [[str(row["row_number"]), *(shown(row[name]) for name in names)] for row in found]
    return Rows(headings, [[(*h, text) for h, text in zip(headings, texts, strict=True)] for texts in values])


def changed_rows(found: Sequence[Mapping[str, Any]], subject: Subject) -> list[dict[str, Any]]:
    """Sample rows of a preview with what each changes, as (label, old, new)."""
    return [
        {**row, "changes": [(labelled(subject, n), shown(old), shown(new)) for n, (old, new) in row["changes"].items()]}
        for row in found
    ]
