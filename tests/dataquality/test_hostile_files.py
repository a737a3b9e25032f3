"""Hostile files through the whole intake: one answer each, nothing half done, every text returned equal."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest
from django.utils import timezone

from contacts.models import Contact
from crm_adoption.kit.errors import Refusal
from dataquality.engine.columns import Kind
from dataquality.engine.parse import blank_tokens
from dataquality.models import Batch
from dataquality.services import intake, previewing
from tests import make
from tests.conftest import SHARED_DATA
from tests.dataquality.imports import applied, table

pytestmark = pytest.mark.django_db
TORTURE: list[Path | None] = [*sorted((SHARED_DATA / "torture").glob("*/*"))] or [None]


@pytest.mark.parametrize("path", TORTURE, ids=lambda path: path.name if path else "absent")
def test_every_damaged_file_gets_one_answer_and_leaves_nothing_half_done(path: Path | None):
    """Accepted, asked about, or refused in a sentence; an accepted one counts every row once (oracle I4)."""
    if path is None:
        pytest.skip("the folder ../shared/data with real input is absent")
    source, now = make.source(), timezone.now()
    with path.open("rb") as file:
        batch = intake.receive(file, name=path.name, source=source, by=None, now=now, table="contacts")

    batch = intake.stage(batch)

    if batch.state == Batch.State.REFUSED:
        assert batch.refusal.endswith((".", "?"))
        assert not intake.workspace(batch).exists()
        return
    headings = batch.reading["headings"]
    key = batch.key or headings[:1]
    batch = intake.set_mapping(batch, table="contacts", mapping=_anything(batch), key=key)
    batch = intake.check(batch, now=now)
    counts = batch.counts
    kept = counts["new"] + counts["changed"] + counts["same"] + counts["repeated"]
    assert kept + counts["quarantined"] == counts["rows"] + batch.reading["quarantined"]
    assert previewing.preview(batch).as_json()
    if intake.open_questions(batch):
        with pytest.raises(Refusal):
            intake.apply(batch, by=None, now=now)
    else:
        batch = intake.apply(batch, by=None, now=now)
        assert Contact.objects.count() == counts["new"]


def _anything(batch: Batch) -> dict[str, str]:
    """The recognised mapping, or the last heading as the name where nothing was recognised."""
    headings = batch.reading["headings"]
    named = {heading: name for heading, name in batch.mapping.items() if name != "external_id"}
    return named or {headings[-1]: "full_name"}


def test_naughty_strings_come_back_equal_from_every_text_field(shared_data: Path):
    strings = json.loads((shared_data / "blns" / "blns.json").read_text("utf-8"))
    fields = {"Full Name": "full_name", "Title": "job_title", "Department": "department", "Mailing Street": "street",
              "Mailing City": "city", "Notes": "extra"}  # fmt: skip
    sent = [(n, text) for n, text in enumerate(strings) if _survives_a_csv(text)]
    content = table(["Contact ID", *fields], *([f"C{n}", *[text] * len(fields)] for n, text in sent))

    batch = applied(make.source(), content, name="contacts.csv", table="contacts", confirm=["encoding"])

    assert batch.counts["new"] == len(sent) == len(strings)
    tokens = blank_tokens(Kind.PERSON, pl.DataFrame({"value": strings}))  # "(null)" is what machines write for nothing
    for n, text in sent:
        record = Contact.objects.get(external_id=f"C{n}")
        meant = text.strip()
        for name in ("full_name", "job_title", "street", "city"):
            assert getattr(record, name) == ("" if meant in tokens else meant), (n, name)
        assert record.extra.get("Notes", "") == meant


def _survives_a_csv(text: str) -> bool:
    line = io.StringIO()
    csv.writer(line).writerow([text])
    return next(csv.reader(io.StringIO(line.getvalue(), newline="")))[0] == text
