"""Pointers as SQL: which cells must be filled, where they are stored, and whether their targets have come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from psycopg2 import sql

from dataquality import subjects
from dataquality.models import Identity, Source
from dataquality.subjects import PERSON, Pointer, Subject


def foreign_keys(subject: Subject, name: str) -> dict[str, str]:
    """Database column of each foreign key that the model stores of a pointer, and the slug it leads to."""
    kept = {field.name: str(field.column) for field in subject.model._meta.concrete_fields}
    return {kept[key]: slug for key, slug in subject.pointers[name].targets(name).items() if key in kept}


def checkable_targets(subject: Subject, name: str, source: Source) -> bool:
    """Has this source given any live row of a table that the pointer may lead to?"""
    for slug in subject.pointers[name].targets(name).values():
        known: models.QuerySet[Any] = (
            Identity.objects.filter(source=source)
            if slug == PERSON
            else subjects.get(slug).model.objects.live().filter(source=source)
        )
        if known.exists():
            return True
    return False


def needed(subject: Subject, pointer: Pointer) -> sql.Composable:
    """SQL: must this row's pointer be filled? (rows as `t`)"""
    if pointer.when is not None:
        return holds(pointer.when)
    return sql.Literal(pointer.required)


def holds(when: Mapping[str, Any]) -> sql.Composable:
    """SQL: is another field of the row one of `in`, none of `not_in`, or else not blank? Case is overlooked."""
    other = sql.SQL("lower(btrim(coalesce(t.{}::text, '')))").format(sql.Identifier(when["field"]))
    for word, shape in (("in", "{} = ANY({}::text[])"), ("not_in", "NOT {} = ANY({}::text[])")):
        if word in when:
            listed = [str(value).strip().lower() for value in when[word]]
            return sql.SQL(shape).format(other, sql.Literal(listed))
    return sql.SQL("{} <> ''").format(other)


def filled(subject: Subject, name: str) -> sql.Composable:
    """SQL: does this cell hold anything?"""
    column = subject.stored_name(name)
    text = subject.model._meta.get_field(column).get_internal_type() in ("TextField", "CharField")
    return sql.SQL("btrim(t.{}) <> ''" if text else "t.{} IS NOT NULL").format(sql.Identifier(column))
