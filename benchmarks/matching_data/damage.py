"""What typing, importing and guessing do to a record: typos, wrong case, lost accents, broken encodings, fillers."""

from __future__ import annotations

import numpy as np
import polars as pl
from text_unidecode import unidecode  # type: ignore[import-untyped]

NEAR = {
    "a": "qsz", "b": "vnh", "c": "xvd", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gjy", "i": "uok",
    "j": "hku", "k": "jli", "l": "kop", "m": "nj", "n": "bmh", "o": "ipl", "p": "ol", "q": "wa", "r": "etf",
    "s": "adw", "t": "ryg", "u": "yij", "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "xas",
    "0": "9", "1": "2", "2": "13", "3": "24", "4": "35", "5": "46", "6": "57", "7": "68", "8": "79", "9": "80",
}  # fmt: skip
SOUNDS = (("ph", "f"), ("ck", "k"), ("th", "t"), ("ll", "l"), ("nn", "n"), ("ss", "s"), ("ie", "ei"), ("y", "i"),
          ("c", "k"), ("tz", "z"), ("ee", "ea"), ("ai", "ay"), ("sch", "sh"), ("oe", "o"), ("dt", "t"))  # fmt: skip
FILLERS = ("n/a", "-", "unknown", "test", "none", "xxx", ".")
# Share of the first and of further records of a person that have a typo in the column.
TYPOS = {"first_name": (0.012, 0.05), "last_name": (0.014, 0.06), "email": (0.004, 0.02), "phone": (0.004, 0.02),
         "company": (0.01, 0.04), "street": (0.01, 0.05), "city": (0.006, 0.03), "postcode": (0.004, 0.02)}  # fmt: skip
NAMES = ("first_name", "last_name", "company", "street", "city")


def damaged(frame: pl.DataFrame, again: np.ndarray, source: np.ndarray, dice: np.random.Generator) -> pl.DataFrame:
    """The frame with faults put in; `source` 1 is a bought list, 3 a colleague in a hurry."""
    n = len(frame)
    columns = {name: frame[name].to_list() for name in TYPOS}
    for name, (first, further) in TYPOS.items():
        values = columns[name]
        for at in np.flatnonzero(dice.random(n) < np.where(again, further, first)):
            if values[at]:
                values[at] = typo(values[at], dice)
    flat = np.flatnonzero(dice.random(n) < np.where(source == 1, 0.22, 0.06))
    german = dice.random(n) < 0.5
    for at in flat:
        for name in NAMES:
            text = columns[name][at]
            if text and not text.isascii() and text[0] < "\u0370":
                columns[name][at] = _without_accents(text, bool(german[at]))
    for at in np.flatnonzero(dice.random(n) < 0.02):
        for name in NAMES:
            columns[name][at] = misread(columns[name][at])
    for at in np.flatnonzero(dice.random(n) < 0.006):
        name = ("first_name", "last_name", "company", "phone", "city", "postcode")[int(dice.integers(0, 6))]
        columns[name][at] = FILLERS[int(dice.integers(0, len(FILLERS)))]
    case = pl.Series("case", dice.random(n))
    upper = pl.Series("upper", np.where(source == 1, 0.12, 0.02))
    lower = pl.Series("lower", np.where(source == 0, 0.88, 0.98))
    return frame.with_columns(**{name: pl.Series(values, dtype=pl.String) for name, values in columns.items()}).select(
        pl.exclude(*NAMES),
        *(
            pl.when(case < upper).then(pl.col(name).str.to_uppercase())
            .when(case > lower).then(pl.col(name).str.to_lowercase()).otherwise(name).alias(name)
            for name in NAMES
        ),
    )  # fmt: skip


def typo(text: str, dice: np.random.Generator) -> str:
    """One slip: a neighbouring key, a letter dropped, doubled or swapped, or the word as it sounds."""
    kind, at = int(dice.integers(0, 6)), int(dice.integers(0, len(text)))
    if kind == 0 and text[at].lower() in NEAR:
        near = NEAR[text[at].lower()]
        letter = near[int(dice.integers(0, len(near)))]
        return text[:at] + (letter.upper() if text[at].isupper() else letter) + text[at + 1 :]
    if kind == 1 and len(text) > 2:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + text[at] + text[at:]
    if kind == 3 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 4:
        fitting = [pair for pair in SOUNDS if pair[0] in text]
        if fitting:
            heard = fitting[int(dice.integers(0, len(fitting)))]
            return text.replace(*heard, 1)
    return text[:at] + text[at + 1 :] if len(text) > 3 else text + " "


def _without_accents(text: str, german: bool) -> str:
    if german:
        text = text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    return str(unidecode(text))


def misread(text: str | None) -> str | None:
    """UTF-8 read as Windows-1252, where that is possible at all."""
    if not text or text.isascii():
        return text
    try:
        return text.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return text
