"""The Chinese of the pages is whole: every sentence, every placeholder; and what is compiled says what is written."""

from __future__ import annotations

import ast
import gettext
import re
import struct
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import ascii_letters

import pytest
from django.conf import settings

HERE = Path(settings.BASE_DIR) / "locale" / "zh_Hans" / "LC_MESSAGES"
LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])? )?(".*")')
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0\- +]*\d*(?:\.\d+)?[" + ascii_letters + "]|%%")
TAG = re.compile(r"</?\w+[^>]*>")


@dataclass
class Entry:
    """One message of a .po file; `said` holds a text for each plural form."""

    flags: str = ""
    context: str | None = None
    one: str = ""
    many: str | None = None
    said: list[str] = field(default_factory=list)

    @property
    def named(self) -> str:
        """The key under which gettext compiles it."""
        return f"{self.context}\x04{self.one}" if self.context is not None else self.one


@cache
def entries() -> tuple[Entry, ...]:
    """Every message of the .po, the header left out."""
    blocks = (HERE / "django.po").read_text(encoding="utf-8").split("\n\n")
    return tuple(entry for entry in map(_read, blocks) if entry.one)


def _read(block: str) -> Entry:
    entry, part = Entry(), ""
    for line in block.splitlines():
        if line.startswith("#,"):
            entry.flags += line
        match = LINE.fullmatch(line)
        if match is None:
            assert line.startswith("#") or not line, f"this line of the .po cannot be read: {line}"
            continue
        word, _form, quoted = match.groups()
        text: str = ast.literal_eval(quoted)
        part = word or part
        if word == "msgstr":
            entry.said.append(text)
        elif part == "msgstr":
            entry.said[-1] += text
        elif part == "msgctxt":
            entry.context = (entry.context or "") + text
        elif part == "msgid_plural":
            entry.many = (entry.many or "") + text
        else:
            entry.one += text
    return entry


def test_the_file_of_translations_is_read_whole():
    written = (HERE / "django.po").read_text(encoding="utf-8")

    assert len(entries()) == len(re.findall(r"^msgid ", written, re.MULTILINE)) - 1 > 2000


def test_every_sentence_has_its_chinese():
    missing = [entry.one for entry in entries() if len(entry.said) != 1 or not entry.said[0].strip()]

    assert missing == []


def test_no_translation_is_a_guess_or_a_leaving():
    written = (HERE / "django.po").read_text(encoding="utf-8")

    assert [entry.one for entry in entries() if "fuzzy" in entry.flags] == []
    assert re.findall(r"^#~.*", written, re.MULTILINE) == []


@pytest.mark.parametrize("marks", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_every_translation_holds_the_marks_of_its_sentence(marks):
    """A form for many holds the number; the form for one may say it in words, and Chinese has one form for both."""
    wrong = [
        (entry.one, entry.said[0])
        for entry in entries()
        if set(marks.findall(entry.many or entry.one)) != set(marks.findall(entry.said[0]))
    ]

    assert wrong == []


def test_a_literal_per_cent_stays_doubled_where_the_sentence_is_filled_in():
    wrong = [
        entry.said[0]
        for entry in entries()
        if "python-format" in entry.flags and "%" in PLACEHOLDER.sub("", entry.said[0])
    ]

    assert wrong == []


def test_what_is_compiled_says_what_is_written():
    """So whoever has no msgfmt reads the same pages as who changed a word."""
    packed = (HERE / "django.mo").read_bytes()
    compiled = gettext.GNUTranslations((HERE / "django.mo").open("rb"))

    def said(entry: Entry) -> str:
        if entry.context is None:
            return compiled.ngettext(entry.one, entry.many, 1) if entry.many else compiled.gettext(entry.one)
        if entry.many:
            return compiled.npgettext(entry.context, entry.one, entry.many, 1)
        return compiled.pgettext(entry.context, entry.one)

    differing = [entry.named for entry in entries() if said(entry) != entry.said[0]]
    _magic, _version, kept = struct.unpack("<III", packed[:12])
    assert differing == [], "compile anew: msgfmt --check -o django.mo django.po"
    assert kept == len(entries()) + 1  # the header is one
