"""vCard files (.vcf, versions 2.1, 3.0 and 4.0): a row for each card, a column for each property that occurs.

The columns are headed as CRMs head theirs, so that the mapping knows them. Of several addresses of one kind the
preferred one takes the first column and the others "Email 2", "Email 3" …
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dataquality.intake.gate import Admitted
from dataquality.intake.terms import Choices, Limits, Question, Reading, Refused, printable

from .decoding import find_encoding
from .growing import Growing
from .questions import no_rows
from .sink import Notes, Sink
from .vcard_lines import MEDIA, Property, Unreadable, parsed, unfolded

VERSIONS = ("2.1", "3.0", "4.0")
SAID_ELSEWHERE = MEDIA | {"BEGIN", "END", "VERSION", "PRODID", "X-ABLABEL"}
STRUCTURED = {
    "N": ("Last Name", "First Name", "Middle Name", "Salutation", "Suffix"),
    "ADR": ("PO Box", "Extended Address", "Street", "City", "State/Province", "Postal Code", "Country"),
    "ORG": ("Company", "Department", "Unit"),
}
HEADED = {
    "UID": "UID", "FN": "Full Name", "EMAIL": "Email", "TITLE": "Title", "ROLE": "Role", "NOTE": "Description",
    "URL": "Website", "BDAY": "Birthday", "REV": "Last Modified Date", "CATEGORIES": "Categories",
    "NICKNAME": "Nickname", "KIND": "Kind",
}  # fmt: skip
BASIC_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z|[-+]\d\d(?::?\d\d)?)?)?")
NO_TEXT = re.compile("[\ud800-\udfff\x00]")
WAY_OUT = "export that card again or leave it out"


@dataclass
class Card:
    """The properties between BEGIN and END, and where BEGIN stands."""

    number: int
    version: str = "3.0"
    properties: list[Property] = field(default_factory=list)
    fault: str = ""  # the end of a sentence about the card
    size: int = 0


def read(path: Path, into: Path, choices: Choices, limits: Limits, admitted: Admitted) -> Reading:
    """Read every card on its own; one that is broken, or a group of others, is kept out with its line."""
    notes = Notes(admitted.notices)
    questions: list[Question] = []
    seen = find_encoding(path, choices, limits, notes, questions)
    sink = Sink(into, [], limits, notes, WAY_OUT)
    rows = Growing(sink)
    pictures = 0
    with path.open("rb") as stream:
        stream.seek(seen.skip)
        text = io.TextIOWrapper(stream, encoding=seen.encoding, errors=seen.errors, newline="")
        for card in _cards(text, limits):
            pictures += sum(one.name in MEDIA for one in card.properties)
            _keep(card, rows)
    if not rows.columns:
        first = f" ({printable(sink.quarantine.first, 200)})" if sink.quarantine.rows else ""
        raise Refused("no_header", f"No card of the file can be read{first}: export the contacts again as vCard.")
    rows.close()
    if pictures:
        notes.add("pictures", f"{pictures:,} pictures, sounds and keys were left out.")
    if not sink.written and choices.answer("no_rows", "yes") is None:
        questions.append(no_rows(len(sink.quarantine.rows)))
    headings = list(rows.columns)
    return Reading(
        kind="vcard", encoding=seen.encoding, delimiter=None, header_row=0, sheet=None, headings=headings,
        raw_headings=headings, rows=sink.written, quarantined=len(sink.quarantine.rows), questions=questions,
        notices=notes.all(), chunks=sink.chunks, quarantine=sink.quarantine.write(into),
    )  # fmt: skip


def _cards(text: io.TextIOWrapper, limits: Limits) -> Iterator[Card]:
    card: Card | None = None
    try:
        for number, line in unfolded(text, limits):
            word = line.strip().upper().replace(" ", "")
            if word == "BEGIN:VCARD":
                if card is not None:
                    card.fault = card.fault or f"has no END:VCARD before the next card begins in line {number}"
                    yield card
                card = Card(number)
            elif card is None:
                if word:
                    yield Card(number, fault=f"stands between two cards (“{printable(line, 40)}”)")
            elif word == "END:VCARD":
                yield card
                card = None
            else:
                _take(card, line, number, limits)
    except Unreadable as unreadable:
        raise Refused("endless_line", f"A line of the file {unreadable}: {WAY_OUT}.") from None
    if card is not None:
        card.fault = card.fault or "has no END:VCARD: the file was cut off"
        yield card


def _take(card: Card, line: str, number: int, limits: Limits) -> None:
    """Add a line to its card, or say what is wrong with it; the first fault of a card stands."""
    card.size += len(line)
    if card.fault or not line.strip():
        return
    if len(card.properties) >= limits.record_lines:
        card.fault = f"has more than {limits.record_lines:,} properties"
        return
    try:
        found = parsed(line, card.version)
    except Unreadable as unreadable:
        card.fault = f"cannot be read, as line {number} {unreadable}"
        return
    if found.name == "VERSION":
        card.version = found.value.strip()
        if card.version not in VERSIONS:
            card.fault = f"says that it is of version “{printable(card.version, 20)}”; {', '.join(VERSIONS)} are known"
    elif found.name not in MEDIA and len(found.value) > limits.cell_characters:
        card.fault = f"holds {len(found.value):,} characters in {found.name}, the limit is {limits.cell_characters:,}"
    elif found.name not in MEDIA and NO_TEXT.search(found.value):
        card.fault = f"holds bytes in {found.name} that are no text"
    else:
        card.properties.append(found)


def _keep(card: Card, rows: Growing) -> None:
    cells = {} if card.fault else _cells(card)
    fault = card.fault
    if not fault and cells.get("Kind", "").lower() == "group":
        fault = "is a group of other cards, not a contact"
    if not fault and not any(cells.values()):
        fault = "is empty"
    if fault:
        name = next((one.text for one in card.properties if one.name == "FN"), "")
        named = f" (“{printable(name, 40)}”)" if name else ""
        sentence = f"The card of line {card.number}{named} {fault}: {WAY_OUT}."
        rows.sink.quarantine.add(card.number, "bad_card", sentence, name)
        return
    row: list[str] = []
    for heading, cell in cells.items():
        place = rows.place(heading)
        row += [""] * (max(place + 1, len(rows.columns)) - len(row))
        row[place] = cell
    rows.add(card.number, row, card.size)


def _cells(card: Card) -> dict[str, str]:
    """Heading to text; the preferred of a kind first, and what is said twice once."""
    cells: dict[str, str] = {}
    for one in sorted(card.properties, key=lambda each: each.preference):
        if one.name in SAID_ELSEWHERE:
            continue
        if one.name in STRUCTURED:
            _add_parts(cells, one)
        elif text := _text(one):
            _add(cells, _heading(one), text)
    return cells


def _add_parts(cells: dict[str, str], one: Property) -> None:
    """A structured value; of several addresses or companies only the first is parted, the others are kept whole."""
    parts = [part for part in zip(STRUCTURED[one.name], one.parts(), strict=False) if part[1]]
    if one.name in ("ADR", "ORG") and any(heading in cells for heading in STRUCTURED[one.name]):
        _add(cells, {"ADR": "Address", "ORG": "Company"}[one.name], ", ".join(text for _heading, text in parts), 2)
        return
    for heading, text in parts:
        cells.setdefault(heading, text)


def _heading(one: Property) -> str:
    if one.name != "TEL":
        return HEADED.get(one.name, one.name)
    if "FAX" in one.kinds:
        return "Fax"
    return "Mobile" if one.kinds & {"CELL", "IPHONE"} else "Phone"


def _add(cells: dict[str, str], stem: str, text: str, number: int = 1) -> None:
    """Under its heading, or under the first number that is free; the same text is not said twice."""
    heading = stem if number == 1 else f"{stem} {number}"
    while cells.get(heading, text) != text:
        number += 1
        heading = f"{stem} {number}"
    if text:
        cells[heading] = text


def _text(one: Property) -> str:
    text = one.text.strip()
    if one.name in ("TEL", "EMAIL"):
        return re.sub(r"^(?:tel|mailto):", "", text, flags=re.IGNORECASE)
    if one.name in ("BDAY", "REV", "ANNIVERSARY"):
        return _iso(text)
    return text.removeprefix("urn:uuid:") if one.name == "UID" else text


def _iso(text: str) -> str:
    """The basic form of ISO 8601 in its extended one; anything else, such as a birthday without a year, as written."""
    found = BASIC_DATE.fullmatch(text)
    if found is None:
        return text
    year, month, day, hour, minute, second, zone = found.groups()
    moment = f"T{hour}:{minute}:{second or '00'}{zone or ''}" if hour else ""
    return f"{year}-{month}-{day}{moment}"
