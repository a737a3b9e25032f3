"""Each of the 103 torture files gets what its MANIFEST expects, as far as reading goes."""

from __future__ import annotations

import contextlib
import csv
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from dataquality.intake.child import read as read_here
from dataquality.intake.terms import Choices, Limits, Refused

from .read import read, shared

SECONDS = 5
PEAK_BYTES = 512_000_000


@dataclass
class Expect:
    """Cell texts of the rows in order (or only their number), what was kept out, asked and told; or the refusal."""

    rows: int | Sequence[tuple[str, ...]] | None = None
    headings: list[str] | None = None
    kept_out: list[tuple[int, str]] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    suggestion: str | None = None
    encoding: str | None = None
    refused: str | None = None
    place: str | None = None
    within: float = SECONDS


PEOPLE = [
    ("1", "Anna Müller", "anna@example.com", "+49 30 1234567", "Köln"),
    ("2", "李小龍", "li@example.cn", "+86 10 62345678", "北京市"),
    ("3", "Иван Петров", "ivan@example.ru", "8 (495) 123-45-67", "Москва"),
]
PEOPLE_HEADINGS = ["id", "name", "email", "phone", "city"]
TWO = [("1", "Anna", "a@x.de"), ("2", "Bob", "b@x.de")]


def people(**more) -> Expect:
    return Expect(rows=PEOPLE, headings=PEOPLE_HEADINGS, **more)


def refused(code: str, **more) -> Expect:
    return Expect(refused=code, **more)


EXPECTED: dict[str, Expect] = {
    "csv/enc_utf8_nobom.csv": people(encoding="utf-8"),
    "csv/enc_utf8_bom.csv": people(encoding="utf-8"),
    "csv/enc_utf8_double_bom.csv": people(encoding="utf-8"),
    "csv/enc_utf16le_bom.csv": people(encoding="utf-16-le"),
    "csv/enc_utf16be_bom.csv": people(encoding="utf-16-be"),
    "csv/enc_utf16le_nobom.csv": people(asked={"encoding"}, suggestion="utf-16-le"),
    "csv/enc_utf32le_bom.csv": people(encoding="utf-32-le"),
    "csv/enc_gb18030.csv": Expect(
        rows=[("1", "张伟", "zw@example.cn", "上海市"), ("2", "王芳㐀𠀀", "wf@example.cn", "北京市")],
        headings=["编号", "姓名", "邮箱", "城市"],
        asked={"encoding"},
        suggestion="gb18030",
    ),
    "csv/enc_big5.csv": Expect(
        rows=[("1", "許功蓋", "hk@example.tw", "台北市"), ("2", "陳怡君", "cyc@example.tw", "高雄市")],
        asked={"encoding"},
        suggestion="cp950",
    ),
    "csv/enc_shift_jis.csv": Expect(
        rows=[("1", "ソ十表予", "東京都"), ("2", "山田太郎", "大阪府")], asked={"encoding"}, suggestion="cp932"
    ),
    "csv/enc_euc_kr.csv": Expect(
        rows=[("1", "김철수", "서울"), ("2", "똠방각하", "부산")], asked={"encoding"}, suggestion="cp949"
    ),
    "csv/enc_windows1252.csv": Expect(
        rows=[("1", "Zoë O’Brien", "“smart” – €5")], encoding="cp1252", told={"encoding_cp1252"}
    ),
    "csv/enc_windows1251.csv": Expect(
        rows=[("1", "Иван"), ("2", "Ёлка")], headings=["id", "имя"], asked={"encoding"}, suggestion="cp1251"
    ),
    "csv/enc_mixed_utf8_then_latin1.csv": Expect(
        rows=[("1", "Müller"), ("3", "Grün")], kept_out=[(3, "undecodable")], told={"damaged_encoding"}
    ),
    "csv/enc_double_utf8.csv": Expect(rows=[("1", "MÃ¼ller")]),
    "csv/enc_invalid_utf8_overlong.csv": Expect(
        rows=0, kept_out=[(2, "undecodable")], asked={"no_rows"}, told={"damaged_encoding"}
    ),
    "csv/enc_lone_surrogate_cesu8.csv": Expect(
        rows=0, kept_out=[(2, "undecodable")], asked={"no_rows"}, told={"damaged_encoding"}
    ),
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
    "csv/formula_injection.csv": Expect(
        rows=[
            ("1", "=1+1", "ok"),
            ("2", "=cmd|'/C calc'!A0", "x"),
            ("3", "@SUM(1+1)*cmd", "x"),
            ("4", "+49 30 1234567", "phone must survive"),
            ("5", "-5", "negative number must survive"),
            ("6", "\t=1+1", "tab"),
            ("7", "\r=1+1", "cr"),
            ("8", "'=1+1", "already quoted"),
            ("9", "＝1+1", "fullwidth equals"),
            ("10", '=HYPERLINK("http://127.0.0.1/?x="&A1,"click")', "x"),
            ("11", "%0A=1+1", "x"),
            ("12", "\n=1+1", "lf first"),
        ]
    ),
    "csv/xss_payloads.csv": Expect(
        rows=[
            ("1", "<script>alert(1)</script>", "x"),
            ("2", '"><img src=x onerror=alert(1)>', "y"),
            ("3", "</script><script>alert(2)</script>", "json script breakout"),
            ("4", "{{7*7}}{% debug %}${7*7}#{7*7}", "template"),
            ("5", "javascript:alert(1)", "url field"),
            ("6", "<svg/onload=alert(1)>", "z"),
            ("7", "';alert(1)//", "js string"),
            ("8", "&lt;b&gt;", "entity"),
            ("9", '"x" hx-get="/admin/" hx-trigger="load"', "htmx attribute injection"),
            ("10", "<!--", "comment"),
        ],
        told={"stray_quotes"},
    ),
    "csv/sql_regex_ldap.csv": Expect(
        rows=[
            ("1", "Robert'); DROP TABLE contacts;--"),
            ("2", "%"),
            ("3", "_"),
            ("4", "\\"),
            ("5", "(a+)+$"),
            ("6", "a" * 40 + "!"),
            ("7", "*)(uid=*"),
            ("8", "../../etc/passwd"),
        ]
    ),
    "csv/ids_scientific.csv": Expect(
        rows=[
            ("1.23457E+17", "Anna"),
            ("1.23457E+17", "Bob"),
            ("00123", "Cara"),
            ("123", "Dora"),
            ("12345678901234567890", "Emil"),
        ]
    ),
    "csv/phones_zip_leading_zero.csv": Expect(rows=[("1", "01067", "030123456"), ("2", "1067", "30123456")]),
    "csv/excel_text_trick.csv": Expect(rows=[("1", "01067")], told={"text_trick"}),
    "csv/dates_ambiguous.csv": Expect(
        rows=[
            ("1", "03/04/2025"),
            ("2", "13/04/2025"),
            ("3", "04/13/2025"),
            ("4", "2025-02-29"),
            ("5", "0000-00-00"),
            ("6", "9999-12-31"),
            ("7", "45000"),
            ("8", "1900-02-29"),
            ("9", "31.12.1969 23:59"),
            ("10", "2025-10-26 02:30 Europe/Berlin"),
            ("11", "20250101"),
            ("12", "１２/０４/２０２５"),
        ]
    ),
    "csv/numbers_locale.csv": Expect(
        rows=[
            ("1", "1.234,56"),
            ("2", "1,234.56"),
            ("5", "(1.00)"),
            ("6", "1e400"),
            ("7", "NaN"),
            ("8", "Infinity"),
            ("9", "-0"),
            ("10", "٣٤٥"),
            ("11", "€ 5"),
        ],
        kept_out=[(4, "too_long"), (5, "too_long")],
    ),
    "csv/booleans_nulls.csv": Expect(
        rows=[
            (str(place), value)
            for place, value in enumerate(
                ["NULL", "null", "N/A", "#N/A", "-", "None", "\\N", "TRUE", "wahr", "0", "", ""], start=1
            )
        ]
    ),
    "csv/names_null_true.csv": Expect(
        rows=[
            ("1", "Null", "Christopher"),
            ("2", "True", "Rachel"),
            ("3", "Nan", "Aye"),
            ("4", "O'Neil", "Sinéad"),
            ("5", "d'Artagnan", "Charles"),
            ("6", "X Æ A-12", "Musk"),
            ("7", "Li", ""),
            ("8", "", "Madonna"),
            ("9", "A", "B"),
        ]
    ),
    "csv/unicode_lookalikes.csv": Expect(
        rows=[
            ("1", "Paypal", "a@paypal.com"),
            ("2", "P\u0430ypal", "a@p\u0430ypal.com"),
            ("3", "Zo\u00eb", "z@x.de"),
            ("4", "Zoe\u0308", "z@x.de"),
            ("5", "Anna\u200bBerg", "anna@x.de"),
            ("6", "AnnaBerg", "anna@x.de"),
            ("7", "\u202egnp.exe", "rtl@x.de"),
            ("8", "\ufb01nn", "f@x.de"),
            ("9", "\uff21\uff22\uff23", "abc@x.de"),
            ("10", "\u0130stanbul", "i@x.tr"),
            ("11", "ISTANBUL", "i@x.tr"),
            ("12", "Straße", "s@x.de"),
            ("13", "STRASSE", "s@x.de"),
            ("14", "a\u00a0b", "nbsp@x.de"),
        ]
    ),
    "csv/emoji_zwj.csv": Expect(
        rows=[
            ("1", "👩\u200d👩\u200d👧\u200d👦 Family"),
            ("2", "🏳\ufe0f\u200d🌈"),
            ("3", "👍🏽"),
            ("4", "🇩🇪"),
            ("5", "é" + "\u0301" * 13),
        ]
    ),
    "csv/rtl_names.csv": Expect(rows=[("1", "محمد علي"), ("2", "שרה כהן"), ("3", "علی\u200cرضا")]),
    "csv/emails_edge.csv": Expect(
        rows=[
            ("1", "A@Example.com"),
            ("2", "a@example.com"),
            ("3", "a+tag@example.com"),
            ("4", '"very odd"@example.com'),
            ("5", "user@münchen.de"),
            ("6", "用户@例子.公司"),
            ("7", "a@b"),
            ("8", "a@@b.com"),
            ("9", "a@x.de; b@x.de"),
            ("10", "mailto:a@x.de"),
            ("11", "a@x.de\\r\\nBcc: v@x.de"),
            ("12", "a" * 250 + "@x.de"),
        ]
    ),
    "csv/dup_rows_exact.csv": Expect(rows=PEOPLE * 3),
    "csv/same_id_conflict.csv": Expect(rows=[("1", "Anna"), ("1", "Anna B."), (" 1 ", "Anna C."), ("１", "Anna D.")]),
    "csv/gdpr_art9_freetext.csv": Expect(
        rows=[
            ("1", "krank seit 3.5., Gewerkschaftsmitglied"),
            ("2", "IBAN DE89370400440532013000"),
            ("3", "card 4111 1111 1111 1111"),
            ("4", "password: hunter2"),
        ]
    ),
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


def test_every_file_of_the_manifest_has_an_expectation_here():
    with shared("torture", "MANIFEST.csv").open(encoding="utf-8") as stream:
        files = {row["file"] for row in csv.DictReader(stream)}

    assert files == set(EXPECTED)
    assert len(files) == 103


@pytest.mark.parametrize("file", EXPECTED)
def test_a_torture_file_gets_what_the_manifest_expects(file, tmp_path):
    expect = EXPECTED[file]
    path = shared("torture", file)

    began = time.monotonic()
    result = read(path, tmp_path / "out")
    took = time.monotonic() - began

    assert took <= expect.within
    assert result.peak_bytes, "the child died instead of answering"
    assert result.peak_bytes <= PEAK_BYTES
    if expect.refused:
        assert (result.refused.code, result.refused.place) == (expect.refused, expect.place or result.refused.place)
        assert result.refused.sentence.endswith(".")
        return
    assert result.reading.rows == len(result.rows)
    assert len(result.rows) == expect.rows if isinstance(expect.rows, int) else result.rows == expect.rows
    assert result.kept_out == expect.kept_out
    assert result.reading.quarantined == len({row for row, _ in expect.kept_out})
    assert set(result.questions) == expect.asked
    assert set(result.notices) == expect.told
    if expect.headings is not None:
        assert result.reading.headings == expect.headings
    if expect.suggestion is not None:
        assert expect.suggestion in [one.suggestion for one in result.reading.questions]
    if expect.encoding is not None:
        assert result.reading.encoding == expect.encoding


@pytest.mark.parametrize("seed", range(20))
def test_no_damage_to_a_torture_file_is_more_than_a_refusal(seed, tmp_path):
    """Bytes changed, lost, doubled and put in: twenty files a seed, each read or refused."""
    chance = random.Random(seed)
    files = [path for path in sorted(shared("torture").glob("*/*")) if path.stat().st_size < 4_000]
    for _ in range(20):
        content = bytearray(chance.choice(files).read_bytes())
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(content) + 1)
            put_in = [
                bytes([chance.randrange(256)]),
                b'"',
                b"\n",
                b",",
                b"\x00",
                b'\\"',
                bytes(content[max(0, at - 20) : at]),
            ]
            content[at : at + chance.choice([0, 1, 8])] = chance.choice(put_in)
        path = tmp_path / "damaged"
        path.write_bytes(content)
        with contextlib.suppress(Refused):  # anything else fails the test
            read_here(path, chance.choice(["a.csv", "a.xlsx", "a.ndjson"]), tmp_path, Choices(), Limits())
