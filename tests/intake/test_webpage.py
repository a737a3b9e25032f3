"""Tables that a CRM writes as a web page under the name .xls, through the real child process."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.intake.readers.webpage import Table
from dataquality.intake.reading import Limits
from tests.intake.read import read_bytes

SALESFORCE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset={0}"><style>td {{ x: y }}
</style><script>document.write("<table><tr><td>no</td><td>never</td></tr></table>")</script></head><body>
<table border="1"><tr><th>Account ID</th><th>Account Name</th><th>Billing&nbsp;City</th></tr>
<tr><td>0014W00002AKpQZ</td><td>M&uuml;ller &amp; S&#246;hne</td><td>Köln</td></tr>
<tr><td>0014W00002AKpQa</td><td>a&lt;b&gt;<br>second <b>line</b></td><td>&nbsp;</td></tr>
<tr><td>0014W00002AKpQb<td>No end tags<td>Paris
</table><p>Copyright (c) 2000-2026 salesforce.com, inc.</p></body></html>
"""
ROWS = [
    ("0014W00002AKpQZ", "Müller & Söhne", "Köln"),
    ("0014W00002AKpQa", "a<b>\nsecond line", ""),
    ("0014W00002AKpQb", "No end tags", "Paris"),
]


def page(content, folder, name="report.xls", **more):
    return read_bytes(content if isinstance(content, bytes) else content.encode(), folder, name=name, **more)


@pytest.mark.parametrize("coding", ["utf-8", "windows-1252", "iso-8859-1"])
def test_salesforce_s_xls_is_read_in_the_encoding_that_it_names(tmp_path, coding):
    result = page(SALESFORCE.format(coding).encode(coding), tmp_path)

    assert result.reading.headings == ["Account ID", "Account Name", "Billing City"]
    assert result.rows == ROWS
    assert [row[0] for row in result.numbered] == [2, 3, 4]
    assert (result.reading.kind, result.notices, result.questions) == ("html", ["html"], [])


def test_the_same_page_under_the_name_of_a_csv_is_refused_as_before(tmp_path):
    assert page(SALESFORCE.format("utf-8"), tmp_path, name="report.csv").refused.code == "html"


def test_a_page_without_a_table_is_refused_with_the_way_out(tmp_path):
    for content in ("<html><body><form>Sign in</form></body></html>", "<html><table><tr><td>x</table></html>"):
        refused = page(content, tmp_path).refused
        assert refused.code == "html"
        assert "save" in refused.sentence


def test_merged_cells_say_their_text_once_and_the_others_stay_below_their_headings(tmp_path):
    result = page(
        "<table><tr><td>id</td><td>name</td><td>city</td></tr><tr><td>1</td><td rowspan=2>Anna</td><td>Ulm</td></tr>"
        "<tr><td>2</td><td>Bonn</td></tr><tr><td colspan=2>3</td><td>Köln</td></tr></table>",
        tmp_path,
    )

    assert result.rows == [("1", "Anna", "Ulm"), ("2", "", "Bonn"), ("3", "", "Köln")]


def test_the_first_table_of_two_columns_is_read_and_the_others_are_told(tmp_path):
    title = "<table><tr><td>Report of May</td></tr></table>"
    one = "<table><tr><td>id</td><td>name</td></tr><tr><td>1</td><td>Anna</td></tr></table>"
    result = page(f"<html>{title}{one}{one}</html>", tmp_path)

    assert result.rows == [("1", "Anna")]
    assert result.notices == ["html", "other_tables"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<table><tr><td>a</td><td><table><tr><td>b</td><td>c</td></tr></table></td></tr></table>", "nested_table"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>" + "x" * 40_000 + "</td></tr></table>", "long_cell"),
        ("<table><tr>" + "<td>a</td>" * 1_200 + "</tr></table>", "too_many_columns"),
        ("<table><tr><td colspan=400>a</td><td colspan=99999999>b</td><td colspan=400>c</td></tr></table>",
         "too_many_columns"),
        ("<table><tr><td>a</td><td>b</td></tr><!-- " + "x" * 3_000_000, "damaged"),
    ],
)  # fmt: skip
def test_a_page_that_is_no_plain_table_is_refused_with_the_way_out(tmp_path, content, code):
    refused = page(content, tmp_path).refused

    assert refused.code == code
    assert "spreadsheet program" in refused.sentence


def test_a_row_with_bytes_that_are_no_text_is_kept_out(tmp_path):
    content = SALESFORCE.format("utf-8").encode().replace("Köln".encode(), b"K\xffln")

    result = page(content, tmp_path)

    assert result.kept_out == [(2, "encoding")]
    assert result.rows == ROWS[1:]


def test_a_hundred_thousand_rows_are_streamed(tmp_path):
    rows = "".join(f"<tr><td>{n}</td><td>Company {n}</td></tr>\n" for n in range(100_000))
    result = page(f"<html><table><tr><td>id</td><td>name</td></tr>{rows}</table></html>", tmp_path)

    assert result.reading.rows == 100_000
    assert result.rows[-1] == ("99999", "Company 99999")
    assert result.peak_bytes < 400_000_000


CELLS = st.lists(st.lists(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Zs"]), max_size=8),
                          min_size=2, max_size=4), min_size=1, max_size=6)  # fmt: skip


@given(rows=CELLS, size=st.integers(1, 40))
def test_cells_come_out_as_they_went_in_however_the_page_is_cut_into_blocks(rows, size):
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    text = f"<table>{body}<tr><td>last</td><td>row</td></tr></table>"
    table = Table(Limits())
    for at in range(0, len(text), size):
        table.feed(text[at : at + size])
    table.close()

    assert [row.cells for row in table.taken()] == [*rows, ["last", "row"]]


@given(st.text("<>/=\"'- tabledhr!&;x1\n", max_size=80))
def test_any_text_is_rows_or_nothing(text):
    table = Table(Limits())
    table.feed(f"<table>{text}")
    table.close()
    table.handle_endtag("table")

    assert all(isinstance(cell, str) for row in table.taken() for cell in row.cells)
