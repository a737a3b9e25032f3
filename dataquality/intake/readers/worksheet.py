"""Stream one worksheet: a row at a time, every cell as text or as a fault, in memory that does not grow."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from dataquality.intake.terms import Limits, Refused, printable

from .cells import Shape, date_text, number_text, unescaped
from .package import PIECE, Attributes, Book, damaged, feed, local, new_parser, open_part

LAST_ROW = 1_048_576
NOT_XML_TEXT = re.compile("[\ud800-\udfff\x00]")
CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass
class Fault:
    """A cell whose value the file does not hold; its row is kept out."""

    place: int
    code: str
    said: str
    raw: str


@dataclass
class Oddity:
    """A cell that was read but that a person should look at."""

    place: int
    code: str
    said: str
    raw: str


@dataclass
class SheetRow:
    number: int
    cells: list[str]
    faults: list[Fault]
    oddities: list[Oddity]


@dataclass
class Tally:
    """What was met on the way, known when the last row has been read."""

    rows: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    formulas: int = 0
    merged: int = 0
    dates: Counter[int] = field(default_factory=Counter)
    plain: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    plain_count: Counter[int] = field(default_factory=Counter)


class Worksheet:
    """Parse the part of one sheet; iterate over `rows()` once, then look at `tally`."""

    def __init__(self, archive: zipfile.ZipFile, part: str, book: Book, limits: Limits) -> None:
        self.archive, self.part, self.book, self.limits = archive, part, book, limits
        self.tally = Tally()
        self._ready: list[SheetRow] = []
        self._row_number = 0
        self._cells: list[str] = []
        self._faults: list[Fault] = []
        self._oddities: list[Oddity] = []
        self._places: dict[str, int] = {}
        self._text: list[str] = []
        self._collecting = self._phonetic = self._has_formula = self._has_value = False
        self._kind, self._shape, self._place = "n", Shape.NUMBER, 0

    def rows(self) -> Iterator[SheetRow]:
        parser = new_parser(self.part)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        with open_part(self.archive, self.part) as stream:
            while piece := stream.read(PIECE):
                feed(parser, piece, self.part)
                yield from self._ready
                self._ready.clear()
        feed(parser, b"", self.part, final=True)
        yield from self._ready

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "v":
            self._has_value = self._collecting = True
        elif name == "t":
            if not self._phonetic:
                self._has_value = self._collecting = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "f":
            self._has_formula = True
            self.tally.formulas += 1
        elif name == "rPh":
            self._phonetic = True
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            self.tally.hidden_columns += 1
        elif name == "mergeCell":
            self.tally.merged += 1
        elif ":" in name:
            self._start(local(name), attributes)

    def _end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name in ("v", "t"):
            self._collecting = False
        elif name == "row":
            self._ready.append(SheetRow(self._row_number, self._cells, self._faults, self._oddities))
        elif name == "rPh":
            self._phonetic = False
        elif ":" in name:
            self._end(local(name))

    def _characters(self, text: str) -> None:
        if self._collecting:
            self._text.append(text)

    def _start_row(self, attributes: Attributes) -> None:
        number = int(attributes.get("r", self._row_number + 1))
        if not self._row_number < number <= LAST_ROW:
            raise damaged(self.part, f"row {number} comes after row {self._row_number}")
        self._row_number = number
        self._cells, self._faults, self._oddities = [], [], []
        self.tally.rows += 1
        if attributes.get("hidden") in ("1", "true"):
            self.tally.hidden_rows += 1

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        cells = self._cells
        if reference is None:
            place = len(cells)
        else:
            letters = reference.rstrip("0123456789")
            known = self._places.get(letters)
            place = self._find_place(letters) if known is None else known
            if place < len(cells):
                raise damaged(self.part, f"cell {reference} comes twice or too late")
        if place >= self.limits.columns:
            raise Refused(
                "too_many_columns",
                f"Row {self._row_number} has a cell in column {place + 1:,} and the limit is {self.limits.columns} "
                "columns: delete what lies to the right of the table, or export fewer columns.",
                f"row {self._row_number}",
            )
        if place > len(cells):
            cells.extend([""] * (place - len(cells)))
        self._place = place
        self._kind = attributes.get("t", "n")
        style = attributes.get("s")
        self._shape = Shape.NUMBER if style is None else self._shape_of(style)
        self._has_formula = self._has_value = False
        self._text = []

    def _shape_of(self, style: str) -> Shape:
        shapes = self.book.shapes
        return shapes[int(style)] if int(style) < len(shapes) else Shape.NUMBER

    def _find_place(self, letters: str) -> int:
        place = 0
        for letter in letters:
            if not "A" <= letter <= "Z":
                raise damaged(self.part, f"“{letters}” names no column")
            place = place * 26 + ord(letter) - 64
        if not 0 < place <= 16_384:
            raise damaged(self.part, f"“{letters}” names no column")
        self._places[letters] = place - 1
        return place - 1

    def _end_cell(self) -> None:
        kind = self._kind
        written = "".join(self._text)
        if self._has_formula and not self._has_value:
            said = "holds a formula without a value: open the file in a spreadsheet program and save it again"
            self._fault("formula_without_value", said, "")
        elif kind == "s":
            self._cells.append(self._checked(self._shared(written)) if self._has_value else "")
        elif kind in ("inlineStr", "str"):
            self._cells.append(self._checked(unescaped(written)))
        elif kind == "e":
            said = f"holds the error {printable(written, 20)} instead of a value: correct it in the spreadsheet"
            self._fault("error_cell", said, written)
        elif kind == "b":
            self._cells.append("TRUE" if written.strip() in ("1", "true") else "FALSE")
        elif kind == "d" or not written:
            self._cells.append(written)
        else:
            self._cells.append(self._number(written.strip()))

    def _fault(self, code: str, said: str, raw: str) -> None:
        self._faults.append(Fault(self._place, code, said, raw))
        self._cells.append("")

    def _shared(self, written: str) -> str:
        try:
            return self.book.strings[int(written)]
        except (IndexError, ValueError):
            raise damaged(self.part, f"row {self._row_number} points at a shared string that is not there") from None

    def _checked(self, text: str) -> str:
        if len(text) > self.limits.cell_characters:
            said = f"holds {len(text):,} characters and a cell may have {self.limits.cell_characters:,}; shorten it"
            self._faults.append(Fault(self._place, "long_cell", said, text))
        elif not text.isprintable():
            if NOT_XML_TEXT.search(text):
                self._faults.append(Fault(self._place, "nul", "holds a character that no text has; correct it", text))
            elif CONTROL.search(text):
                said = "holds control characters; the text was kept as it is"
                self._oddities.append(Oddity(self._place, "control_character", said, text))
        return text

    def _number(self, written: str) -> str:
        place = self._place
        try:
            if self._shape is not Shape.NUMBER:
                self.tally.dates[place] += 1
                shown = date_text(written, self._shape, self.book.from_1904)
                if shown is not None:
                    return shown
                said = "is formatted as a date but is no day of the calendar; the number was kept"
                self._oddities.append(Oddity(place, "no_such_date", said, written))
                return number_text(written)[0]
            text, inexact = number_text(written)
        except (ValueError, OverflowError):
            raise damaged(self.part, f"row {self._row_number} holds “{written}” as a number") from None
        if inexact:
            said = (
                "is a number of more than 15 digits, which spreadsheets round, so two ids may have become one: "
                "format the column as text and export again"
            )
            self._oddities.append(Oddity(place, "long_number", said, written))
        else:
            self.tally.plain_count[place] += 1
            if self.tally.plain_count[place] <= 20:
                self.tally.plain.setdefault(place, []).append((self._row_number, text))
        return text
