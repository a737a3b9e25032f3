"""From an uploaded file to records: receive, stage, check, apply or discard; every step may be run again."""

from __future__ import annotations

import csv
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import polars as pl
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import rules, subjects
from dataquality.engine import rules as engine_rules
from dataquality.engine.parse import DateFormat
from dataquality.intake.mapping import Layout, Tally, typed
from dataquality.intake.reading import Choices, Limits, Question, Reading, Refused, read_file
from dataquality.intake.recognise import Recognised, fingerprint, recognise
from dataquality.models import Batch, HeaderMap, Quarantined, Source
from dataquality.services import applying, corrections, findings, relations, scores, staging

SAMPLE_ROWS = 2_000
LONGEST_KEY = 255
Report = Callable[[int, int | None, str], None]


def _silent(done: int, total: int | None, message: str) -> None:
    return None


# --- receive -----------------------------------------------------------------------------------------------------


def receive(
    file: IO[bytes],
    *,
    name: str,
    source: Source,
    by: Person | None,
    now: datetime,
    taken_at: datetime | None = None,
    product: str = "",
    table: str = "",
    full: bool = False,
) -> Batch:
    """Keep an upload under its content's name and open a batch for it; nothing of it is read yet."""
    if table:
        table = subjects.resolve(table).slug
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as copy:
        while part := file.read(1 << 20):
            size += len(part)
            if size > settings.UPLOAD_MAX_BYTES:
                raise Refusal(
                    _("%(name)s is larger than %(most)s MB; export it in parts, or raise UPLOAD_MAX_BYTES.")
                    % {"name": name, "most": settings.UPLOAD_MAX_BYTES // 1_000_000},
                    code="too_large",
                )
            digest.update(part)
            copy.write(part)
        copy.seek(0)
        sha256 = digest.hexdigest()
        path = f"batches/{sha256[:2]}/{sha256}"
        if not default_storage.exists(path):
            path = default_storage.save(path, File(copy))
    failpoint("import.received")
    return Batch.objects.create(
        source=source,
        file=path,
        file_name=Path(name).name[:255] or "upload",
        sha256=sha256,
        size=size,
        taken_at=taken_at or now,
        product=product,
        table=table,
        is_full=full,
        received_by=by,
    )


def applied_before(batch: Batch) -> Batch | None:
    """The batch in which these very bytes were applied, if they were."""
    same = Batch.objects.applied().filter(source=batch.source, sha256=batch.sha256, table=batch.table)
    return same.exclude(pk=batch.pk).order_by("-pk").first()


# --- stage: read the file, say what it is ------------------------------------------------------------------------


def workspace(batch: Batch) -> Path:
    return Path(settings.MEDIA_ROOT) / "staging" / str(batch.pk)


def stage(batch: Batch, *, report: Report = _silent) -> Batch:
    """Read the file in a disposable child, recognise table and columns; the batch is then staged or refused."""
    _require(batch, Batch.State.RECEIVED, Batch.State.STAGED, Batch.State.CHECKED)
    report(0, None, _("Reading the file"))
    try:
        reading = _read(batch)
        failpoint("import.after_sniff")
        found = _recognise(batch, reading)
    except (Refused, Refusal) as error:
        batch.state, batch.refusal = Batch.State.REFUSED, error.sentence
        batch.save(update_fields=["state", "refusal", "updated_at"])
        shutil.rmtree(workspace(batch), ignore_errors=True)
        return batch
    remembered = HeaderMap.objects.filter(fingerprint=fingerprint(reading.headings)).first()
    if remembered and batch.table in ("", remembered.table):
        known = set(reading.headings)
        mapping = {h: f for h, f in remembered.mapping.items() if h in known}
        found = Recognised(remembered.product, remembered.table, 1.0, found.guesses, remembered.key, found.key_risk)
        batch.header_map = remembered
    else:
        mapping = found.mapping
    batch.reading, batch.recognised = reading.as_json(), found.as_json()
    batch.product, batch.table, batch.mapping, batch.key = found.product, found.table, mapping, found.key
    batch.counts = {"rows": reading.rows, "unreadable": reading.quarantined}
    batch.formats, batch.refusal, batch.state = {}, "", Batch.State.STAGED
    batch.save()
    return batch


def _read(batch: Batch) -> Reading:
    into = workspace(batch)
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    with default_storage.open(batch.file.name, "rb") as kept, open(into / "upload", "wb") as copy:
        shutil.copyfileobj(kept, copy, 1 << 20)
    chosen = {key: value for key, value in batch.choices.items() if key != "dates"}
    try:
        limits = Limits(bytes=settings.UPLOAD_MAX_BYTES)
        return read_file(
            into / "upload", name=batch.file_name, into=into, choices=Choices.from_json(chosen), limits=limits
        )
    finally:
        (into / "upload").unlink(missing_ok=True)


def _recognise(batch: Batch, reading: Reading) -> Recognised:
    if reading.chunks:
        sample = pl.read_parquet(reading.chunks[0], n_rows=SAMPLE_ROWS).drop("row")
    else:
        sample = pl.DataFrame(schema={f"c{i}": pl.String for i in range(len(reading.headings))})
    return recognise(reading.headings, sample, file_name=batch.file_name, product=batch.product, table=batch.table)


def reading_of(batch: Batch) -> Reading:
    """The batch's reading with its chunks in place; a file whose chunks are no longer here is read again."""
    reading = Reading.from_json(batch.reading)
    if all(path.exists() for path in reading.chunks):
        return reading
    return _read(batch)


def answer(batch: Batch, *, choices: Mapping[str, Any]) -> Batch:
    """A person's answers to the reader (encoding, delimiter, header row, sheet) and to date orders; read anew after."""
    _require(batch, Batch.State.RECEIVED, Batch.State.STAGED, Batch.State.CHECKED, Batch.State.REFUSED)
    batch.choices = {**batch.choices, **choices}
    batch.state = Batch.State.RECEIVED
    batch.save(update_fields=["choices", "state", "updated_at"])
    return batch


def open_questions(batch: Batch) -> list[Question]:
    """What a person must still answer before this batch may be applied."""
    if not batch.reading:
        return []
    confirmed = set(batch.choices.get("confirmed", ()))
    found = [q for q in Reading.from_json(batch.reading).questions if not _answered(q, confirmed)]
    for name, said in batch.formats.items():
        if "date" not in said:
            continue
        form = DateFormat.from_json(str(said["date"]))
        code = f"date_order.{name}"
        if form.ambiguous and name not in batch.choices.get("dates", {}) and code not in confirmed:
            label = subjects.get(batch.table).columns[name].label
            sentence = _(
                "%(column)s: no date settles whether the day or the month comes first (for example %(example)s). "
                "Which is it?"
            ) % {"column": label, "example": form.example}
            found.append(Question(code, sentence, ["DMY", "MDY"], form.order))
    return found


def _answered(question: Question, confirmed: set[str]) -> bool:
    return question.code in confirmed or any(said.startswith(question.code + ":") for said in confirmed)


def set_mapping(
    batch: Batch,
    *,
    table: str,
    mapping: Mapping[str, str],
    key: Sequence[str],
    product: str = "",
    full: bool | None = None,
) -> Batch:
    """A person says which heading feeds which field and what identifies a row; remembered when it is applied."""
    _require(batch, Batch.State.STAGED, Batch.State.CHECKED)
    subject, headings = subjects.resolve(table), Reading.from_json(batch.reading).headings
    chosen = {heading: name for heading, name in mapping.items() if name}
    for heading in (*chosen, *key):
        if heading not in headings:
            raise Refusal(
                _("%(file)s has no column %(column)r; it has %(all)s.")
                % {"file": batch.file_name, "column": heading, "all": ", ".join(headings[:12])}
            )
    for heading, name in chosen.items():
        if name not in subject.columns and name != "external_id":
            raise Refusal(
                _("%(table)s have no field %(field)r for the column %(column)r; choose one of %(all)s.")
                % {"table": subject.label, "field": name, "column": heading, "all": ", ".join(subject.columns)}
            )
    twice = [name for name in set(chosen.values()) if list(chosen.values()).count(name) > 1]
    if twice:
        raise Refusal(_("Two columns feed the field %(field)s; leave one of them out.") % {"field": twice[0]})
    batch.table, batch.mapping, batch.key = subject.slug, chosen, list(key)
    batch.product = product or batch.product or "generic"
    batch.formats, batch.state = {}, Batch.State.STAGED
    if full is not None:
        batch.is_full = full
    batch.save()
    return batch


# --- check: rows as typed columns, their faults, and what they would change --------------------------------------


def layout_of(batch: Batch, reading: Reading) -> Layout:
    if not batch.key:
        raise Refusal(
            _(
                "%(file)s has no id column. Choose the column, or the columns, that tell its rows apart; "
                "a record whose key changes would come back as a new one."
            )
            % {"file": batch.file_name},
            code="no_key",
        )
    subject = subjects.get(batch.table)
    return Layout(subject, batch.product, reading.headings, batch.mapping, batch.key, dict(batch.formats))


def check(batch: Batch, *, now: datetime, report: Report = _silent) -> Batch:
    """Type, judge and stage every row, and count what applying would do; nothing of the mirror changes."""
    _require(batch, Batch.State.STAGED, Batch.State.CHECKED)
    reading = reading_of(batch)
    layout = layout_of(batch, reading)
    batch.formats = layout.formats = _formats(batch, layout, reading)
    stored = stored_columns(layout)
    judged = rules.row_local(rules.active_rules(layout.subject, default_country=batch.source.default_country))
    with transaction.atomic():
        applying.without_statement_limit()
        staging.create(batch, layout.subject, stored)
        Quarantined.objects.filter(batch=batch).delete()
        done = 0
        with _faulty_file(batch, reading) as faulty:
            for path in reading.chunks:
                chunk = pl.read_parquet(path)
                faulty(chunk, _stage_chunk(batch, layout, chunk, stored, judged, now))
                done += chunk.height
                report(done, reading.rows, _("Checking rows"))
                failpoint("import.mid_stage")
        _keep_unreadable(batch, reading)
        report(done, reading.rows, _("Comparing with the records"))
        same, contradicting = staging.set_apart_repeats(batch, layout.subject, stored)
        _keep_contradictions(batch, contradicting)
        counts = staging.find_records(batch, layout.subject, stored)
        batch.counts = {
            "rows": reading.rows,
            "repeated": same,
            "quarantined": Quarantined.objects.filter(batch=batch).values("row").distinct().count(),
            **counts,
            **staging.fault_counts(batch),
        }
        batch.recognised = {**batch.recognised, "checked_at": now.isoformat()}
        batch.state = Batch.State.CHECKED
        batch.save()
    failpoint("import.after_stage")
    return batch


def stored_columns(layout: Layout) -> list[str]:
    """The database columns that applying would write, derived ones included."""
    stored = layout.stored
    if layout.subject.derive and set(layout.subject.derived_from) <= set(stored):
        stored = [*stored, *layout.subject.derived]
    return stored


def _formats(batch: Batch, layout: Layout, reading: Reading) -> dict[str, dict[str, object]]:
    tally = Tally(layout)
    for path in reading.chunks:
        tally.add(pl.read_parquet(path))
    formats = tally.decide()
    orders = dict(batch.choices.get("dates", {}))
    for said in batch.choices.get("confirmed", ()):
        code, found, order = str(said).partition(":")
        if found and code.startswith("date_order."):
            orders[code.removeprefix("date_order.")] = order
    for name, order in orders.items():
        if "date" in formats.get(name, {}):
            form = DateFormat.from_json(str(formats[name]["date"]))
            formats[name]["date"] = DateFormat(order, form.has_time, form.share, False, form.example).to_json()
    return formats


def _stage_chunk(
    batch: Batch, layout: Layout, chunk: pl.DataFrame, stored: Sequence[str], judged: Sequence[engine_rules.Rule],
    now: datetime,
) -> pl.DataFrame:  # fmt: skip
    """Copy one chunk into the staging tables; returns its faults, blank and overlong keys included."""
    result = typed(chunk, layout)
    frame = result.frame
    if layout.subject.derive and set(layout.subject.derived_from) <= set(frame.columns):
        frame = layout.subject.derive(frame)
    key = pl.col("external_id")
    keyless = frame.filter(key.is_null() | (key.str.len_chars() > LONGEST_KEY))
    if keyless.height:
        _keep_keyless(batch, keyless, layout)
        frame = frame.filter(key.is_not_null() & (key.str.len_chars() <= LONGEST_KEY))
    faults = engine_rules.check(frame, judged, today=now.date())
    slugs = {name: rules.reading_slug(layout.subject, name) for name in layout.fields.values()}
    unread = result.unread.join(frame.select("row"), on="row", how="semi").select(
        "row",
        "field",
        rule=pl.col("field").replace(slugs),
        severity=pl.lit("error"),
        code="code",
        value="value",
        suggestion="suggestion",
    )
    faults = pl.concat([faults, unread.select(faults.columns)])
    staging.copy_rows(batch, frame, stored)
    staging.copy_faults(batch, faults)
    return faults


def _keep_keyless(batch: Batch, rows: pl.DataFrame, layout: Layout) -> None:
    columns = ", ".join(layout.key)
    Quarantined.objects.bulk_create(
        Quarantined(
            batch=batch,
            row=row,
            column=columns[:255],
            code="key.blank" if external_id is None else "key.long",
            sentence=(
                _("Row %(row)s has nothing in %(column)s, so it cannot be told apart; give it an id.")
                if external_id is None
                else _("Row %(row)s has more than 255 characters in %(column)s; choose another key column.")
            )
            % {"row": row, "column": columns},
        )
        for row, external_id in rows.select("row", "external_id").iter_rows()
    )


def _keep_unreadable(batch: Batch, reading: Reading) -> None:
    if reading.quarantine is None or not reading.quarantine.exists():
        return
    for part in pl.read_parquet(reading.quarantine).iter_slices(5_000):
        Quarantined.objects.bulk_create(
            Quarantined(
                batch=batch, row=row["row"], code=row["code"], sentence=row["sentence"],
                column=(row["column"] or "")[:255], raw=(row["raw"] or "")[:20_000],
            )
            for row in part.iter_rows(named=True)
        )  # fmt: skip


def _keep_contradictions(batch: Batch, rows: Sequence[tuple[Any, ...]]) -> None:
    Quarantined.objects.bulk_create(
        Quarantined(
            batch=batch,
            row=row,
            column=", ".join(columns)[:255],
            code="key.contradicts",
            raw=external_id,
            sentence=_(
                "Row %(row)s repeats the id %(id)s of row %(first)s with another %(columns)s; "
                "row %(first)s was kept. Correct one of them in the export."
            )
            % {"row": row, "id": external_id, "first": first, "columns": ", ".join(columns)},
        )
        for row, first, external_id, columns in rows
    )


class _faulty_file(AbstractContextManager[Callable[[pl.DataFrame, pl.DataFrame], None]]):
    """Writes the rows with faults, as they were in the file, each with its reasons: what a person sends back."""

    def __init__(self, batch: Batch, reading: Reading) -> None:
        self.path, self.headings = workspace(batch) / "faulty.csv", reading.headings

    def __enter__(self) -> Callable[[pl.DataFrame, pl.DataFrame], None]:
        self.file = open(self.path, "w", encoding="utf-8", newline="")
        self.writer = csv.writer(self.file)
        self.writer.writerow(["row", *self.headings, "what is wrong"])
        return self.add

    def add(self, chunk: pl.DataFrame, faults: pl.DataFrame) -> None:
        if not faults.height:
            return
        reasons = faults.group_by("row").agg(
            pl.concat_str(pl.col("field"), pl.lit(": "), pl.col("code"), pl.lit(" "), pl.col("value").fill_null(""))
            .str.strip_chars()
            .str.join("; ")
            .alias("why")
        )
        self.writer.writerows(chunk.join(reasons, on="row").sort("row").iter_rows())

    def __exit__(self, *_error: object) -> None:
        self.file.close()


# --- apply or discard --------------------------------------------------------------------------------------------


def apply(
    batch: Batch, *, by: Person | None, now: datetime, effects: AbstractContextManager[None] | None = None,
    report: Report = _silent,
) -> Batch:  # fmt: skip
    """Put a checked batch into the mirror: records, versions, findings and scores in one transaction."""
    require_checked(batch)
    if not staging.exists(batch):
        check(batch, now=now, report=report)
    layout = layout_of(batch, Reading.from_json(batch.reading))
    subject, stored = layout.subject, stored_columns(layout)
    with effects or transaction.atomic():
        applying.without_statement_limit()
        applying.lock(batch)
        batch = Batch.objects.select_for_update(of=("self",)).select_related("source").get(pk=batch.pk)
        _require(batch, Batch.State.CHECKED)
        if applying.applied_since(batch, datetime.fromisoformat(batch.recognised["checked_at"])):
            batch.counts |= staging.find_records(batch, subject, stored)
        report(0, 5, _("Writing records"))
        corrections.settle_corrections(
            subject, source=batch.source, batch=batch, ids_table=staging.ids_table(batch),
            staging_table=batch.staging_table, mapped_columns=stored, now=now,
        )  # fmt: skip
        applying.write_records(batch, subject, stored)
        batch.counts["gone"] = applying.mark_gone(batch, subject) if batch.is_full and not _unreadable(batch) else 0
        failpoint("import.half")
        report(1, 5, _("Resolving pointers"))
        batch.state, batch.applied_by, batch.applied_at = Batch.State.APPLIED, by, now
        batch.save()
        if subject.after_apply:
            subject.after_apply(batch)
        won = [subject.slug, *([subjects.PERSON] if subject.after_apply else [])]
        applying.resolve_waiting(batch.source, slugs=won)
        report(2, 5, _("Writing findings"))
        findings.settle_findings(
            subject, source=batch.source, batch=batch, now=now, faults_table=staging.faults_table(batch),
            ids_table=staging.ids_table(batch), fields=list(layout.fields.values()),
        )  # fmt: skip
        relations.settle_relations(subject, source=batch.source, batch=batch, now=now)
        report(3, 5, _("Taking scores"))
        scores.take_scores(subject, source=batch.source, batch=batch, now=now)
        relations.settle_neighbours(won, source=batch.source, batch=batch, now=now)
        _remember(batch, layout)
        staging.drop(batch)
        failpoint("import.before_commit")
    applying.analyze(subject)
    shutil.rmtree(workspace(batch), ignore_errors=True)
    return batch


def _unreadable(batch: Batch) -> bool:
    """Some rows had no key we could read, so that what is missing may only be unreadable."""
    return batch.quarantined.exclude(code="key.contradicts").exists()


def _remember(batch: Batch, layout: Layout) -> None:
    HeaderMap.objects.update_or_create(
        fingerprint=fingerprint(layout.headings),
        defaults={"product": batch.product, "table": batch.table, "mapping": batch.mapping, "key": batch.key},
    )


def discard(batch: Batch) -> Batch:
    """Drop everything a batch staged; the mirror is as if the file had never come."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if batch.state == Batch.State.APPLIED:
            raise Refusal(
                _("%(file)s is applied already; import an earlier export to go back.") % {"file": batch.file_name}
            )
        staging.drop(batch)
        batch.quarantined.all().delete()
        batch.state = Batch.State.DISCARDED
        batch.save(update_fields=["state", "updated_at"])
    shutil.rmtree(workspace(batch), ignore_errors=True)
    if not Batch.objects.filter(file=batch.file.name).exclude(state=Batch.State.DISCARDED).exists():
        default_storage.delete(batch.file.name)
    return batch


def require_checked(batch: Batch) -> Batch:
    """Refuse what needs a checked batch with no question left."""
    _require(batch, Batch.State.CHECKED)
    waiting = open_questions(batch)
    if waiting:
        raise Refusal(waiting[0].sentence, code="unanswered")
    return batch


def require_open(batch: Batch) -> Batch:
    _require(batch, Batch.State.STAGED, Batch.State.CHECKED)
    return batch


def _require(batch: Batch, *states: str) -> None:
    if batch.state not in states:
        raise Refusal(
            _("%(file)s is %(state)s, so this cannot be done with it now.")
            % {"file": batch.file_name, "state": batch.get_state_display()},
            code="wrong_state",
        )
