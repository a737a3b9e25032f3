"""Read back what a cleansing service, or a survey, said of the values it was sent (P47).

What it confirms is attested. What it finds wrong is said to be wrong and stands on the file's page with what it offers
instead: nothing is taken over by itself (P48), a steward corrects it with one tap. A row about a value that the record
no longer holds says nothing about today's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.engine.headings import heading_words
from dataquality.models import AnswerFile, Source
from dataquality.queries.verification import verifiable
from dataquality.services.verifying.attesting import attest, find_wrong
from dataquality.small_tables import Table, read_table
from dataquality.subjects import Subject

# Of the file that goes out and comes back.
HEADINGS = ("Table", "Source", "Id", "Field", "Value", "Answer", "New value")
TRUE = {"true", "yes", "y", "1", "ok", "valid", "confirmed", "correct", "deliverable", "wahr", "ja", "oui", "si", "是"}
FALSE = {"false", "no", "n", "0", "invalid", "wrong", "bounced", "undeliverable", "changed", "falsch", "nein", "non",
         "否"}  # fmt: skip
MOST_FAULTS, MOST_WRONG = 1000, 5000
CHUNK = 5000


@dataclass(frozen=True)
class Answer:
    """One row of the file that says something about one value."""

    row: int
    source: str
    external_id: str
    value: str
    holds: bool
    new: str


@transaction.atomic
def read_answers(file: IO[bytes], *, name: str, method: str, by: Person | None, now: datetime) -> AnswerFile:
    """Read the file and note what it says; read twice, it says nothing twice."""
    table = read_table(file, name=name)
    kept = AnswerFile.objects.create(name=name, method=method, read_by=by)
    faults: list[tuple[int, str, str]] = list(table.unreadable)
    cells, silent = _by_cell(table, name, faults)
    sources = dict(Source.objects.values_list("name", "pk"))
    wrong: list[list[Any]] = []
    confirmed = 0
    for (subject, field), answers in cells.items():
        found = _records(subject, field, answers, sources)
        yes: list[int] = []
        no: list[int] = []
        for one in answers:
            known = found.get((sources.get(one.source, 0), one.external_id))
            if known is None:
                faults.append((one.row, f"{one.source} {one.external_id}", _no_record(subject)))
            elif known[1].strip() != one.value:
                faults.append((one.row, one.value, _("The record holds “%(now)s” by now.") % {"now": known[1]}))
            elif one.holds:
                yes.append(known[0])
            else:
                no.append(known[0])
                wrong.append([subject.slug, known[0], one.external_id, field, known[1], one.new])
        confirmed += attest(subject, yes, fields=[field], method=method, by=by, now=now, answers=kept) if yes else 0
        if no:
            find_wrong(subject, no, field=field, method=method, by=by, now=now, answers=kept)
    kept.counts = {
        "rows": len(table.rows()), "confirmed": confirmed, "wrong": len(wrong), "silent": silent, "faulty": len(faults),
    }  # fmt: skip
    kept.wrong, kept.faults = wrong[:MOST_WRONG], [list(one) for one in sorted(faults)[:MOST_FAULTS]]
    kept.save(update_fields=["counts", "wrong", "faults", "updated_at"])
    return kept


def _by_cell(
    table: Table, name: str, faults: list[tuple[int, str, str]]
) -> tuple[dict[tuple[Subject, str], list[Answer]], int]:
    """The rows that say something, by table and field, and how many were left blank."""
    columns = {heading: table.column([heading_words(heading)]) for heading in HEADINGS}
    missing = [heading for heading, column in columns.items() if column is None and heading != "New value"]
    if missing:
        raise Refusal(
            _("%(file)s lacks the column “%(column)s”; send out the file of what is due, and only fill in its answers.")
            % {"file": name, "column": missing[0]}
        )
    cells: dict[tuple[Subject, str], list[Answer]] = {}
    known = {subject.slug: (subject, set(verifiable(subject))) for subject in subjects.every()}
    silent = 0
    texts = [table.texts(columns[heading]) for heading in HEADINGS]
    for row, slug, source, external_id, field, value, answer, new in zip(table.rows(), *texts, strict=True):
        said = answer.strip().lower()
        if not said:
            silent += 1
        elif slug not in known or field not in known[slug][1]:
            faults.append((row, f"{slug} {field}", _("This field is not asked about; leave table and field alone.")))
        elif said not in TRUE | FALSE:
            faults.append((row, answer, _("Say true or false in the column Answer.")))
        else:
            one = Answer(row, source, external_id, value, said in TRUE, new)
            cells.setdefault((known[slug][0], field), []).append(one)
    return cells, silent


def _records(
    subject: Subject, field: str, answers: Sequence[Answer], sources: dict[str, int]
) -> dict[tuple[int, str], tuple[int, str]]:
    """By source and id: the record's key and what it holds today."""
    live, stored = subject.model.objects.live(), subject.stored_name(field)
    found: dict[tuple[int, str], tuple[int, str]] = {}
    for some in _chunks(sorted({one.external_id for one in answers})):
        rows = live.filter(source__in=list(sources.values()), external_id__in=some)
        held = rows.annotate(held=Cast(stored, TextField())).values_list("source_id", "external_id", "pk", "held")
        found |= {(source, external_id): (key, text or "") for source, external_id, key, text in held}
    return found


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))


def _no_record(subject: Subject) -> str:
    return _("No live record of %(table)s has this source and id.") % {"table": subject.label}
