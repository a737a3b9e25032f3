"""What points at a record: every foreign key to its table, in whichever app, found by walking the models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from pghistory.models import Event
from psycopg2 import sql

from dataquality.models import Record
from dataquality.statements import fetch, text_of
from dataquality.subjects import Subject


@dataclass(frozen=True)
class Relation:
    """A foreign key to a table: the model that holds it, its table and column, and how people call its rows."""

    model: type[models.Model]
    column: str
    key: str  # the column of the holder's own key
    label: str

    @property
    def db_table(self) -> str:
        return self.model._meta.db_table

    @property
    def is_merged_into(self) -> bool:
        """Leads from a record merged earlier to the one that took it up."""
        return issubclass(self.model, Record) and self.column == "merged_into_id"


@cache
def relations(model: type[Record]) -> tuple[Relation, ...]:
    """Every foreign key to this table, hidden ones too, in an order that is always the same; the audit's own rows,
    which are history, are left out."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.related_model is None:
            continue
        holder: Any = relation.related_model
        if issubclass(holder, Event) or holder._meta.proxy or not holder._meta.managed:
            continue
        meta = holder._meta
        found.append(
            Relation(holder, str(relation.field.column), str(meta.pk.column), str(meta.verbose_name_plural))
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.db_table, one.column)))


def children_of(subject: Subject, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many rows of each kind point at each of these records; records merged earlier are no children."""
    counts: dict[int, dict[str, int]] = {record: {} for record in ids}
    pointing = [relation for relation in relations(subject.model) if not relation.is_merged_into]
    if pointing:
        for label, record, n in fetch(_counting(subject.model), [list(ids)] * len(pointing)):
            counts[record][label] = counts[record].get(label, 0) + n
    return counts


@cache
def _counting(model: type[Record]) -> str:
    """SQL: (label, record, n) of every kind of row that points at records."""
    parts = (
        sql.SQL("SELECT {label}::text, {c}, count(*) FROM {t} WHERE {c} = ANY(%s) GROUP BY 2").format(
            label=sql.Literal(relation.label), c=sql.Identifier(relation.column), t=sql.Identifier(relation.db_table)
        )
        for relation in relations(model)
        if not relation.is_merged_into
    )
    return text_of(sql.SQL(" UNION ALL ").join(parts))
