"""What is known of one record: its findings, its versions, its corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from dataquality import subjects
from dataquality.models import Correction, Finding, Record, Version
from dataquality.queries.matching import confirmed_with
from dataquality.queries.problems import label_of, said_of

CONFIRMED = "unique_confirmed"  # the fault of a record that stands for the same one as another


@dataclass(frozen=True)
class Told:
    """A finding and what it says to a person."""

    finding: Finding
    label: str
    sentence: str
    same: tuple[int, ...] = ()  # the records with which it is to be merged, itself among them


@dataclass(frozen=True)
class Change:
    """One field as one batch changed it; the batch's own moment, not the import's."""

    at: datetime
    batch_id: int
    field: str
    label: str
    old: Any
    new: Any


def findings_of(record: Record) -> list[Told]:
    """Every finding of a record, the open ones first, then the newest."""
    subject = subjects.get(record._meta.label_lower)
    found = Finding.objects.filter(table=subject.slug, record_id=record.pk).select_related(
        "rule", "opened_in", "closed_in", "waived_by"
    )
    told = [
        Told(
            finding=each,
            label=label_of(subject, each.field),
            sentence=said_of(each),
            same=confirmed_with(record) if each.code == CONFIRMED and each.state == Finding.State.OPEN else (),
        )
        for each in found
    ]
    return sorted(told, key=lambda each: each.finding.state != Finding.State.OPEN)


def versions_of(record: Record) -> QuerySet[Version]:
    """What each batch changed in a record, the last first."""
    return Version.objects.filter(table=record._meta.label_lower, record_id=record.pk).select_related("batch").order_by(
        "-batch__taken_at", "-pk"
    )  # fmt: skip


def corrections_of(record: Record) -> QuerySet[Correction]:
    """What was proposed for a record, the last first."""
    return Correction.objects.filter(table=record._meta.label_lower, record_id=record.pk).select_related("made_by")


def history_of(record: Record, fields: Sequence[str] = ()) -> list[Change]:
    """The changes of a record, oldest first; of an opportunity, say, only stage, amount and close date."""
    subject = subjects.get(record._meta.label_lower)
    names = {stored: name for name in subject.columns for stored in (subject.stored_name(name),)}
    changes = []
    for version in reversed(versions_of(record)):
        for column, (old, new) in version.changed.items():
            name = names.get(column, column)
            if not fields or name in fields:
                changes.append(
                    Change(version.batch.taken_at, version.batch_id, name, label_of(subject, name), old, new)
                )
    return changes
