"""Settle the encoding of a text file: by its mark, by strict UTF-8, by a person, or by a guess that is asked about."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from dataquality.intake import encoding as codings
from dataquality.intake.terms import Choices, Limits, Question, Refused, printable

from .sink import Notes

# Encodings of text files; Python knows others too, which are none (punycode, unicode_escape, rot13).
FAMILIES = re.compile(r"utf-(?:8|16|32)|ascii|iso8859|cp\d|gb|big5|hz|shift_jis|euc|johab|koi8|mac|tis|kz|ptcp")
PRINTABLE = bytes(range(32, 126))


def find_encoding(
    path: Path, choices: Choices, limits: Limits, notes: Notes, questions: list[Question]
) -> codings.Survey:
    marked, skip = codings.bom(path)
    if choices.encoding is not None:
        return codings.survey(path, _known(choices.encoding), skip if marked else 0, limits)
    if marked is not None:
        seen = codings.survey(path, marked, skip, limits)
        return _tell_undecodable(seen, notes)
    wide = codings.wide_without_mark(path)
    if wide is not None:
        questions.append(_ask_encoding([wide, "utf-16-be" if wide == "utf-16-le" else "utf-16-le"]))
        return codings.survey(path, wide, 0, limits)
    if codings.looks_binary(path):
        raise Refused("not_text", codings.NO_TEXT)
    seen = codings.survey(path, "utf-8", 0, limits)
    if not seen.undecodable_bytes or codings.damaged_utf8(seen.odd_sample):
        return _tell_undecodable(seen, notes)
    guess = codings.judge(seen.odd_sample)
    if not guess.ranked:
        raise Refused(
            "encoding",
            f"The file is not UTF-8 (first at byte {seen.undecodable[0]:,}) nor in any encoding known here: save it as "
            "CSV UTF-8 and upload it again.",
            f"byte {seen.undecodable[0]:,}",
        )
    best = guess.ranked[0]
    if guess.is_plain_latin:
        notes.add("encoding_cp1252", "The file is not UTF-8; it was read as Windows Western (cp1252).")
    else:
        questions.append(_ask_encoding(guess.ranked))
    return codings.survey(path, best, 0, limits)


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding)
        is_wide = name.name.startswith(("utf-16", "utf-32"))
        if not FAMILIES.match(name.name) or not (is_wide or PRINTABLE.decode(encoding) == PRINTABLE.decode("ascii")):
            raise LookupError(encoding)
    except (LookupError, UnicodeError):
        raise Refused(
            "encoding",
            f"“{printable(encoding)}” is no encoding known here: choose utf-8, cp1252 or gb18030, for example.",
        ) from None
    return {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(name.name, name.name)


def _ask_encoding(ranked: list[str]) -> Question:
    return Question(
        "encoding",
        f"The file is not UTF-8 and does not say what it is; it was read as {ranked[0]}. Are the names below right? "
        "If not, choose another encoding, or save the file as CSV UTF-8.",
        [*ranked, "utf-8"],
        ranked[0],
    )


def _tell_undecodable(seen: codings.Survey, notes: Notes) -> codings.Survey:
    if seen.undecodable_bytes:
        notes.add(
            "damaged_encoding",
            f"Bytes that are not valid {seen.encoding.upper()}: {seen.undecodable_bytes:,}, the first at byte "
            f"{seen.undecodable[0]:,}; the rows that hold them were kept out.",
        )
    return seen
