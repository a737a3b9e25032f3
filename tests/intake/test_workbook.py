"""Excel workbooks: real writers' files read right, damaged and hostile ones refused, nothing lost in between."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dataquality.intake.child import read as read_here
from dataquality.intake.readers.cells import Shape, date_text, number_text, shape_of, unescaped
from dataquality.intake.terms import Choices, Limits

from .read import read
from .workbooks import MAIN, STRICT, row, text, workbook

HEAD = row(text("id"), text("name"))


def test_what_xlsxwriter_wrote_is_read_as_people_see_it(tmp_path):
    path = tmp_path / "real.xlsx"
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yy"}) as book:
        sheet = book.add_worksheet("Export")
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        clock = book.add_format({"num_format": "hh:mm"})
        money = book.add_format({"num_format": '#,##0.00 "USD/day"'})
        sheet.write_row(0, 0, ["id", "day", "moment", "clock", "amount", "rate", "active", "note"])
        sheet.write_row(1, 0, [1, date(2023, 3, 15)])
        sheet.write_datetime(1, 2, datetime(2024, 2, 29, 13, 5, 7), moment)
        sheet.write_datetime(1, 3, time(9, 30), clock)
        sheet.write_number(1, 4, 1234.5, money)
        sheet.write_number(1, 5, 0.1)
        sheet.write_boolean(1, 6, True)
        sheet.write_string(1, 7, "Grüße\nan 李")

    result = read(path, tmp_path / "out")

    assert result.rows == [
        ("1", "2023-03-15", "2024-02-29T13:05:07", "09:30:00", "1234.5", "0.1", "TRUE", "Grüße\nan 李")
    ]
    assert result.reading.sheet == "Export"
    assert result.notices == []


CELL = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=15).filter(
        lambda said: "_x" not in said
    ),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9).map(lambda one: round(one, 4)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=6)))
def test_any_table_of_text_and_numbers_reads_as_two_other_readers_do(tmp_path, table):
    """xlsxwriter writes; calamine and openpyxl read beside us, as far as they keep what the file says."""
    rows = [[f"r{place}", *cells] for place, cells in enumerate(table)]
    headings = ["id", *(f"field {place}" for place in range(len(rows[0]) - 1 if rows else 1))]
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for place, cells in enumerate([headings, *rows]):
            for column, value in enumerate(cells):
                sheet.write_string(place, column, value) if isinstance(value, str) else sheet.write(
                    place, column, value
                )
    path = tmp_path / "table.xlsx"
    path.write_bytes(stream.getvalue())

    reading = read_here(path, "table.xlsx", tmp_path, Choices(header_row=1), Limits())

    came = [list(line[1:]) for line in pl.read_parquet(reading.chunks).rows()] if reading.chunks else []
    assert came == [[value if isinstance(value, str) else _plain(value) for value in cells] for cells in rows]
    with CalamineWorkbook.from_object(BytesIO(stream.getvalue())) as other:
        assert len(other.get_sheet_by_index(0).to_python()) == len(rows) + 1
    numbers = [[cell for cell in line if isinstance(cell, int | float)] for line in rows]
    seen = openpyxl.load_workbook(BytesIO(stream.getvalue())).active.iter_rows(min_row=2, values_only=True)
    assert [[cell for cell in line if isinstance(cell, int | float)] for line in seen] == numbers


def _plain(value: float) -> str:
    value = float(value)
    return str(int(value)) if value.is_integer() else f"{value:.4f}".rstrip("0")


def test_strict_ooxml_and_prefixed_names_lose_no_row(tmp_path):
    rows = "".join(f"<x:row><x:c><x:v>{place}</x:v></x:c></x:row>" for place in range(76))
    sheet = f'<x:worksheet xmlns:x="{STRICT}"><x:sheetData>{rows}</x:sheetData><x:rowBreaks count="0"/></x:worksheet>'
    path = workbook(tmp_path / "strict.xlsx", "", parts={"xl/worksheets/sheet1.xml": sheet})

    result = read(path, tmp_path / "out", header_row=0)

    assert result.rows == [(str(place),) for place in range(76)]
    assert result.reading.sheets[0].rows == 76


def test_shared_strings_join_rich_text_and_leave_phonetic_guides_out(tmp_path):
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>id</t></si><si><r><t>An</t></r><r><t xml:space="preserve">na </t></r></si>'
        "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si></sst>"
    )
    rows = "".join(row(f'<c t="s"><v>{place}</v></c>') for place in range(3))
    path = workbook(tmp_path / "rich.xlsx", rows, parts={"xl/sharedStrings.xml": strings})

    assert read(path, tmp_path / "out").rows == [("Anna ",), ("東京",)]


def test_a_shared_string_that_is_not_there_refuses_the_file(tmp_path):
    path = workbook(tmp_path / "x.xlsx", HEAD + row('<c t="s"><v>-1</v></c>'))

    assert read(path, tmp_path / "out").refused.code == "damaged"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="5"><c r="A5"/></row><row r="4"><c r="A4"/></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="ZZZZ1"><v>1</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        "<row><c><v>twelve</v></c></row>",
        '<row><c s="0"><v>nan</v></c></row>',
        "<row><c><v>1</v></c>",
    ],
)
def test_a_sheet_that_two_programs_would_read_differently_is_refused(rows, tmp_path):
    assert read(workbook(tmp_path / "x.xlsx", rows), tmp_path / "out").refused.code == "damaged"


def test_rows_that_only_the_count_sees_refuse_the_file(tmp_path):
    path = workbook(tmp_path / "x.xlsx", HEAD + row(text("1"), text("Anna")) + "<!-- <row><c/></row> -->")

    result = read(path, tmp_path / "out")

    assert result.refused.code == "damaged"
    assert "3 rows counted, 2 read" in result.refused.sentence


def test_rows_without_numbers_and_gaps_keep_their_places(tmp_path):
    rows = (
        '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c><c r="C1" t="str"><v>c</v></c></row>'
        '<row r="7"><c r="C7"><v>3</v></c></row><row><c><v>1</v></c></row>'
    )

    result = read(workbook(tmp_path / "x.xlsx", rows), tmp_path / "out")

    assert result.numbered == [(7, "", "", "3"), (8, "1", "", "")]


def test_a_value_beyond_the_headings_is_kept_out_not_dropped(tmp_path):
    late = "".join(row(text("1"), text("Anna")) for _ in range(70)) + row(text("2"), text("Bob"), text("stray"))

    result = read(workbook(tmp_path / "x.xlsx", HEAD + late), tmp_path / "out")

    assert result.reading.rows == 70
    assert result.kept_out == [(72, "too_long")]


def test_a_hidden_sheet_can_be_chosen_and_a_missing_one_is_refused(tmp_path):
    path = workbook(tmp_path / "x.xlsx", HEAD + row(text("1"), text("Anna")), HEAD + row(text("2"), text("Bob")))

    assert read(path, tmp_path / "out", sheet="S2").rows == [("2", "Bob")]
    assert read(path, tmp_path / "out", sheet="S2").questions == []
    assert read(path, tmp_path / "out", sheet="S3").refused.code == "sheet"


def test_a_sheet_in_utf_16_with_a_type_definition_is_refused(tmp_path):
    sheet = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE r [<!ENTITY x "y">]><worksheet xmlns="{MAIN}"/>'
    path = workbook(tmp_path / "x.xlsx", "", parts={"xl/worksheets/sheet1.xml": sheet.encode("utf-16")})

    assert read(path, tmp_path / "out").refused.code == "damaged"


def test_a_type_definition_behind_a_long_comment_is_refused_by_the_parser(tmp_path):
    sheet = f'<!--{"x" * 5000}--><!DOCTYPE r [<!ENTITY x "y">]><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    path = workbook(tmp_path / "x.xlsx", "", parts={"xl/worksheets/sheet1.xml": sheet})

    assert read(path, tmp_path / "out").refused.code == "doctype"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/externalLinks/externalLink1.xml": "<x/>"}, "active_content"),
        ({"XL/VBAPROJECT.BIN": b"x"}, "active_content"),
        ({"xl/Worksheets/Sheet1.xml": "<x/>"}, "duplicate_part"),
        ({"..\\evil.txt": "x"}, "unsafe_path"),
        ({"C:/evil.txt": "x"}, "unsafe_path"),
        ({"xl/media/big.bin": b"\x00" * 5_000_000}, "too_big_unpacked"),
    ],
)
def test_a_part_that_no_export_needs_refuses_the_file(parts, code, tmp_path):
    path = workbook(tmp_path / "x.xlsx", HEAD + row(text("1"), text("Anna")), parts=parts)

    assert read(path, tmp_path / "out").refused.code == code


def test_a_workbook_under_the_name_of_a_text_file_is_refused_with_its_right_name(tmp_path):
    path = workbook(tmp_path / "x.xlsx", HEAD)

    result = read(path, tmp_path / "out", name="contacts.csv")

    assert result.refused.code == "wrong_name"
    assert ".xlsx" in result.refused.sentence


@pytest.mark.parametrize(
    ("number_format", "code", "shape"),
    [
        (0, None, Shape.NUMBER),
        (14, None, Shape.DATE),
        (22, None, Shape.MOMENT),
        (46, None, Shape.TIME),
        (164, "yyyy\\-mm\\-dd", Shape.DATE),
        (164, "[$-409]d/m/yy h:mm AM/PM;@", Shape.MOMENT),
        (164, "[h]:mm:ss", Shape.TIME),
        (164, "mmmm", Shape.DATE),
        (164, '#,##0.00 "USD/day"', Shape.NUMBER),
        (164, "[Red]0.00", Shape.NUMBER),
        (164, "General", Shape.NUMBER),
        (164, "0.00E+00", Shape.NUMBER),
        (164, "@", Shape.NUMBER),
    ],
)
def test_a_number_format_tells_dates_from_numbers(number_format, code, shape):
    assert shape_of(number_format, code) is shape


@given(st.integers(61, 2_958_465))
def test_every_serial_after_february_1900_is_the_day_that_counting_gives(serial):
    assert date_text(str(serial), Shape.DATE, False) == (date(1899, 12, 30) + timedelta(days=serial)).isoformat()


@given(st.integers(0, 2_957_003))
def test_the_1904_calendar_is_1462_days_later(serial):
    later = date_text(str(serial), Shape.DATE, True)

    assert later == (date(1904, 1, 1) + timedelta(days=serial)).isoformat()
    if serial:
        assert later == date_text(str(serial + 1462), Shape.DATE, False)


def test_a_serial_beyond_the_1904_calendar_is_no_day_either():
    assert date_text("2958465", Shape.DATE, True) is None


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("5", ("5", False)),
        ("5.0", ("5", False)),
        ("-0", ("0", False)),
        ("0.10000000000000001", ("0.1", False)),
        ("1E-3", ("0.001", False)),
        ("1E+2", ("100", False)),
        ("1.5E-05", ("0.000015", False)),
        ("1.2345678901234568E-05", ("0.000012345678901234568", False)),
        ("123456789012345678", ("123456789012345678", True)),
        ("1.23456789012346E+17", ("1.23456789012346E+17", True)),
    ],
)
def test_a_number_is_its_shortest_exact_text(written, shown):
    assert number_text(written) == shown


@pytest.mark.parametrize(
    ("written", "said"), [("_x0041_", "A"), ("_x005F_x0041_", "_x0041_"), ("a_x000D_b", "a\rb"), ("_x41_", "_x41_")]
)
def test_escapes_are_undone_once(written, said):
    assert unescaped(written) == said
