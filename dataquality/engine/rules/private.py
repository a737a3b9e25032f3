"""Data in free text that does not belong there: payment details, passwords, and what the law protects specially.

A fault of this kind never repeats what it found.
"""

import re

import polars as pl
from stdnum import iban, luhn

from dataquality.engine.faults import Verdict

_IBAN = r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\b"
_CARD = r"\b[2-6](?:[ -]?[0-9]){12,18}\b"
_TOLD = (
    r"(?i)\b(?:password|passwd|passwort|kennwort|mot de passe|contraseña|pwd|pin code|密码|api[ _-]?key|secret key)"
    r"\s*(?:[:=：]|is\b|ist\b|lautet\b)\s*\S"
)
# Said of a person, not of a trade: "has diabetes" and "is pregnant", but not a cancer charity or a Ms Gay.
_IS = r"(?:is|was|he's|she's|they're|being|ist|war|est|es)(?: an?| very| strictly| openly)? "
_HAS = r"(?:has|had|having|with|from|hat|hatte|an|wegen|tiene|avoir|a) "
_HEALTH = (
    rf"(?i)\b{_HAS}(?:cancer|diabetes|hiv|aids|burn-?out|leukaemia|krebs|depressionen|cáncer)\b|"
    rf"\b{_IS}(?:pregnant|disabled|diabetic|alcoholic|schwanger|enceinte|handicapée?|embarazada|discapacitad[oa])\b|"
    r"\b(?:chemotherapy|on sick leave|on maternity leave|diagnosed with|krank|krankgeschrieben|krankschreibung|"
    r"schwanger|schwerbehindert|arrêt maladie|baja médica)\b|怀孕|患癌|残疾人|病假"
)
_MEMBERSHIP = (
    rf"(?i)\b{_IS}(?:muslim|jewish|catholic|protestant|hindu|atheist|gay|lesbian|homosexual|bisexual|transgender|jüdisch|"
    r"katholisch|evangelisch|homosexuell|lesbisch|schwul|musulman[ae]?|catholique|homosexuel(?:le)?)\b|"
    r"\b(?:(?:trade )?union member|member of (?:a|the) (?:trade )?union|gewerkschaftsmitglied|gewerkschafter(?:in)?|"
    r"parteimitglied|syndicaliste|sindicalista|party member)\b|党员|工会会员"
)
_ANY = "|".join((_IBAN, _CARD, _TOLD, _HEALTH, _MEMBERSHIP)).replace("(?i)", "")
# First digits and lengths of the card schemes; without them one number in ten would pass for a card.
_SCHEMES = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|"
    r"6(?:011|5\d\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|62\d{14,17}"
)


def suspect_private(text: pl.Expr) -> pl.Expr:
    return text.str.contains(f"(?i){_ANY}")


def judge_private(text: str) -> Verdict | None:
    if any(iban.is_valid(part) for found in re.finditer(_IBAN, text) for part in _prefixes(found[0])):
        return Verdict("private_iban")
    if any(_is_card(re.sub(r"[ -]", "", found[0])) for found in re.finditer(_CARD, text)):
        return Verdict("private_card")
    for code, pattern in (
        ("private_secret", _TOLD),
        ("private_health", _HEALTH),
        ("private_membership", _MEMBERSHIP),
    ):
        if re.search(pattern, text):
            return Verdict(code)
    return None


def masked(text: str) -> str:
    """What may be shown of such a value: how long it is."""
    return f"•••• ({len(text)} characters)"


def _is_card(digits: str) -> bool:
    return bool(_SCHEMES.fullmatch(digits)) and luhn.is_valid(digits)


def _prefixes(text: str) -> list[str]:
    """An account number and what may follow it after a space: each beginning that ends at a space."""
    words = text.split(" ")
    return [" ".join(words[:n]) for n in range(1, len(words) + 1)]
