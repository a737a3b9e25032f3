"""E-mail addresses: a plain form is settled by one pattern, the rest by the email-validator library."""

import re
from functools import lru_cache

import polars as pl
from email_validator import EmailNotValidError, validate_email

from dataquality.engine.faults import Verdict
from dataquality.engine.scripts import mixed_scripts

# A subset of what the library accepts: an ASCII dot-atom of at most 64 signs, a domain of at most 60 (so that no label
# is too long) whose labels do not start like punycode, and a top domain of letters that is not reserved.
_PLAIN = (
    r"^[A-Za-z0-9_+'-]+(?:\.[A-Za-z0-9_+'-]+)*@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$"
)
_SHORT_ENOUGH = r"^[^@]{1,64}@[^@]{1,60}$"
_RESERVED = r"(?i)[@.](?:arpa|invalid|local|localhost|onion|test)$"
_PUNYCODE_LIKE = r"[@.]..--"

_SEVERAL = re.compile(r"^\S+@\S+\s*[;,/|\s]\s*\S+@\S+$")
_ADDRESS = re.compile(r"^[^\s@<>\"]+@[^\s@<>\"]+$")
_DRESSED = re.compile(r"^(?:mailto:\s*)?(?:[^<>@]*<)?\s*([^\s<>@]+@[^\s<>@]+?)\s*>?[.,;]?$", re.IGNORECASE)


def plain_email(text: pl.Expr) -> pl.Expr:
    """Certainly right without asking the library."""
    return (
        text.str.contains(_PLAIN)
        & text.str.contains(_SHORT_ENOUGH)
        & ~text.str.contains(_RESERVED)
        & ~text.str.contains(_PUNYCODE_LIKE)
    )


@lru_cache(maxsize=65_536)
def is_email(text: str) -> bool:
    """The library's judgement of the form alone: no look-up, the local part at most 64 bytes long."""
    try:
        validate_email(text, check_deliverability=False, allow_quoted_local=True, strict=True)
    except EmailNotValidError:
        return False
    return True


def judge_email(text: str) -> Verdict | None:
    if "\\r" in text or "\\n" in text or re.search(r"[\r\n]", text):
        return Verdict("email_line_break")
    if is_email(text):
        return Verdict("email_mixed_script") if mixed_scripts(text) else None
    if _SEVERAL.match(text):
        return Verdict("email_two")
    return Verdict("email_invalid", _undressed(text))


def _undressed(text: str) -> str | None:
    """The one address inside `mailto:a@x.de`, `Anna <a@x.de>`, `a@x.de.` or `a @ x,de`; null where it is not plain."""
    dressed = _DRESSED.match(text.strip())
    tries = [dressed[1]] if dressed else []
    tries.append(re.sub(r"\s*@\s*", "@", re.sub(r"\s*\.\s*", ".", text)))
    tries += [
        re.sub(r"(?<=\w),(?=(?:com|net|org|de|fr|uk|cn)$)", ".", text),
        re.sub(r"(?i)[(\[{ ]+at[)\]} ]+", "@", text),
    ]
    for address in tries:
        if address != text and _ADDRESS.match(address) and is_email(address):
            return address
    return None
