"""Which CRM and which table a file is, and which column is what: from its headings and from the shape of its data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import PurePath
from typing import Any

import polars as pl

from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.engine.columns import Kind, guess_kind
from dataquality.engine.headings import heading_words
from dataquality.engine.identifiers import key_candidates, key_risk, looks_like_ids
from dataquality.subjects import Column, Subject

EXACT, PARTIAL, LEAST = 1.0, 0.55, 0.45
LEAST_UNIQUE = 0.5
ID_WEIGHT, FILE_WEIGHT, STRANGER = 3.0, 2.0, 0.15
ALIKE = {
    Kind.DATE: {Kind.DATETIME},
    Kind.DATETIME: {Kind.DATE},
    Kind.MONEY: {Kind.NUMBER, Kind.INTEGER, Kind.PERCENT},
    Kind.NUMBER: {Kind.MONEY, Kind.INTEGER, Kind.PERCENT},
    Kind.INTEGER: {Kind.NUMBER, Kind.MONEY},
    Kind.PERCENT: {Kind.NUMBER, Kind.INTEGER, Kind.MONEY},
    Kind.URL: {Kind.DOMAIN},
    Kind.DOMAIN: {Kind.URL},
}
# How products whose exports head the id alike write their ids: a word of looks_like_ids, or a pattern.
ID_SHAPES = {
    "salesforce": "salesforce",
    "dynamics": "guid",
    "twenty": "guid",
    "suitecrm": "guid",
    "espocrm": r"^[0-9a-f]{17}$",
    "frappe": r"^[A-Z]+(-[A-Z]+)*-(\d{4}-)?\d+$",
}
PLAIN_IDS = {"suitecrm": ("ID",), "espocrm": ("ID",), "frappe": ("ID",), "twenty": ("Id",)}
SHAPED = {Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.DATE, Kind.DATETIME, Kind.MONEY, Kind.NUMBER, Kind.INTEGER,
          Kind.PERCENT, Kind.BOOLEAN}  # fmt: skip


@dataclass(frozen=True)
class Guess:
    """What one column is taken for; field "" keeps it in `extra`, "external_id" makes it the key."""

    heading: str
    field: str
    confidence: float
    samples: list[str]


@dataclass(frozen=True)
class Recognised:
    """Our reading of a file as a table of a CRM; confidence is 0 to 1."""

    product: str
    table: str
    confidence: float
    guesses: list[Guess]
    key: list[str]  # headings
    key_risk: str = ""  # what keying on them risks, where the export has no id column
    other_keys: list[list[str]] = field(default_factory=list)
    runners_up: list[tuple[str, float]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def confirmed(self, mapping: Mapping[str, str], key: Sequence[str]) -> Recognised:
        """The same with what a person said of these headings before."""
        guesses = [replace(g, field=mapping.get(g.heading, ""), confidence=1.0) for g in self.guesses]
        return replace(self, guesses=guesses, key=list(key), key_risk=risk_of(mapping, key), confidence=1.0)

    @property
    def mapping(self) -> dict[str, str]:
        return {guess.heading: guess.field for guess in self.guesses if guess.field}


def fingerprint(headings: Sequence[str]) -> str:
    """The same for every file of one layout, whatever the order of its columns."""
    return hashlib.sha256("\n".join(sorted(heading_words(h) for h in headings)).encode()).hexdigest()


def recognise(
    headings: Sequence[str], sample: pl.DataFrame, *, file_name: str, product: str = "", table: str = ""
) -> Recognised:
    """The best table for these headings; `sample` has a String column a heading (c0 … cN), some rows of the file.

    A table or product that the person named is taken as said. Refused when nothing fits at all.
    """
    kinds = [guess_kind(heading, sample.to_series(i)) for i, heading in enumerate(headings)]
    candidates = [subjects.resolve(table)] if table else subjects.every()
    scored = [_score(subject, headings, sample, kinds, file_name, product) for subject in candidates]
    scored.sort(key=lambda found: -found[0])
    best, found = scored[0]
    if not found.mapping and not table:
        known = ", ".join(subject.label.lower() for subject in candidates)
        raise Refusal(
            f"{file_name}: no heading of {_listed(headings)} belongs to a table we know ({known}). "
            "Name the table, or check that the first row holds the headings.",
            code="not_recognised",
        )
    second = scored[1][0] if len(scored) > 1 else 0.0
    confidence = 1.0 if table else round(min(0.99, max(0.05, (best - second) / max(best, 1.0) + 0.4)), 2)
    return Recognised(
        **{**vars(found), "confidence": confidence, "runners_up": [(f.table, round(s, 1)) for s, f in scored[1:4]]}
    )


def _score(
    subject: Subject, headings: Sequence[str], sample: pl.DataFrame, kinds: Sequence[tuple[Kind, float]],
    file_name: str, product: str,
) -> tuple[float, Recognised]:  # fmt: skip
    id_heading, id_product, id_score = _id_column(subject, headings, sample, product)
    pairs = []
    for i, heading in enumerate(headings):
        if heading == id_heading:
            continue
        for name, column in subject.columns.items():
            match = _match(heading, column, kinds[i])
            if match >= LEAST:
                pairs.append((match, -i, heading, name, column.tell))
    pairs.sort(key=lambda pair: (-pair[0], -pair[1]))
    taken: dict[str, tuple[str, float]] = {}
    total = 0.0
    for match, _, heading, name, tell in pairs:
        if heading in taken or name in {field for field, _ in taken.values()}:
            continue
        taken[heading] = (name, match)
        total += tell * match
    total += ID_WEIGHT * id_score
    words = PurePath(file_name).stem.lower()
    if any(word in words for word in subject.file_words):
        total += FILE_WEIGHT
    total -= STRANGER * (len(headings) - len(taken) - bool(id_heading))
    key, risk = [id_heading] if id_heading else [], ""
    others: list[list[str]] = []
    if not id_heading:
        key, risk, others = _other_key(subject, headings, sample, taken)
    guesses = []
    for i, heading in enumerate(headings):
        chosen, match = ("external_id", id_score) if heading == id_heading else taken.get(heading, ("", 0.0))
        samples = [str(value) for value in sample.to_series(i).unique(maintain_order=True).to_list() if value][:4]
        guesses.append(Guess(heading, chosen, round(min(match, 1.0), 2), samples))
    found = Recognised(product or id_product or "generic", subject.slug, 0.0, guesses, key, risk, others)
    return total, found


def _match(heading: str, column: Column, guessed: tuple[Kind, float]) -> float:
    """How well a heading and the shape of its data fit a column, 0 to about 1.1."""
    words = heading_words(heading)
    match = 0.0
    for rank, known in enumerate(column.headings):
        said = heading_words(known)
        if said == words:
            match = max(match, EXACT - rank / 100)
        elif said and f" {said} " in f" {words} " and len(said) > 3:
            match = max(match, PARTIAL * len(said) / len(words) + 0.2 - rank / 100)
    if not match:
        return 0.0
    kind, sure = guessed
    if kind == column.kind:
        match += 0.1 * sure
    elif sure > 0.6 and kind in SHAPED and kind not in ALIKE.get(column.kind, set()):
        match -= 0.35 * sure
    return match


def _id_column(subject: Subject, headings: Sequence[str], sample: pl.DataFrame, product: str) -> tuple[str, str, float]:
    """The heading of the CRM's own id column, its product, and 0 to 1.6 for how much it tells."""
    best = ("", "", 0.0)
    for known_product, names in {**PLAIN_IDS, **subject.id_headings}.items():
        if product and known_product not in (product, "generic"):
            continue
        for rank, name in enumerate(names):
            for i, heading in enumerate(headings):
                if _plain(heading) != _plain(name):
                    continue
                values = sample.to_series(i).str.strip_chars()
                filled = values.filter(values != "")
                if filled.n_unique() < filled.len() * LEAST_UNIQUE or (sample.height and not filled.len()):
                    continue  # an id may be given twice by mistake; what stands in most rows is none
                shape = looks_like_ids(filled) or ""
                own = ID_SHAPES.get(known_product, "")
                if own and filled.len() and own not in shape and not filled.str.contains(own).all():
                    continue
                special = len(heading_words(name).split()) > 1 or name.startswith("(")
                score = (
                    (1.0 if special else 0.35) + (0.6 if own else 0.0) + (0.05 if heading == name else 0.0) - rank / 50
                )
                if score > best[2]:
                    best = (heading, known_product, score)
    return best


def _plain(heading: str) -> str:
    return "".join(heading.lower().split()).replace("_", "").replace("-", "")


def _other_key(
    subject: Subject, headings: Sequence[str], sample: pl.DataFrame, taken: dict[str, tuple[str, float]]
) -> tuple[list[str], str, list[list[str]]]:
    """Columns that may serve as a key where the export has no id, the declared ones first, and what that risks."""
    named = sample.rename({f"c{i}": heading for i, heading in enumerate(headings)})
    candidates = key_candidates(named)
    others = [list(candidate.columns) for candidate in candidates]
    risks = {tuple(candidate.columns): candidate.risk for candidate in candidates}
    by_field = {name: heading for heading, (name, _) in taken.items()}
    wanted = [by_field[name] for name in subject.key if name in by_field]
    if subject.key and len(wanted) == len(subject.key) and subject.key != ("email",):
        risk = risks.get(tuple(wanted)) or (
            f"A row is known by its {' and its '.join(wanted)}: a record that is renamed comes back as a new one."
        )
        return wanted, risk, others
    if others:
        return others[0], risks[tuple(others[0])], others
    return [], "", []


def risk_of(mapping: Mapping[str, str], key: Sequence[str]) -> str:
    """What a key that a person chose risks; nothing, where it is the CRM's own id."""
    if not key or [mapping.get(heading) for heading in key] == ["external_id"]:
        return ""
    return key_risk(key)


def _listed(headings: Sequence[str]) -> str:
    shown = ", ".join(repr(heading) for heading in headings[:6])
    return f"{shown} …" if len(headings) > 6 else shown
