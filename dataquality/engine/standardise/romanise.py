"""Names in other scripts in Latin letters: families and given names that a table knows, else letter by letter."""

import re
import unicodedata
from functools import cache, lru_cache

from pypinyin import Style, lazy_pinyin

from dataquality.engine.standardise.facts import table

HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HANGUL = "\u1100-\u11ff\uac00-\ud7af"
KANA = "\u3040-\u30ff"
_IS_HAN = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_WORD = re.compile(r"\w+")

_CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџқңғүұһәө",
        "a b v g d e z i y k l m n o p r s t u f kh ts ch sh shch".split()
        + ["", "y", "", "e", "yu", "ya", "i", "yi", "ye", "g", "u", "j", "lj", "nj", "c", "dj", "dz"]
        + ["k", "n", "g", "u", "u", "h", "a", "o"],
        strict=True,
    )
) | {"ж": "zh"}
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        "a v g d e z i th i k l m n x o p r s t y f ch ps o".split(),
        strict=True,
    )
)
_GREEK_PAIRS = (("ου", "ou"), ("αυ", "av"), ("ευ", "ev"), ("γγ", "ng"), ("γκ", "gk"), ("μπ", "b"), ("ντ", "nt"))
_ARABIC = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءپچژگکیے",
        "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y a a".split()
        + ["", "p", "ch", "zh", "g", "k", "y", "e"],
        strict=True,
    )
)
_HEBREW = dict(
    zip(
        "אבגדהוזחטיכךלמםנןסעפףצץקרשת",
        "a b g d h v z h t y k k l m m n n s a p p ts ts k r sh t".split(),
        strict=True,
    )
)
_ARMENIAN = dict(
    zip(
        "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
        "a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o f".split(),
        strict=True,
    )
)
_GEORGIAN = dict(
    zip(
        "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
        "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h".split(),
        strict=True,
    )
)
_LETTERS = _CYRILLIC | _GREEK | _ARABIC | _HEBREW | _ARMENIAN | _GEORGIAN

# Revised Romanisation of Korean, by the place of a letter in its syllable.
_INITIALS = "g kk n d tt r m b pp s ss _ j jj ch k t p h".replace("_", "").split(" ")
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_FINALS = ["", *"k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()]


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
    for pair, latin in _GREEK_PAIRS:
        word = word.replace(pair, latin)
    if word.startswith("μπ"):
        word = "b" + word[2:]
    return "".join(_letter(sign) for sign in word) or word


def _letter(sign: str) -> str:
    if sign.isascii():
        return sign
    known = _LETTERS.get(sign)
    if known is not None:
        return known
    if "\uac00" <= sign <= "\ud7a3":
        initial, rest = divmod(ord(sign) - 0xAC00, 588)
        vowel, final = divmod(rest, 28)
        return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]
    return _by_name(sign)


@lru_cache(maxsize=8_192)
def _by_name(sign: str) -> str:
    """The Unicode name of a letter ends in its sound: HIRAGANA LETTER KA, DEVANAGARI LETTER BHA, DEVANAGARI SIGN I."""
    name = unicodedata.name(sign, "")
    found = re.search(r"(?:LETTER(?: SMALL)?|VOWEL SIGN|VOWEL) ([A-Z]+)$", name)
    if found:
        sound = found[1].lower()
        return {"prolonged": "", "tu": "tsu"}.get(sound, sound)
    thai = re.search(r"THAI CHARACTER (?:SARA )?([A-Z])", name)
    if thai:
        return thai[1].lower()
    return "" if unicodedata.category(sign).startswith("M") else sign
