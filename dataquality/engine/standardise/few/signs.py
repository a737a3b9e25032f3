"""The patterns of the columns' way, as Python's own expressions: the same signs in every class."""

import re
import string
import unicodedata
from functools import cache

import polars as pl

_EVERY = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
_ASCII = {"L": "a-zA-Z", "N": "0-9", "Latin": "a-zA-Z", "s": "\t-\r ", "w": "0-9A-Z_a-z"}
_NOTHING = "\U0010ffff"  # no character of any text: what a class of other scripts is among plain letters
WHITE = "".join(re.findall(r"\s", _EVERY)).translate(dict.fromkeys(range(0x1C, 0x20)))  # as Unicode has it
_TOKEN = re.compile(r"\\p\{(\w+)\}|\\([swbS])|\\.|\[\^?|\]|\$|.", re.DOTALL)


@cache
def _members(name: str) -> str:
    """The inside of a class with every character of a category or script, as the columns' way counts them."""
    wanted = rf"\{name}+" if name in {"s", "w"} else rf"\p{{{name}}}+"
    runs = pl.Series([_EVERY]).str.extract_all(wanted).to_list()[0]
    return "".join(f"{re.escape(run[0])}-{re.escape(run[-1])}" for run in runs)


@cache
def _translated(pattern: str, *, ascii_only: bool) -> re.Pattern[str]:
    """A pattern of Rust's kind for Python; for plain ASCII its classes are short."""

    def members(name: str) -> str:
        return _ASCII.get(name, _NOTHING) if ascii_only else _members(name)

    said: list[str] = []
    inside = False
    for token in _TOKEN.finditer(pattern):
        text, name = token[0], token[1] or token[2]
        if text in {"[", "[^"} and not inside:
            inside = True
        elif text == "]":
            inside = False
        elif text == "$" and not inside:
            text = r"\Z"
        elif name == "b":
            word = members("w")
            text = f"(?:(?<![{word}])(?=[{word}])|(?<=[{word}])(?![{word}]))"
        elif name == "S":
            text = f"[^{members('s')}]"
        elif name:
            text = members(name) if inside else f"[{members(name)}]"
        said.append(text)
    return re.compile("".join(said))


@cache
def _python(replacement: str) -> str:
    return re.sub(r"\$\{?(\d)\}?", r"\\g<\1>", replacement.replace("\\", r"\\"))


def pattern_of(pattern: str, text: str) -> re.Pattern[str]:
    """The expression that finds in this text what the pattern finds."""
    return _translated(pattern, ascii_only=text.isascii())


def replaced(text: str, pattern: str, by: str, *, once: bool = False) -> str:
    """Every place of a pattern, or the first, with something else in it."""
    return pattern_of(pattern, text).sub(_python(by), text, count=1 if once else 0)


def has(text: str, pattern: str) -> bool:
    return pattern_of(pattern, text).search(text) is not None


def group(text: str, pattern: str, number: int = 1) -> str | None:
    """A group of the first place; None where there is no place, or the group takes no part in it."""
    found = pattern_of(pattern, text).search(text)
    return found[number] if found else None


def is_known(text: str) -> bool:
    """Whether Python has heard of every character: the columns' way knows a newer Unicode."""
    return text.isascii() or not any(unicodedata.category(sign) == "Cn" for sign in text if sign not in _PLAIN)


_PLAIN = frozenset(string.printable)
