"""Damaged text: wrong decoding, control and invisible signs, turned direction, borrowed letters.

Names in Chinese, Japanese, Arabic, Cyrillic or with any diacritic are right as they are: only signs that no name
contains are looked for.
"""

import re
import unicodedata

import ftfy
import polars as pl

from dataquality.engine.faults import Verdict
from dataquality.engine.scripts import in_one_script, mixed_scripts

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_BIDI = r"[\u202a-\u202e\u2066-\u2069]"
_INVISIBLE = r"[\u200b\u2060-\u2064\ufeff\u180e]"
_JOINERS = r"[\u200c\u200d]"
# A lead byte of UTF-8 read as a letter, then a following byte read as a sign (Windows 1252, 1251 and Latin-1).
_TAIL = (
    r"\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c"
    r"\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178"
)
_LEAD = rf"[\u00c2-\u00f4][{_TAIL}]"
_CYRILLIC_LEAD = rf"[\u0420\u0421\u0413\u0412][\u0402\u0403\u0409-\u040f\u0452\u0453\u0459-\u045f{_TAIL}]"
_MISREAD = f"{_LEAD}|{_CYRILLIC_LEAD}"
_BORROWED = (
    r"[A-Za-z\u00c0-\u024f][\u0300-\u036f]*[\u0370-\u03ff\u0400-\u052f]|"
    r"[\u0370-\u03ff\u0400-\u052f][\u0300-\u036f]*[A-Za-z\u00c0-\u024f]"
)
# Every sign of these patterns is beyond ASCII but for the controls, so plain text is settled by the first byte class.
_SUSPECT = f"{_CONTROL}|\ufffd|{_BIDI}|{_INVISIBLE}|{_JOINERS}|{_MISREAD}|{_BORROWED}"

_JOINING = re.compile(r"[\u0600-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u18af\ufb50-\ufeff]")
_EMOJI = re.compile(r"[\u00a9\u00ae\u2190-\u2bff\u3030\u303d\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f]")
_UNDECODED = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    restore_byte_a0=True,
    replace_lossy_sequences=False,
    decode_inconsistent_utf8=True,
    fix_c1_controls=False,
    normalization=None,
)


def suspect_text(text: pl.Expr) -> pl.Expr:
    """May be damaged: everything else is certainly clean."""
    return text.str.contains(_SUSPECT)


def judge_text(text: str) -> Verdict | None:
    if "\ufffd" in text:
        return Verdict("charset_replacement")
    decoded = undecoded(text) if re.search(_MISREAD, text) else None
    if decoded:
        return Verdict("charset_mojibake", decoded)
    if re.search(_CONTROL, text):
        plain = re.sub(_CONTROL, "", text)
        return Verdict("charset_control", None if "\x1b" in text or not plain.strip() else plain)
    if re.search(_BIDI, text):
        return Verdict("charset_bidi", re.sub(_BIDI, "", text))
    invisible = re.sub(_INVISIBLE, "", _without_stray_joiners(text))
    if invisible != text:
        return Verdict("charset_invisible", invisible or None)
    if mixed_scripts(text):
        return Verdict("charset_mixed_script", in_one_script(text))
    return None


def undecoded(text: str) -> str | None:
    """The text that was meant where UTF-8 was read in another encoding and the way back is plain, else null."""
    mended = ftfy.fix_text(text, _UNDECODED)
    if mended == text or "\ufffd" in mended or re.search(_CONTROL, mended):
        return None
    if any(unicodedata.category(sign) in {"Cn", "Co"} for sign in mended):
        return None
    return mended


def _without_stray_joiners(text: str) -> str:
    """Joiners kept where a script or an emoji needs them: Persian علی‌رضا, families of emoji."""
    kept = []
    for at, sign in enumerate(text):
        if sign in "\u200c\u200d":
            before, after = text[at - 1 : at], text[at + 1 : at + 2]
            needed = (
                _JOINING.match(before)
                or _JOINING.match(after)
                or (_EMOJI.match(before) and _EMOJI.match(after))
                or (_EMOJI.match(after) and before and unicodedata.category(before) in {"So", "Sk", "Mn"})
            )
            if not needed:
                continue
        kept.append(sign)
    return "".join(kept)
