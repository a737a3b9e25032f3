"""Text with delimiters: dialects, a person's choices, and text that must come back as it went in."""

from __future__ import annotations

import csv
import io
import json

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataquality.intake.child import read as read_here
from dataquality.intake.terms import Choices, Limits, Reading, Refused

from .read import read, read_bytes, shared

SPECTRUM = [
    "comma_in_quotes",
    "empty",
    "empty_crlf",
    "escaped_quotes",
    "json",
    "location_coordinates",
    "newlines",
    "newlines_crlf",
    "quotes_and_newlines",
    "simple",
    "simple_crlf",
    "utf8",
]


@pytest.mark.parametrize("name", SPECTRUM)
def test_an_acid_test_of_csv_spectrum_gives_its_json(name, tmp_path):
    path = shared("csv-spectrum", "csvs", f"{name}.csv")
    wanted = json.loads(shared("csv-spectrum", "json", f"{name}.json").read_text("utf-8"))
    if name == "location_coordinates":
        # The corpus's own answer is one object instead of a list, with another telephone number than the file.
        wanted = [wanted | {"Contact Phone Number": "2095257564"}]

    result = read(path, tmp_path / "out")

    headings = result.reading.headings
    assert [dict(zip(headings, row, strict=True)) for row in result.rows] == wanted


def written(rows: list[list[str]], **dialect) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, **dialect).writerows(rows)
    return text.getvalue()


def test_the_naughty_strings_come_back_equal(tmp_path):
    strings = json.loads(shared("blns", "blns.json").read_text("utf-8"))
    assert len(strings) == 515
    table = [["id", "naughty", "end"], *([str(place), text, "."] for place, text in enumerate(strings))]

    result = read_bytes(written(table).encode(), tmp_path)

    assert [row[1] for row in result.rows] == strings
    assert result.reading.quarantined == 0


def test_formula_payloads_come_back_verbatim(tmp_path):
    payloads = shared("csv-injection", "Intruder", "csv-payload.txt").read_text("utf-8").splitlines()
    table = [["id", "payload"], *([str(place), text] for place, text in enumerate(payloads))]

    result = read_bytes(written(table).encode(), tmp_path)

    assert [row[1] for row in result.rows] == payloads
    assert len(payloads) == 6


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x1a"), max_size=20)
CELL = TEXT.filter(lambda text: not text.startswith('="'))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    table=st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=8)),
    delimiter=st.sampled_from(",;\t|^`"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"]),
    # With a bare LF and minimal quoting the writer leaves a CR in a cell unquoted, which no reader can tell apart.
    dialect=st.sampled_from([("\r\n", csv.QUOTE_MINIMAL), ("\r\n", csv.QUOTE_ALL), ("\n", csv.QUOTE_ALL)]),
)
def test_any_table_that_a_csv_writer_wrote_comes_back_equal(tmp_path, table, delimiter, encoding, dialect):
    rows = [[str(place), *cells] for place, cells in enumerate(table)]
    headings = ["id", *(f"field {place}" for place in range(len(rows[0]) - 1 if rows else 1))]
    text = written([headings, *rows], delimiter=delimiter, lineterminator=dialect[0], quoting=dialect[1])
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))
    chosen = Choices(delimiter=delimiter, encoding="gb18030" if encoding == "gb18030" else None, header_row=1)

    reading = read_here(path, "table.csv", tmp_path, chosen, Limits())

    came = [list(row[1:]) for row in pl.read_parquet(reading.chunks).rows()] if reading.chunks else []
    assert came == rows
    assert reading.headings == headings
    assert reading.quarantined == 0


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=400)
    | TEXT.map(str.encode)
    | st.lists(st.sampled_from([b'"', b",", b"a", b"\n", b"\r", b"\\", b"\xff", b"\x00"])).map(b"".join)
)
def test_no_bytes_at_all_break_the_reader(tmp_path, content):
    """Every file is refused in a sentence, or read: each row once, in order, either taken or kept out."""
    path = tmp_path / "any.csv"
    path.write_bytes(content)

    result = _read_or_refuse(path, tmp_path)

    if isinstance(result, str):
        assert result.endswith(".")
    else:
        assert len(set(result.headings)) == len(result.headings)
        taken = pl.read_parquet(result.chunks) if result.chunks else pl.DataFrame({"row": []})
        out = set() if result.quarantine is None else set(pl.read_parquet(result.quarantine)["row"])
        numbers = taken["row"].to_list()
        assert taken.null_count().sum_horizontal().sum() == 0
        assert numbers == sorted(set(numbers))
        assert not out & set(numbers)
        assert (len(numbers), len(out)) == (result.rows, result.quarantined)
        assert min([*numbers, *out], default=10**6) > result.header_row


def _read_or_refuse(path, into):
    try:
        return read_here(path, path.name, into, Choices(), Limits())
    except Refused as refused:
        return refused.sentence


def test_chunks_keep_order_and_physical_lines(tmp_path):
    lines = ["id,note", *(f'{place},"two\nlines"' for place in range(95))]
    (tmp_path / "upload").write_text("\n".join(lines))

    result = read(tmp_path / "upload", tmp_path / "out", limits=Limits(chunk_rows=10))

    assert [row[0] for row in result.numbered] == [2 + 2 * place for place in range(95)]
    assert [row[1] for row in result.numbered] == [str(place) for place in range(95)]
    assert [pl.read_parquet(chunk).height for chunk in result.reading.chunks] == [10] * 9 + [5]
    assert pl.read_parquet(result.reading.chunks[0]).schema == {"row": pl.Int64, "c0": pl.String, "c1": pl.String}


def test_a_chosen_delimiter_and_heading_row_are_obeyed_and_not_asked_about(tmp_path):
    content = b"title\nname;age\nAnna;5\n"

    result = read_bytes(content, tmp_path, delimiter="semicolon", header_row=2)

    assert result.reading.headings == ["name", "age"]
    assert result.rows == [("Anna", "5")]
    assert result.questions == []


def test_a_file_without_headings_asks_and_takes_row_0_for_an_answer(tmp_path):
    content = b"1,anna@example.com\n2,bob@example.com\n"

    asked = read_bytes(content, tmp_path)
    told = read_bytes(content, tmp_path, header_row=0)

    assert asked.questions == ["header_row"]
    assert told.reading.headings == ["column_1", "column_2"]
    assert told.rows == [("1", "anna@example.com"), ("2", "bob@example.com")]


def test_a_row_that_cannot_hold_the_headings_is_refused(tmp_path):
    assert read_bytes(b"a,b\n1,2\n", tmp_path, header_row=7).refused.code == "header_row"


def test_a_chosen_encoding_ends_the_question(tmp_path):
    content = "名前,市\n山田,東京\n".encode("cp932")

    result = read_bytes(content, tmp_path, encoding="cp932")

    assert result.rows == [("山田", "東京")]
    assert result.questions == []


def test_a_wrongly_chosen_encoding_loses_nothing_silently(tmp_path):
    content = "name,city\nMüller,Köln\nSmith,York\n".encode("cp1252")

    result = read_bytes(content, tmp_path, encoding="utf-8")

    assert result.rows == [("Smith", "York")]
    assert result.kept_out == [(2, "undecodable")]


@pytest.mark.parametrize("name", ["klingon", "unicode_escape", "utf-7", "rot13", "idna"])
def test_an_encoding_that_no_text_file_has_is_refused(name, tmp_path):
    assert read_bytes(b"a,b\n1,2\n", tmp_path, encoding=name).refused.code == "encoding"


def test_backslashes_are_undone_once_a_person_says_so(tmp_path):
    content = b'id,name\n1,"He said \\"hi\\""\n2,C:\\temp\\\n3,"C:\\temp\\"\n'

    undone = read_bytes(content, tmp_path, confirmed=frozenset({"backslash_escapes"}))
    kept = read_bytes(content, tmp_path, confirmed=frozenset({"backslash_escapes:keep"}))

    assert undone.rows == [("1", 'He said "hi"'), ("2", "C:\\temp\\"), ("3", "C:\\temp\\")]
    assert kept.rows[0] == ("1", '"He said \\"hi\\""')
    assert undone.questions == kept.questions == []


def test_a_quote_that_swallows_a_thousand_lines_is_named_where_it_opens(tmp_path):
    content = b'id,name\n1,ok\n2,"lost\n' + b"".join(b"%d,fine\n" % place for place in range(3, 5000)) + b'9,"late"\n'

    result = read_bytes(content, tmp_path)

    assert (result.refused.code, result.refused.place) == ("unterminated_quote", "line 3")


def test_a_stray_quote_that_a_later_one_closes_is_refused_and_swallows_nothing(tmp_path):
    content = b'id,name\n1,"lost\n2,fine\n3,"Bob",x\n'

    assert read_bytes(content, tmp_path).refused.place == "line 2"


def test_a_salesforce_footer_is_kept_out_and_the_last_record_is_not(tmp_path):
    content = (
        b'Account,Owner,Amount\nA,b,1\nC,,\n\n"Acme report"\n"Copyright (c) 2000-2026 salesforce.com, inc."\n'
        b'"Confidential Information - Do Not Distribute"\n"Generated By: X"\n'
    )

    result = read_bytes(content, tmp_path)

    assert result.rows == [("A", "b", "1"), ("C", "", "")]
    assert result.kept_out == [(place, "footer") for place in (5, 6, 7, 8)]


def test_a_person_called_total_in_the_middle_stays(tmp_path):
    content = b"name,city,mail\nTotal,,\nAnna,Rome,a@x.it\n"

    assert read_bytes(content, tmp_path).rows == [("Total", "", ""), ("Anna", "Rome", "a@x.it")]


def test_trailing_delimiters_add_no_column_and_lose_no_value(tmp_path):
    result = read_bytes(b"a,b\n1,2,,\n3,4,,x\n", tmp_path)

    assert result.rows == [("1", "2")]
    assert result.kept_out == [(3, "too_long")]


def test_the_same_trouble_a_thousand_times_is_told_twenty_times_and_counted(tmp_path):
    result = read_bytes(b"a,b,c\nx,y,z\n" + b"1,2\n" * 1000 + b"x,y,z\n", tmp_path)

    told = [one for one in result.reading.notices if one.code == "too_short"]
    assert len(told) == 21
    assert told[-1].sentence.startswith("980 more rows")
    assert result.reading.rows == 1002


def test_too_many_unreadable_rows_refuse_the_file_with_the_first_reason(tmp_path):
    (tmp_path / "upload").write_bytes(b"a,b\n" + b"1,2,3\n" * 60)

    result = read(tmp_path / "upload", tmp_path / "out", limits=Limits(quarantined=50))

    assert result.refused.code == "too_many_faults"
    assert "row 2" in result.refused.sentence


def test_too_many_rows_refuse_the_file(tmp_path):
    (tmp_path / "upload").write_bytes(b"a,b\n" + b"1,2\n" * 60)

    assert read(tmp_path / "upload", tmp_path / "out", limits=Limits(rows=50)).refused.code == "too_many_rows"


@pytest.mark.parametrize("heading", [b"na\xffme", b"na\x00me"])
def test_a_heading_that_is_no_text_is_refused_with_its_place(heading, tmp_path):
    result = read_bytes(b"id," + heading + b"\n1,M\xc3\xbcller\n2,Gr\xc3\xbcn\n", tmp_path)

    assert (result.refused.code, result.refused.place) == ("broken_header", "row 1")
    assert "column 2" in result.refused.sentence


def test_two_plausible_delimiters_are_a_question(tmp_path):
    result = read_bytes(b"a;b,c\n1;2,3\n4;5,6\n", tmp_path)

    assert result.questions == ["delimiter"]


def test_the_words_of_a_reading_survive_json(tmp_path):
    result = read_bytes(b"id,email,email\n1,a,b\n2,c\n3,d,e,f\n", tmp_path)
    assert result.questions
    assert result.notices
    assert result.kept_out

    assert Reading.from_json(json.loads(json.dumps(result.reading.as_json()))) == result.reading
    chosen = Choices(encoding="cp1252", confirmed=frozenset({"no_rows", "delimiter:one column"}))
    assert Choices.from_json(json.loads(json.dumps(chosen.as_json()))) == chosen
