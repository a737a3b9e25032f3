"""Names in other scripts in Latin letters: families and given names that a table knows, else letter by letter."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

import polars as pl
from pypinyin import Style, lazy_pinyin

from dataquality.engine.standardise.facts import facts, table
from dataquality.engine.standardise.text import put

HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HANGUL = "\u1100-\u11ff\uac00-\ud7af"
KANA = "\u3040-\u30ff"
_IS_HAN = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_WORD = re.compile(r"\S+")
_INDIC_CONSONANT = re.compile(r"^(?:DEVANAGARI|BENGALI|GURMUKHI|GUJARATI) LETTER [B-DF-HJ-NP-TV-Z][A-Z]*A$")
_KANA = {"si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu"}
_SCRIPTS = ("cyrillic", "greek", "arabic", "hebrew", "armenian", "georgian")


def in_latin(names: pl.Series, spell: Callable[[str], str]) -> pl.Series:
    """Distinct folded texts, those of other scripts as `spell` writes them."""
    foreign = is_foreign(names)
    if not foreign.any():
        return names
    return put(names, foreign.arg_true(), pl.Series([spell(name) for name in names.filter(foreign)], dtype=pl.String))


def is_foreign(names: pl.Series) -> pl.Series:
    """Whether a folded text has letters that are not Latin; false where it is null."""
    return names.str.contains(r"[^\p{Latin}\p{Common}\p{Inherited}]").fill_null(value=False)


@cache
def _letters_of(*scripts: str) -> dict[str, str]:
    pairs = (pair.split() for script in scripts for pair in facts("letters")[script].split(","))
    return {pair[0]: pair[1] if len(pair) > 1 else "" for pair in pairs}


@cache
def _korean(place: str) -> list[str]:
    return ["" if sound == "-" else sound for sound in facts("letters")[f"korean_{place}"].split()]


@lru_cache(maxsize=262_144)
def romanised(text: str) -> str:
    """Folded text in Latin letters, the words of a known name as the table spells them; never empty for letters."""
    if text.isascii():
        return text
    return " ".join(_WORD.sub(lambda word: _word(word[0]), _spaced_han(text)).split())


@lru_cache(maxsize=65_536)
def pinyin(text: str) -> str:
    """Chinese signs as one word of pinyin without tones."""
    return "".join(lazy_pinyin(text, style=Style.NORMAL, v_to_u=False, errors="ignore"))


def has_han(text: str) -> bool:
    return _IS_HAN.search(text) is not None


@cache
def chinese_families() -> dict[str, str]:
    """Family names of one and two signs and how they are spelt."""
    return table("chinese_families")


@cache
def korean_families() -> dict[str, str]:
    return table("korean_families")


@cache
def japanese_families() -> dict[str, str]:
    return table("japanese_families")


@cache
def arabic_names() -> dict[str, str]:
    return table("arabic_names")


def split_family(text: str) -> tuple[str, str] | None:
    """Family and given name of a name written without a space in Chinese, Korean or Japanese signs; null if neither.

    Japanese families are tried first where they are longer than a Chinese one would be.
    """
    if re.fullmatch(f"[{HAN}{KANA}]{{2,7}}", text):
        for length in (4, 3, 2):
            if len(text) > length and text[:length] in japanese_families():
                return text[:length], text[length:]
        length = 2 if len(text) > 2 and text[:2] in chinese_families() else 1
        return (text[:length], text[length:]) if text[:length] in chinese_families() and len(text) <= 4 else None
    if re.fullmatch(r"[\uac00-\ud7af]{2,5}", text):
        length = 2 if len(text) > 3 and text[:2] in korean_families() else 1
        return text[:length], text[length:]
    return None


def romanised_family(text: str) -> str:
    """A family name as its bearers spell it, where a table knows it."""
    for known in (japanese_families(), chinese_families(), korean_families()):
        if text in known:
            return known[text]
    return romanised(text)


def _spaced_han(text: str) -> str:
    return _HAN_RUN.sub(lambda run: f" {pinyin(run[0]) or run[0]} ", text) if has_han(text) else text


def _word(word: str) -> str:
    if word.isascii():
        return word
    known = arabic_names().get(word)
    if known:
        return known
    if word.startswith("ال") and len(word) > 3:  # the article, written in one with its name
        rest = word[2:]
        return "al" + (arabic_names().get(rest) or _letters(rest))
    return _letters(word)


def _letters(word: str) -> str:
    for pair, latin in _letters_of("greek_pairs").items():
        word = word.replace(pair, latin)
    said = ""
    for sign in word:
        said = _joined(said, sign)
    if said.endswith("a") and _INDIC_CONSONANT.search(unicodedata.name(word[-1], "")):
        said = said[:-1]  # the vowel that every consonant carries is silent at the end
    return said or word


def _joined(said: str, sign: str) -> str:
    """What has been said, and one more letter, which may change the end of it."""
    known = sign if sign.isascii() else _letters_of(*_SCRIPTS).get(sign)
    if known is not None:
        return said + known
    if "\uac00" <= sign <= "\ud7a3":
        initial, rest = divmod(ord(sign) - 0xAC00, 588)
        vowel, final = divmod(rest, 28)
        return said + _korean("initials")[initial] + _korean("vowels")[vowel] + _korean("finals")[final]
    return _joined_by_name(said, sign, unicodedata.name(sign, ""))


def _joined_by_name(said: str, sign: str, name: str) -> str:
    """The Unicode name of a letter ends in its sound: HIRAGANA LETTER KA, DEVANAGARI VOWEL SIGN II."""
    if found := re.search(r"VOWEL SIGN (?:VOCALIC )?([A-Z]+)$", name):
        return said.removesuffix("a") + re.sub(r"(.)\1+", r"\1", found[1].lower())
    if name.endswith("VIRAMA"):
        return said.removesuffix("a")
    if name.endswith("ANUSVARA"):
        return said + "n"
    if small := re.search(r"(?:HIRAGANA|KATAKANA) LETTER SMALL Y([AUO])$", name):  # しょ is sho, きょ is kyo
        stem = said.removesuffix("i")
        return stem + ("" if stem.endswith(("sh", "ch", "j")) else "y") + small[1].lower()
    if found := re.search(r"(?:HIRAGANA|KATAKANA) LETTER ([A-Z]+)$", name):
        return said + _KANA.get(found[1].lower(), found[1].lower())
    if found := re.search(r"THAI CHARACTER (?:SARA )?([A-Z])", name):
        return said + found[1].lower()
    if found := re.search(r"LETTER ([A-Z]+)$", name):
        return said + re.sub(r"([AEIOU])\1+", r"\1", found[1]).lower()
    return said if unicodedata.category(sign)[0] in "MP" or "KATAKANA" in name else said + sign
