"""Records by how their name or id begins: which of the two a text begins, and the order that finds them fast.

A page of the newest matches would walk the whole table backwards where only old records match. So a search is sorted
by what it looks for, and looks only where something was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Upper

from dataquality.subjects import Subject

BY_NAME, BY_ID = ("name_key", "id"), ("external_id", "id")


@dataclass(frozen=True)
class Beginning:
    """A text that names or ids of a table begin with."""

    subject: Subject
    text: str
    names: bool
    ids: bool

    @property
    def order(self) -> tuple[str, ...]:
        return BY_NAME if self.names else BY_ID

    def matches(self) -> Q:
        """The records whose name (in any case) or id begins so."""
        by_name, by_id = _by_name(self.subject, self.text), Q(external_id__startswith=self.text)
        return by_name | by_id if self.names and self.ids else by_name if self.names else by_id


def beginning(subject: Subject, text: str) -> Beginning:
    """Ask both indexes whether anything begins with the text."""
    every = subject.model._default_manager
    names = every.filter(_by_name(subject, text)).exists()
    return Beginning(subject, text, names, every.filter(external_id__startswith=text).exists())


def with_name_key(subject: Subject, records: QuerySet[Any]) -> QuerySet[Any]:
    """The records with what a search sorts names by."""
    keyed: QuerySet[Any] = records.annotate(name_key=Upper(subject.title))
    return keyed


def _by_name(subject: Subject, text: str) -> Q:
    return Q(**{f"{subject.title}__istartswith": text})
