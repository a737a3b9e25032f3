"""Texts whose cells are dangerous, ambiguous or easily spoilt."""

from __future__ import annotations

from .terms import PEOPLE, Expect

EXPECTED: dict[str, Expect] = {
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
}
