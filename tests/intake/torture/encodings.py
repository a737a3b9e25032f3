"""Texts in the alphabets of the world, as they are written and as they are damaged."""

from __future__ import annotations

from .terms import Expect, people

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
}
