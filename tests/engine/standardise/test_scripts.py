"""Names in every script: read, told apart, put in Latin letters, and kept as they are written."""

import pytest

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise.romanise import romanised, split_family
from tests.engine.standardise.read import column, people

FULL = [
    # as written, family, given, native
    ("王小明", "wang", "xiaoming", "王 小明"),
    ("歐陽修", "ouyang", "xiu", "歐陽 修"),
    ("陈 伟", "chen", "wei", "陈 伟"),
    ("陳大文先生", "chen", "dawen", "陳 大文"),
    ("单田芳", "shan", "tianfang", "单 田芳"),
    ("김민수", "kim", "minsu", "김 민수"),
    ("남궁민수", "namgung", "minsu", "남궁 민수"),
    ("田中 さくら", "tanaka", "sakura", "田中 さくら"),
    ("佐々木希", "sasaki", "xi", "佐々木 希"),
    ("Иван Петров", "petrov", "ivan", "петров иван"),
    ("Щербаков Юрий Алексеевич", "shcherbakov", "yuriy alekseevich", "щербаков юрий алексеевич"),
    ("Наталія Коваленко", "kovalenko", "nataliya", "коваленко наталія"),
    ("Γιώργος Παπαδόπουλος", "papadopoulos", "giorgos", "παπαδοπουλοσ γιωργοσ"),
    ("محمد الخوري", "alkhoury", "mohammed", "الخوري محمد"),
    ("فاطمة حسن", "hassan", "fatima", "حسن فاطمة"),
    ("דוד לוי", "lvy", "dvd", "לוי דוד"),
    ("राहुल शर्मा", "sharma", "rahul", "शर्मा राहुल"),
    ("გიორგი ბერიძე", "beridze", "giorgi", "ბერიძე გიორგი"),
    ("Արամ Խաչատրյան", "khachatryan", "aram", "խաչատրյան արամ"),
]


@pytest.mark.parametrize(("written", "family", "given", "native"), FULL)
def test_a_full_name_is_told_apart_in_its_own_script(written, family, given, native):
    read = column(Kind.PERSON, written)

    assert (read["family"], read["given"], read["native"]) == ([family], [given], [native])


@pytest.mark.parametrize(
    ("written", "same"),
    [
        (("小明", "王"), ("Xiaoming", "Wang")),
        (("小明", "王"), ("Xiao Ming", "WANG")),
        (("小明", "王"), ("Xiao-ming", "Wang")),
        (("민수", "김"), ("Min-su", "Kim")),
        (("太郎", "鈴木"), ("太郎", "Suzuki")),
        (("Сергей", "Кузнецов"), ("Sergey", "Kuznetsov")),
        (("محمد", "علي"), ("Mohammed", "Ali")),
        (("Ελένη", "Νικολάου"), ("Eleni", "Nikolaou")),
        (("Łukasz", "Wójcik"), ("Lukasz", "Wojcik")),
        (("Đặng", "Nguyễn"), ("Dang", "Nguyen")),
        (("Gökçe", "Yıldız"), ("Gokce", "Yildiz")),
        (("Søren", "Æbelø"), ("Soren", "Aebelo")),
        (("Ağca", "İnanç"), ("AGCA", "INANC")),
        (("Sigríður", "Þórðardóttir"), ("Sigridur", "Thordardottir")),
        (("RafaÅ‚", "KoÅ›cioÅ‚ek"), ("Rafał", "Kościołek")),
        (("Ren\u0065\u0301", "Mu\u0308ller"), ("René", "Müller")),
        (("Ｊｏｈｎ", "Ｓｍｉｔｈ"), ("John", "Smith")),
    ],
)
def test_one_name_in_two_spellings_is_one(written, same):
    one, other = people(written), people(same)

    assert (one["first"], one["family"]) == (other["first"], other["family"])


def test_a_name_in_latin_letters_has_no_native_form_and_a_mixed_pair_has_one():
    assert people(("Zoë", "Müller"), ("Anna", "Петрова"))["native"] == [None, "петрова"]


@pytest.mark.parametrize(
    ("written", "latin"),
    [
        ("しょうた", "shouta"),
        ("ナタリー", "natari"),
        ("김", "gim"),
        ("প্রিয়া", "priya"),
        ("щука", "shchuka"),
        ("μπαμπησ", "babis"),
        ("عبدالله", "abdullah"),
        ("plain", "plain"),
    ],
)
def test_letters_are_read_as_they_sound(written, latin):
    assert romanised(written) == latin


def test_nothing_is_dropped_for_want_of_a_table():
    for written in ("สมชาย", "ꦗꦮ", "ᚠᚢᚦ", "ሰላም", "தமிழ்", "ⵜⵉⴼ", "𐎀𐎁"):
        assert column(Kind.PERSON, written)["native"] == [written]
        assert column(Kind.FAMILY, written)["family"][0]
        assert column(Kind.COMPANY, written)["name"][0]
        assert column(Kind.CITY, written)["name"][0]


def test_a_chinese_name_without_a_known_family_stays_whole():
    assert split_family("魑魅魍") is None
    assert column(Kind.PERSON, "魑魅魍")["family"] == ["chimeiwang"]
