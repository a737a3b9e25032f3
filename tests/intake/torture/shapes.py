"""Texts whose rows, columns, quotes and line ends are not as they should be, and files that are no text."""

from __future__ import annotations

from .terms import PEOPLE_HEADINGS, Expect, people, refused

EXPECTED: dict[str, Expect] = {
    "csv/nul_bytes.csv": Expect(rows=[("2", "Bob")], kept_out=[(2, "nul")]),
    "csv/nul_only_64k.csv": refused("not_text"),
    "csv/ctrl_z_eof.csv": Expect(rows=[("1", "Anna")], told={"ctrl_z"}),
    "csv/control_chars.csv": Expect(
        rows=[("1", "A\x07\x08\x1b[31mred"), ("2", "B\x7f\x85")], told={"control_character"}
    ),
    "csv/empty_0_bytes.csv": refused("empty"),
    "csv/only_bom.csv": refused("empty"),
    "csv/only_newlines.csv": refused("no_header"),
    "csv/header_only.csv": Expect(rows=0, headings=PEOPLE_HEADINGS, asked={"no_rows"}),
    "csv/one_column.csv": Expect(rows=[("a@example.com",), ("b@example.com",)], headings=["email"]),
    "csv/one_column_with_semicolons_in_text.csv": Expect(
        rows=[("hello; world",), ("foo; bar; baz",)], asked={"delimiter"}, suggestion="one column"
    ),
    "csv/dup_headers.csv": Expect(
        rows=[("1", "a@x.de", "b@x.de", "c@x.de")],
        headings=["id", "email", "email (2)", "Email (3)"],
        asked={"double_heading"},
    ),
    "csv/blank_headers.csv": Expect(
        rows=[("1", "x", "Anna", "y")], headings=["id", "column_2", "name", "column_4"], told={"blank_heading"}
    ),
    "csv/header_not_first_preamble.csv": people(asked={"header_row"}, suggestion="4"),
    "csv/trailer_footer.csv": people(kept_out=[(6, "footer")], told={"blank_rows"}),
    "csv/ragged_short_long.csv": Expect(
        rows=[("1", "Anna", ""), ("3", "Cara", "c@x.de")], kept_out=[(3, "too_long")], told={"too_short"}
    ),
    "csv/unterminated_quote_early.csv": refused("unterminated_quote", place="line 2"),
    "csv/unterminated_quote_last.csv": refused("unterminated_quote", place="line 3"),
    "csv/quote_in_unquoted.csv": Expect(rows=[("1", 'Peter "Pete" Smith'), ("2", '5" pipe')]),
    "csv/quoted_newlines.csv": Expect(rows=[("1", "line1\nline2\r\nline3", "a@x.de"), ("2", "ok", "b@x.de")]),
    "csv/backslash_escapes.csv": Expect(
        rows=[("1", '"He said \\"hi\\""'), ("2", "C:\\temp\\")],
        asked={"backslash_escapes"},
        suggestion="undo",
        told={"stray_quotes"},
    ),
    "csv/cr_only_mac.csv": people(),
    "csv/mixed_eol.csv": Expect(rows=[("1", "A"), ("2", "B"), ("3", "C")]),
    "csv/sep_hint_semicolon.csv": Expect(rows=[("1", "Anna", "1.234,56")], headings=["id", "name", "betrag"]),
    "csv/tab.tsv": Expect(rows=[("1", "Anna")]),
    "csv/pipe.csv": Expect(rows=[("1", "Anna")]),
    "csv/multi_char_delim.csv": refused("delimiter"),
    "csv/unicode_line_sep.csv": Expect(rows=[("1", "A\u2028B"), ("2", "C\x85D")], told={"control_character"}),
    "csv/wide_16385_cols.csv": refused("too_many_columns"),
    "csv/huge_cell_2mb.csv": Expect(rows=[("2", "ok")], kept_out=[(2, "long_cell")]),
    "csv/long_line_no_newline_4mb.csv": refused("endless_line", within=2),
    "csv/many_quotes_1mb.csv": Expect(rows=0, kept_out=[(2, "long_cell")], asked={"no_rows"}, within=2),
    "csv/html_as.csv": refused("html"),
    "csv/json_as.csv": refused("json"),
    "csv/gzip_as.csv": refused("wrong_kind"),
    "csv/xlsx_as.csv": refused("damaged"),
}
