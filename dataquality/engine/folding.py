"""One form for values that differ only in how they are written."""

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Without case, spaces and punctuation, in one Unicode form; `GTX Pro` and `gtx-pro` fold alike.

    Signs that are the whole of a value are kept, so that `+` and `-` or `C++` and `C#` stay different.
    """
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    plain = plain.replace("++", "plusplus").replace("#", "sharp")
    return _NOT_WORD.sub("", plain) or plain.strip()


def digits_of(text: str) -> tuple[str, ...]:
    """The runs of digits: values that differ in a figure are different things, not misspellings."""
    return tuple(_DIGITS.findall(text))


def is_alphabetic_script(text: str) -> bool:
    """Words of letters, where one edit is a slip; in Chinese or Japanese one sign more is another word."""
    return not re.search(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]", text)
