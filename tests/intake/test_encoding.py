"""The judge of legacy encodings, on names, places and headings that CRM exports hold."""

from __future__ import annotations

import pytest

from dataquality.intake.encoding import damaged_utf8, judge

TEXTS = {
    "cp1252": [
        "Müller,Zoë O’Brien,François Lefèvre",
        "João Conceição,São Paulo",
        "Øystein Håkonsen,Tromsø",
        "Preis: 5 €",
    ],
    "cp1250": ["Dvořák,Plzeň,Němec", "Łukasz Żółć,Gdańsk,Łódź", "Škoda,Kovács Győző"],
    "cp1251": ["Иван Петров,Москва", "Имя,Телефон,Город", "Олександр Шевченко,Київ"],
    "koi8_r": ["Иван Петров,Москва", "Анна Смирнова,Санкт-Петербург"],
    "cp1253": ["Γιώργος Παπαδόπουλος,Αθήνα"],
    "cp1254": ["Şişli,Çağrı Yıldız,İstanbul"],
    "cp1256": ["محمد علي,القاهرة"],
    "gb18030": ["张伟,上海市", "客户名称,联系人,电话", "欧阳娜娜,浙江省杭州市西湖区", "龙芯中科技术股份有限公司"],
    "cp950": ["許功蓋,高雄市", "客戶名稱,聯絡人", "臺北市信義區,王小明"],
    "cp932": ["山田太郎,東京都", "株式会社ソニー,ｶﾅ", "ソ十表予,大阪府", "鈴木 一郎"],
    "cp949": ["김철수,서울", "홍길동,부산광역시", "주식회사 삼성전자,담당자"],
    "euc_jp": ["山田太郎,東京都", "株式会社ソニー"],
}
CASES = [(encoding, text) for encoding, texts in TEXTS.items() for text in texts]


@pytest.mark.parametrize(("encoding", "text"), CASES)
def test_the_judge_ranks_the_right_encoding_first(encoding, text):
    guess = judge(f"1,{text}\n".encode(encoding))

    assert guess.ranked[0] == encoding


@pytest.mark.parametrize(("encoding", "text"), [case for case in CASES if case[0] != "cp1252"])
def test_nothing_but_western_text_is_accepted_without_a_question(encoding, text):
    assert not judge(f"1,{text}\n".encode(encoding)).is_plain_latin


@pytest.mark.parametrize(("encoding", "text"), CASES)
def test_legacy_text_is_not_taken_for_damaged_utf_8(encoding, text):
    assert not damaged_utf8(f"1,{text}\n".encode(encoding))


@pytest.mark.parametrize("text", ["Müller", "李小龍", "Иван Петров", "👩‍👩‍👧"])
def test_utf_8_with_a_few_broken_bytes_is_known_as_such(text):
    assert damaged_utf8(f"{text}\n{text}\n".encode() + b"\xff\n")
    assert damaged_utf8(f"{text}\n{text}".encode()[:-1])
