"""How words go wrong on their way into a CRM, and how they become addresses."""

from __future__ import annotations

import unicodedata
from random import Random

from crm_adoption.plan.sample.words import PINYIN

_PLAIN = str.maketrans({"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue", "ł": "l", "Ł": "l", "ø": "o", "œ": "oe", "'": ""})


def ascii_word(text: str) -> str:
    """Lower-case ASCII letters and digits of a word; Chinese names by their sound."""
    if text in PINYIN:
        return PINYIN[text]
    plain = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def mailbox(given: str, family: str) -> str:
    return f"{ascii_word(given)}.{ascii_word(family)}"


def mojibake(text: str) -> str:
    """UTF-8 read as Windows-1252, as an import wizard with the wrong setting writes it."""
    return text.encode("utf-8").decode("cp1252", errors="replace")


def misspelt(text: str, dice: Random) -> str:
    """Two neighbouring letters exchanged, or one lost."""
    places = [n for n in range(1, len(text) - 1) if text[n].isalpha() and text[n + 1].isalpha()]
    if not places:
        return text + text[-1:]
    n = dice.choice(places)
    if text[n] == text[n + 1] or dice.random() < 0.4:
        return text[:n] + text[n + 1 :]
    return text[:n] + text[n + 1] + text[n] + text[n + 2 :]


def broken_email(text: str, dice: Random) -> str:
    """An address no server would take; never a valid one."""
    name, _, domain = text.partition("@")
    forms = (f"{name}{domain}", f"{name}@", f"{name}@@{domain}", f"{name} @{domain}", f"{name}@{domain},", "n/a")
    return dice.choice(forms)


def broken_phone(text: str, dice: Random) -> str:
    """A number nobody can dial; never a valid one."""
    return dice.choice((text[:7], "see mobile", "000", text[:4] + "????", "tbc"))


def odd_phone(text: str, dice: Random) -> str:
    """The same number in one of the forms people type; every form still dials."""
    code, _, rest = text.partition(" ")
    forms = [text, text.replace(" ", ""), text.replace(" ", "-"), text.replace(" ", ".")]
    if code == "+1":
        forms.append(f"{code} ({rest[:3]}) {rest[4:]}")
    else:
        forms.append(f"00{code[1:]} {rest}")
    if code not in ("+1", "+86"):
        forms.append(f"{code} (0){rest}")
    return dice.choice(forms)
