"""Files of rows: byte-exact for machines, inert for people, and back again without a change."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.http import StreamingHttpResponse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from crm_adoption.kit.exports import KINDS, export, is_marked, machine_csv, marked_csv, unmark, write_workbook
from crm_adoption.kit.exports.delimited import BOM, NOTE, mark
from crm_adoption.kit.exports.workbook import CUT, LONGEST_CELL

PAYLOADS = [
    "=1+1",
    "+49 30 1234567",
    "-5",
    "@handle",
    "\tTAB first",
    "\rreturn first",
    "\nline first",
    "＝1+1",
    "'=already quoted",
    'x";=HYPERLINK("https://example.test")',
    "=cmd|' /C calc'!A0",
    "a,-1;=2\t@b",
]
STARTS = tuple("=+-@\t\r\n＝＋－＠")


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_machine_csv_is_exact_to_the_byte():
    rows = [("+49 30 1", None, True, Decimal("1.50"), date(2026, 1, 2)), ('say "hi", now', "李", False, 0, "a\r\nb")]

    written = b"".join(machine_csv(["phone", "x", "yes", "sum", "on"], rows))

    assert (
        written
        == (
            'phone,x,yes,sum,on\r\n+49 30 1,,true,1.50,2026-01-02\r\n"say ""hi"", now",李,false,0,"a\r\nb"\r\n'
        ).encode()
    )


def test_a_byte_order_mark_is_written_only_when_asked_for():
    assert not b"".join(machine_csv(["a"], [])).startswith(BOM.encode())
    assert b"".join(machine_csv(["a"], [], bom=True)).startswith(BOM.encode())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_survives_machine_csv_unchanged(payload):
    text = b"".join(machine_csv(["a", "b"], [(payload, payload)])).decode()

    assert read(text)[1] == [payload, payload]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_inert_in_marked_csv_and_comes_back_unchanged(payload):
    text = b"".join(marked_csv(["a", "b"], [(payload, payload)])).decode()
    note, _heading, row = read(text)

    assert is_marked(",".join(note))
    assert not row[0].startswith(STARTS)
    assert [unmark(cell) for cell in row] == [payload, payload]


@given(st.text(alphabet=st.sampled_from("=+-@'\"\t\r\n,;| ab1＝＋－＠")))
def test_every_text_comes_back_from_its_marks(text):
    assert unmark(mark(text)) == text


@given(st.text(alphabet=st.sampled_from("=+-@'\"\t\r\n,;| ab1＝＋－＠"), min_size=1))
def test_no_part_of_a_marked_cell_starts_a_formula_whatever_separator_a_spreadsheet_takes(text):
    marked = mark(text)

    assert not marked.startswith(STARTS)
    for separator in ',;|"':
        assert not any(part.lstrip(" ").startswith(STARTS) for part in marked.split(separator)[1:])


def test_an_ordinary_first_line_is_not_taken_for_the_note():
    assert not is_marked("name,phone")
    assert is_marked(BOM + NOTE + "\r\n")


def test_every_payload_is_a_text_cell_in_the_workbook_and_reads_back_equal():
    file = io.BytesIO()
    write_workbook(file, ["value"], [(payload,) for payload in PAYLOADS], title="payloads")

    file.seek(0)
    found = [row[0] for row in CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[1:]]
    cells = [row[0] for row in load_workbook(file).active.iter_rows(min_row=2)]

    assert found == PAYLOADS
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)


def test_numbers_and_days_stay_numbers_and_days_in_a_workbook_unless_digits_would_be_lost():
    file = io.BytesIO()
    row = (
        8800,
        Decimal("1.25"),
        12345678901234567,
        date(2026, 1, 2),
        datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        "007",
        None,
    )
    write_workbook(file, list("abcdefg"), [row], title="kinds")

    found = [cell.value for cell in list(load_workbook(file).active.iter_rows())[1]]

    assert found == [8800, 1.25, "12345678901234567", datetime(2026, 1, 2), datetime(2026, 1, 2, 3, 4), "007", None]


def test_a_text_too_long_for_a_cell_is_cut_with_a_word_about_it():
    file = io.BytesIO()
    write_workbook(file, ["a"], [("x" * 40_000,)], title="long")

    found = load_workbook(file).active["A2"].value

    assert len(found) == LONGEST_CELL
    assert found.endswith(CUT)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_an_attachment_with_a_name(kind):
    answer = export(kind, "people", ["a"], [("b",)])

    assert answer["Content-Disposition"].startswith('attachment; filename="people-20')
    assert isinstance(answer, StreamingHttpResponse)
    assert b"".join(answer)
