"""Damaged text is found, and no real name is called damaged."""

import ftfy
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.engine.rules.charset import judge_text, suspect_text, undecoded

NAMES = (
    "王小明 张伟 欧阳娜娜 陳大文 山田太郎 ヤマダ タロウ 김민수 محمد_علي علی‌رضا שרה_כהן Александр Ольга "
    "Щербаков Άννα Γιώργος Müller Zoë Sinéad O'Neil d'Artagnan Łukasz Đặng Nguyễn_Thị Þór Åse İstanbul "
    "Straße Çelik São_Paulo Côte_d’Ivoire Ñandú Æ X_Æ_A-12 Null True Nan Ağaoğlu Žižek अनिल සමන් กมล ກຸງ "
    "ሀብታሙ Արամ გიორგი ÉCOLE À_LA_CARTE «Ромашка» ООО_«Рога_и_копыта» АО_ВТБ24 ＡＢＣ ﬁnn 株式会社ＡＢＣ "
    "京都府 Ⅷ № ™ ½ €5 👩‍👩‍👧‍👦_Family 🏳️‍🌈 👍🏽 🇩🇪 é́́́ Яndex Ås_Á Voilà_! «École»_été 10°C µm Ωmega "
    "ПО_1С "
)


@pytest.mark.parametrize("name", [name.replace("_", " ") for name in NAMES.split()])
def test_a_real_name_is_never_faulted_for_its_script_or_signs(name):
    assert judge_text(name) is None


@pytest.mark.parametrize(
    ("text", "code", "suggestion"),
    [
        ("MÃ¼ller", "charset_mojibake", "Müller"),
        ("JosÃ© GarcÃ\xada", "charset_mojibake", "José García"),
        ("MÃƒÂ¼ller", "charset_mojibake", "Müller"),
        ("Itâ€™s", "charset_mojibake", "It’s"),
        ("çŽ‹å°\x8fæ˜Ž", "charset_mojibake", "王小明"),
        ("Ð\x90Ð½Ð½Ð°", "charset_mojibake", "Анна"),
        ("M\ufffdller", "charset_replacement", None),
        ("An\x00na", "charset_control", "Anna"),
        ("A\x07\x08\x1b[31mred", "charset_control", None),
        ("B\x7f\x85", "charset_control", "B"),
        ("\u202egnp.exe", "charset_bidi", "gnp.exe"),
        ("Anna\u200bBerg", "charset_invisible", "AnnaBerg"),
        ("\ufeffid", "charset_invisible", "id"),
        ("An\u200dna", "charset_invisible", "Anna"),
        ("Pаypal", "charset_mixed_script", "Paypal"),
        ("Mосква", "charset_mixed_script", "Москва"),
    ],
)
def test_damage_is_named_and_mended_where_that_is_plain(text, code, suggestion):
    assert judge_text(text) == (code, suggestion)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=20))
def test_whatever_the_judge_faults_the_fast_pattern_suspects(text):
    suspected = pl.DataFrame({"text": [text]}).select(suspect_text(pl.col("text"))).item()

    assert suspected or judge_text(text) is None


LETTERS = st.characters(categories=["Lu", "Ll"], min_codepoint=0xC0, max_codepoint=0x24F)


@given(st.text(LETTERS, min_size=2, max_size=12))
def test_what_is_mended_is_what_was_meant_and_good_text_stays(name):
    damaged = name.encode().decode("sloppy-windows-1252")

    assert undecoded(damaged) in {None, name} or ftfy.fix_encoding(name) != name
    assert undecoded(name) is None or ftfy.fix_encoding(name) != name
