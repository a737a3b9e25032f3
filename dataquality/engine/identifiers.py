"""Identifiers of the CRMs, and columns that may stand in where an export has none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

_CHECK_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SALESFORCE_15 = re.compile(r"[A-Za-z0-9]{15}")
_GUID = re.compile(r"\{?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}?")
GUID_PATTERN = r"^\{?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\}?$"
SALESFORCE_PATTERN = r"^[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?$"
SCIENTIFIC_PATTERN = r"^[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+$"
# Sixteen digits or more whose tail is all zeros: what a spreadsheet leaves of a long number.
ROUNDED_PATTERN = r"^[1-9][0-9]{14}0+$"


def salesforce_18(id15: str) -> str:
    """The 18-character form of a 15-character Salesforce id; an 18-character one comes back as it is.

    Each group of five characters gives a check sign: bit j is set where character j is A to Z.
    """
    if len(id15) == 18 and is_salesforce_id(id15):
        return id15
    if not _SALESFORCE_15.fullmatch(id15):
        raise ValueError(f"“{id15}” is not a Salesforce id: it needs 15 letters and digits.")
    return id15 + _check_signs(id15)


def is_salesforce_id(text: str) -> bool:
    """15 characters, or 18 whose check signs agree with their letters' case."""
    if len(text) == 15:
        return _SALESFORCE_15.fullmatch(text) is not None
    return len(text) == 18 and _SALESFORCE_15.fullmatch(text[:15]) is not None and text[15:] == _check_signs(text[:15])


def is_guid(text: str) -> bool:
    return _GUID.fullmatch(text) is not None


def looks_like_ids(values: pl.Series) -> str | None:
    """`guid`, `salesforce` or `number` where nearly every non-blank value of a column has that shape and differs."""
    text = values.cast(pl.String).drop_nulls()
    text = text.filter(text != "")
    if not len(text) or text.n_unique() < 0.95 * len(text):
        return None
    if (text.str.contains(GUID_PATTERN)).mean() >= 0.95:  # type: ignore[operator]
        return "guid"
    lettered = text.str.contains(SALESFORCE_PATTERN) & text.str.contains("[A-Za-z]") & text.str.contains("[0-9]")
    if lettered.mean() >= 0.95:  # type: ignore[operator]
        return "salesforce"
    return "number" if text.str.contains(r"^[0-9]{1,20}$").mean() >= 0.95 else None  # type: ignore[operator]


@dataclass(frozen=True)
class KeyCandidate:
    """Columns that tell every row of a file apart, and what keying on them risks."""

    columns: tuple[str, ...]
    risk: str


_RISKS = (
    (
        r"e-?mail|courriel|correo|邮箱",
        "people share mailboxes and change addresses: a changed one would look like a new record",
    ),
    (r"phone|tel|mobil|电话", "numbers are shared and change: a changed one would look like a new record"),
    (
        r"name|nom|nombre|account|company|firm|product|agent|名",
        "a renamed record would look like a new one and the old one as gone",
    ),
    (r"date|created|day|datum|日期", "two records made on one day could collide in a later file"),
)
_PLAIN_RISK = "if these values are ever edited in the CRM, the record would look like a new one and the old one as gone"


def key_candidates(frame: pl.DataFrame, *, at_most: int = 5) -> list[KeyCandidate]:
    """Columns, else pairs of them, without blanks or repeats; id-shaped ones first, then the fewest and leftmost."""
    text = frame.select(pl.all().cast(pl.String).str.strip_chars().replace("", None))
    if not text.height:
        return []
    filled = [name for name in text.columns if not text.get_column(name).null_count()]
    distinct = {name: text.get_column(name).n_unique() for name in filled}
    singles = [name for name in filled if distinct[name] == text.height]
    singles.sort(key=lambda name: looks_like_ids(text.get_column(name)) is None)
    if singles:
        return [KeyCandidate((name,), _risk(text, (name,))) for name in singles[:at_most]]
    pairs = [pair for pair in combinations(filled, 2) if distinct[pair[0]] * distinct[pair[1]] >= text.height]
    pairs.sort(key=lambda pair: -distinct[pair[0]] * distinct[pair[1]])
    unique = [pair for pair in pairs[:60] if text.select(pl.struct(pair).n_unique()).item() == text.height]
    return [KeyCandidate(pair, _risk(text, pair)) for pair in unique[:at_most]]


def _risk(text: pl.DataFrame, columns: Sequence[str]) -> str:
    """One sentence a steward can weigh before choosing these columns as the key."""
    verb = "is" if len(columns) == 1 else "are"
    opening = f"{_named(columns)} {verb} filled and different in all {text.height:,} rows of this file"
    if len(columns) == 1 and looks_like_ids(text.get_column(columns[0])) in {"guid", "salesforce"}:
        return f"{opening} and look like the CRM's own ids; little is risked."
    return f"{opening}; but {_risks(columns)}."


def key_risk(columns: Sequence[str]) -> str:
    """What keying on these columns risks, whoever chose them; names every one of them."""
    verb = "tells" if len(columns) == 1 else "together tell"
    return f"{_named(columns)} {verb} the rows apart; but {_risks(columns)}."


def _named(columns: Sequence[str]) -> str:
    return " and ".join(f"“{name}”" for name in columns)


def _risks(columns: Sequence[str]) -> str:
    """The risk of each kind of column once, with the columns it is meant of where there are several."""
    meant: dict[str, list[str]] = {}
    for name in columns:
        found = (risk for pattern, risk in _RISKS if re.search(pattern, name, re.IGNORECASE))
        meant.setdefault(next(found, _PLAIN_RISK), []).append(name)
    if len(meant) == 1:
        return next(iter(meant))
    return "; and ".join(f"of {_named(names)}: {risk}" for risk, names in meant.items())


def _check_signs(id15: str) -> str:
    groups = (id15[start : start + 5] for start in (0, 5, 10))
    return "".join(_CHECK_SIGNS[sum(1 << j for j, sign in enumerate(group) if "A" <= sign <= "Z")] for group in groups)
