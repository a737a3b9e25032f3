"""Workbooks that lie, burst, point outside or are none."""

from __future__ import annotations

from .terms import TWO, Expect, people, refused

EXPECTED: dict[str, Expect] = {
    "xlsx/ok_small.xlsx": Expect(rows=TWO),
    "xlsx/zipbomb_300mb.xlsx": refused("too_big_unpacked"),
    "xlsx/zipbomb_sheet_200mb.xlsx": refused("too_big_unpacked"),
    "xlsx/far_corner.xlsx": refused("too_many_columns", place="row 1048576"),
    "xlsx/dimension_lie_small.xlsx": Expect(rows=TWO, headings=["id", "name", "email"]),
    "xlsx/dimension_lie_big.xlsx": Expect(rows=TWO, headings=["id", "name", "email"]),
    "xlsx/billion_laughs_sheet.xlsx": refused("doctype", within=1),
    "xlsx/xxe_file.xlsx": refused("doctype"),
    "xlsx/xxe_http_loopback.xlsx": refused("doctype"),
    "xlsx/xxe_parameter_entity_sst.xlsx": refused("doctype"),
    "xlsx/utf16_sheet_dtd.xlsx": refused("damaged"),
    "xlsx/dates_1900.xlsx": Expect(
        rows=[
            ("1", "1900-01-01"),
            ("2", "1900-02-28"),
            ("3", "60"),
            ("4", "1900-03-01"),
            ("5", "2023-03-15"),
            ("6", "-1"),
            ("7", "9999-12-31"),
            ("8", "2958466"),
            ("9", "2023-03-15T23:59:59.999"),
            ("10", "45000"),
        ],
        told={"no_such_date", "unformatted_date"},
    ),
    "xlsx/dates_1904.xlsx": Expect(rows=[("1", "1904-01-01"), ("2", "2023-03-15")]),
    "xlsx/ids_as_numbers.xlsx": Expect(
        rows=[
            ("123456789012345678", "1067"),
            ("123456789012345679", "1.23456789012346E+17"),
            ("00123", "01067"),
        ],
        told={"long_number"},
    ),
    "xlsx/formulas_no_cache.xlsx": Expect(
        rows=[("2", "cached")], kept_out=[(2, "formula_without_value")], told={"formulas"}
    ),
    "xlsx/error_cells.xlsx": Expect(rows=0, kept_out=[(2, "error_cell"), (3, "error_cell")], asked={"no_rows"}),
    "xlsx/hidden_sheet_first.xlsx": Expect(rows=TWO, told={"hidden_sheet"}),
    "xlsx/two_sheets_same_header.xlsx": Expect(rows=TWO, asked={"sheet"}, suggestion="S1"),
    "xlsx/hidden_rows_filter.xlsx": Expect(rows=[("1",), ("2",)], told={"hidden_rows"}),
    "xlsx/merged_header.xlsx": Expect(
        rows=[("1", "Anna", "Köln")],
        headings=["id", "name", "city"],
        asked={"header_row"},
        suggestion="2",
        told={"merged_cells"},
    ),
    "xlsx/cols_16384.xlsx": refused("too_many_columns"),
    "xlsx/cell_over_32767.xlsx": Expect(rows=0, kept_out=[(2, "long_cell")], asked={"no_rows"}),
    "xlsx/ctrl_x0000_escape.xlsx": Expect(rows=[("2", "_x0041_"), ("3", "a\rb")], kept_out=[(2, "nul")]),
    "xlsx/sheets_3000.xlsx": refused("too_many_parts", within=2),
    "xlsx/zip_slip.xlsx": refused("unsafe_path"),
    "xlsx/duplicate_entry_parser_differential.xlsx": refused("duplicate_part"),
    "xlsx/truncated.xlsx": refused("damaged"),
    "xlsx/bad_crc.xlsx": refused("damaged"),
    "xlsx/bad_crc_stored_value_changed.xlsx": refused("damaged"),
    "xlsx/csv_renamed.xlsx": people(told={"wrong_name"}),
    "xlsx/html_as_xls.xls": Expect(rows=[("1", "Anna")], told={"html"}),
    "xlsx/spreadsheetml2003.xls": refused("xml_spreadsheet"),
    "xlsx/macro_inside_xlsx.xlsx": refused("active_content"),
    "xlsx/password_secret.xlsx": refused("password"),
}
