"""vCard lines (RFC 6350, RFC 2426, vCard 2.1): unfolding, properties with their parameters, escapes.

Strict where a guess would change a value, and nothing is dropped silently: what cannot be read is told with its line.
"""

from __future__ import annotations

import codecs
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dataquality.intake.terms import Limits, printable

MEDIA = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})  # never needed, and the bulk of many files
NAME = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)")
SOFT = re.compile(r";\s*(?:encoding=)?quoted-printable\b", re.IGNORECASE)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
KINDS_21 = frozenset({"QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT"})


class Unreadable(ValueError):
    """A line that no rule of the format explains; the text is the end of a sentence about it."""


@dataclass(frozen=True)
class Property:
    """One property: its name in capitals, its parameters in capitals, and its value as written but decoded."""

    name: str
    kinds: frozenset[str]  # HOME, WORK, CELL, PREF …
    preference: int  # 1 the most preferred, 100 none stated
    value: str
    plain: bool  # 2.1: commas and line breaks have no escapes

    @property
    def text(self) -> str:
        return unescaped(self.value, self.plain)

    def parts(self) -> list[str]:
        """The components of a structured value; several texts in one are joined by a comma."""
        return [_joined(part, self.plain) for part in split(self.value, ";")]


def unfolded(lines: Iterable[str], limits: Limits) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first physical one; the inside of a picture is left out."""
    number, kept, soft = 0, "", False
    for at, raw in enumerate(lines, start=1):
        line = raw.rstrip("\r\n")
        if soft and kept:  # 2.1: a line of quoted-printable that ends in = goes on in the next, whatever begins that
            kept = kept[:-1] + line
        elif line[:1] in (" ", "\t") and kept:
            if _name_of(kept) not in MEDIA:
                kept += line[1:]
        else:
            if kept:
                yield number, kept
            number, kept = at, line
        soft = kept.endswith("=") and SOFT.search(kept.partition(":")[0]) is not None
        if len(kept) > limits.line_characters:
            raise Unreadable(f"is longer than {limits.line_characters:,} characters")
    if kept:
        yield number, kept


def parsed(line: str, version: str) -> Property:
    """One logical line; Unreadable where it is none."""
    head, colon, value = _parted(line)
    words = head.split(";") if '"' not in head else split(head, ";", quotes=True)
    found = NAME.fullmatch(words[0].strip())
    if not colon or found is None:
        raise Unreadable(f"(“{printable(line, 40)}”) is no “NAME:value”")
    kinds: set[str] = set()
    preference, coding, charset = 100, "", ""
    for word in words[1:]:
        key, equals, said = word.partition("=")
        key = key.strip().upper()
        if not equals:
            key, said = ("ENCODING", key) if key in KINDS_21 else ("TYPE", key)
        if key == "TYPE":
            kinds |= {one.strip().upper() for one in said.replace('"', "").split(",")}
        elif key == "PREF" and said.strip('"').isdecimal():
            preference = max(1, min(100, int(said.strip('"'))))
        elif key == "ENCODING":
            coding = said.upper()
        elif key == "CHARSET":
            charset = said.strip('"')
    name = found[1].upper()
    if coding == "QUOTED-PRINTABLE" and name not in MEDIA:
        value = _quoted(value, charset)
    if "PREF" in kinds:
        preference = min(preference, 1)
    return Property(name, frozenset(kinds - {"PREF"}), preference, value, version == "2.1")


def split(text: str, sign: str, *, quotes: bool = False) -> list[str]:
    """The text parted at each sign that is neither escaped nor, where asked for, between double quotes."""
    parts, start, at, quoted = [], 0, 0, False
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif quotes and text[at] == '"':
            quoted = not quoted
        elif text[at] == sign and not quoted:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return [*parts, text[start:]]


def unescaped(text: str, plain: bool = False) -> str:
    r"""\n is a line break, any other sign after a backslash is itself; 2.1 knows but \; and \: and \\."""
    if "\\" not in text:
        return text
    if plain:
        return re.sub(r"\\([;:,\\])", r"\1", text)
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def _joined(part: str, plain: bool) -> str:
    if plain or "," not in part:
        return unescaped(part, plain).strip()
    return ", ".join(one for each in split(part, ",") if (one := unescaped(each).strip()))


def _parted(line: str) -> tuple[str, str, str]:
    """Name and parameters, the colon, the value; a colon between double quotes belongs to a parameter."""
    quoted = False
    for at, sign in enumerate(line):
        if sign == '"':
            quoted = not quoted
        elif sign == ":" and not quoted:
            return line[:at], ":", line[at + 1 :]
    return line.partition(":")


def _name_of(line: str) -> str:
    found = NAME.match(line)
    return found[1].upper() if found else ""


def _quoted(value: str, charset: str) -> str:
    try:
        coding = codecs.lookup(charset or "utf-8").name
        return quopri.decodestring(value.encode("ascii")).decode(coding)
    except LookupError:
        raise Unreadable(f"names the character set “{printable(charset, 40)}”, which is not known here") from None
    except UnicodeError:
        raise Unreadable("is quoted-printable that does not decode") from None
