"""What applying a checked batch would do, for a person or a program to look at before they say yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dataquality import rules, subjects
from dataquality.engine.parse import DateFormat, NumberFormat
from dataquality.intake.reading import Question, Reading
from dataquality.models import Batch
from dataquality.reasons import for_it
from dataquality.sentences import other_of, sentence
from dataquality.services import intake, matching, staging
from dataquality.subjects import Subject

ORDERS = {"YMD": "year, month, day", "DMY": "day, month, year", "MDY": "month, day, year"}
SHOWN_COLUMNS = 7
LIKELY = 0.5  # probability from which a new row is counted as one that is here already
LOOKED_AT = 200  # new rows whose likely duplicates a preview looks for


@dataclass(frozen=True)
class MappedColumn:
    """One column of the file: what it was taken for, how surely, how it is read, and some of its values."""

    heading: str
    field: str
    label: str
    confidence: float
    samples: list[str]
    read_as: str


@dataclass(frozen=True)
class Duplicates:
    """New rows that probably duplicate a stored record: of the first `looked_at` of them, and a few to look at.

    Each of the sample has the row, its id and text, and the stored record with the probability and the reasons.
    """

    looked_at: int
    likely: int
    sample: list[dict[str, Any]]


@dataclass(frozen=True)
class Preview:
    """Counts and samples of each fate; only for a batch that is checked."""

    counts: Mapping[str, int]
    columns: list[str]
    labels: list[str]
    new: list[dict[str, Any]]
    changed: list[dict[str, Any]]
    same: list[dict[str, Any]]
    faults: list[dict[str, Any]]
    set_apart: list[dict[str, Any]]
    questions: list[Question]
    duplicates: Duplicates | None  # None while the table has no kept keys

    def as_json(self) -> dict[str, Any]:
        said = dict(vars(self))
        said["questions"] = [vars(question) for question in self.questions]
        said["duplicates"] = vars(self.duplicates) if self.duplicates else None
        return {key: _plain(value) for key, value in said.items()}


def mapped_columns(batch: Batch) -> list[MappedColumn]:
    """The mapping as it stands now, a person's changes included."""
    subject = subjects.get(batch.table)
    guesses = {guess["heading"]: guess for guess in batch.recognised.get("guesses", [])}
    found = []
    for heading in Reading.from_json(batch.reading).headings:
        guess = guesses.get(heading, {})
        name = batch.mapping.get(heading, "")
        column = subject.columns.get(name)
        sure = float(guess.get("confidence", 0)) if guess.get("field", "") == name else 1.0
        label = column.label if column else ("Id" if name == "external_id" else "")
        said = batch.formats.get(name, {})
        found.append(MappedColumn(heading, name, label, sure, list(guess.get("samples", [])), _read_as(said)))
    return found


def _read_as(said: Mapping[str, Any]) -> str:
    """How a column's text is read, in words: the order of dates, the decimal sign, what counts as blank."""
    parts = []
    if "date" in said:
        parts.append(f"dates as {ORDERS[DateFormat.from_json(str(said['date'])).order]}")
    if "number" in said:
        form = NumberFormat.from_json(str(said["number"]))
        parts.append("decimal comma" if form.decimal == "," else "decimal point")
    if said.get("blank"):
        parts.append("blank: " + ", ".join(f"“{token}”" for token in said["blank"]))
    return "; ".join(parts)


def preview(batch: Batch, *, limit: int = 5) -> Preview:
    """New, changed, unchanged and faulty, with a few of each; the figures are those of the check."""
    subject = subjects.get(batch.table)
    layout = intake.layout_of(batch, Reading.from_json(batch.reading))
    stored = intake.stored_columns(layout)
    shown = stored[:SHOWN_COLUMNS]
    faults = staging.faults_by_kind(batch)
    declared = {rule.slug: rule for rule in rules.rules_of(subject)}
    labels = {name: column.label for name, column in subject.columns.items()}
    for fault in faults:
        rule = declared.get(fault["rule"])
        fault["label"] = labels.get(fault["field"], fault["field"])
        fault["sentence"] = sentence(
            fault["code"], field=fault["label"], value=fault["value"] or "", suggestion=fault["suggestion"],
            other=other_of(rule, labels) if rule else "",
        )  # fmt: skip
    return Preview(
        counts=batch.counts,
        columns=shown,
        labels=[_label(batch, name) for name in shown],
        new=staging.sample(batch, "new", shown, limit),
        changed=staging.changed_sample(batch, subject, stored, limit),
        same=staging.sample(batch, "same", shown, limit),
        faults=faults,
        set_apart=[
            dict(row) for row in batch.quarantined.order_by("row").values("row", "column", "code", "sentence")[:limit]
        ],
        questions=intake.open_questions(batch),
        duplicates=_duplicates(batch, subject, stored, limit),
    )


def _duplicates(batch: Batch, subject: Subject, stored: Sequence[str], limit: int) -> Duplicates | None:
    """The first new rows against the stored records, by the keys that are kept of them."""
    names = {subject.stored_name(name): name for name in subject.matched}
    columns = [column for column in stored if column in names]
    if not columns or matching.index_of(subject) is None:
        return None
    rows = staging.sample(batch, "new", columns, LOOKED_AT)
    given = [{names[c]: str(v) for c, v in row.items() if c in names and v is not None} for row in rows]
    found = matching.likely_of_many(subject, given, limit=1) or []
    likely = [
        (row, text, one[0]) for row, text, one in zip(rows, given, found, strict=True)
        if one and one[0].probability >= LIKELY
    ]  # fmt: skip
    sample = [
        {
            "row": row["row_number"], "external_id": row["external_id"], "text": ", ".join(text.values())[:200],
            "record_id": one.record_id, "probability": one.probability,
            "reasons": for_it(one.reasons, subject),
        }
        for row, text, one in likely[:limit]
    ]  # fmt: skip
    return Duplicates(len(rows), len(likely), sample)


def _label(batch: Batch, stored: str) -> str:
    columns = subjects.get(batch.table).columns
    column = columns.get(stored) or columns.get(stored.removesuffix("_ref"))
    return column.label if column else stored


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal | date | datetime) else value
