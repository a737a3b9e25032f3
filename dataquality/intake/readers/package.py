"""The parts of a workbook around its sheets: which sheets there are, styles, shared strings."""

from __future__ import annotations

import posixpath
import zipfile
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from dataquality.intake.terms import Refused, printable

from .cells import Shape, shape_of, unescaped

PIECE = 1 << 18
VISIBLE = "visible"
Attributes = dict[str, str]


@dataclass(frozen=True)
class Tab:
    """A worksheet as the workbook lists it."""

    name: str
    state: str
    part: str


@dataclass(frozen=True)
class Book:
    tabs: list[Tab]
    from_1904: bool
    shapes: list[Shape]
    strings: SharedStrings


class SharedStrings:
    """The strings that cells point at, packed as UTF-8 in one buffer: about their own size, not seventy bytes each."""

    def __init__(self) -> None:
        self._text = bytearray()
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        self._text += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._text))

    def __getitem__(self, place: int) -> str:
        if place < 0:
            raise IndexError(place)
        return self._text[self._ends[place] : self._ends[place + 1]].decode("utf-8", "surrogatepass")

    def __len__(self) -> int:
        return len(self._ends) - 1


def parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Stream a part through expat; names come without their namespace prefix; any DTD or entity refuses the file."""
    parser = new_parser(part)
    parser.StartElementHandler = lambda name, attributes: start(local(name), attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(local(name))
    parser.CharacterDataHandler = text
    with open_part(archive, part) as stream:
        while piece := stream.read(PIECE):
            feed(parser, piece, part)
    feed(parser, b"", part, final=True)


def new_parser(part: str) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Refused(
            "doctype",
            f"The part “{printable(part)}” carries a document type definition, which no spreadsheet program writes: "
            "save the workbook again as .xlsx.",
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def feed(parser: expat.XMLParserType, piece: bytes, part: str, final: bool = False) -> None:
    try:
        parser.Parse(piece, final)
    except expat.ExpatError as error:
        raise damaged(part, f"{error}") from None


def damaged(part: str, why: str) -> Refused:
    return Refused(
        "damaged",
        f"The part “{printable(part)}” of the workbook is malformed ({printable(why)}): open the file in a spreadsheet "
        "program, save it again as .xlsx, and upload that.",
        part,
    )


def open_part(archive: zipfile.ZipFile, part: str) -> zipfile.ZipExtFile:
    try:
        return archive.open(part)  # type: ignore[return-value]
    except KeyError:
        raise damaged(part, "it is missing") from None


def local(name: str) -> str:
    return name.rpartition(":")[2]


def relation(attributes: Attributes, name: str) -> str:
    """An attribute whose namespace prefix may be any, as r:id."""
    return next((value for key, value in attributes.items() if local(key) == name and ":" in key), "")


def read_book(archive: zipfile.ZipFile) -> Book:
    workbook = _targets(archive, "_rels/.rels", "").get("officeDocument", {"": "xl/workbook.xml"})
    part = next(iter(workbook.values()))
    folder, name = posixpath.split(part)
    related = _targets(archive, posixpath.join(folder, "_rels", name + ".rels"), folder)
    sheets: list[Attributes] = []
    from_1904 = False

    def start(element: str, attributes: Attributes) -> None:
        nonlocal from_1904
        if element == "sheet":
            sheets.append(attributes)
        elif element == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in ("1", "true", "on")

    parse(archive, part, start)
    worksheets = related.get("worksheet", {})
    tabs = [
        Tab(sheet.get("name", ""), sheet.get("state", VISIBLE), worksheets[relation(sheet, "id")])
        for sheet in sheets
        if relation(sheet, "id") in worksheets  # the others are charts and dialogues
    ]
    if not tabs:
        raise damaged(part, "it lists no worksheet")
    styles = next(iter(related.get("styles", {}).values()), None)
    strings = next(iter(related.get("sharedStrings", {}).values()), None)
    return Book(
        tabs,
        from_1904,
        [] if styles is None else _read_shapes(archive, styles),
        SharedStrings() if strings is None else _read_strings(archive, strings),
    )


def _targets(archive: zipfile.ZipFile, part: str, folder: str) -> dict[str, dict[str, str]]:
    """Parts that a .rels part points at: kind -> id -> path in the archive."""
    found: dict[str, dict[str, str]] = {}

    def start(element: str, attributes: Attributes) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.setdefault(kind, {})[attributes.get("Id", "")] = path

    parse(archive, part, start)
    return found


def _read_shapes(archive: zipfile.ZipFile, part: str) -> list[Shape]:
    """The shape of each cell style, in the order that cells refer to."""
    codes: dict[int, str] = {}
    shapes: list[Shape] = []
    within = False

    def start(element: str, attributes: Attributes) -> None:
        nonlocal within
        if element == "numFmt":
            codes[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif element == "cellXfs":
            within = True
        elif element == "xf" and within:
            number_format = int(attributes.get("numFmtId", "0"))
            shapes.append(shape_of(number_format, codes.get(number_format)))

    def end(element: str) -> None:
        nonlocal within
        within = within and element != "cellXfs"

    parse(archive, part, start, end)
    return shapes


def _read_strings(archive: zipfile.ZipFile, part: str) -> SharedStrings:
    """Every string item, its rich-text runs joined, phonetic guides left out."""
    strings = SharedStrings()
    pieces: list[str] = []
    wanted = phonetic = False

    def start(element: str, _: Attributes) -> None:
        nonlocal wanted, phonetic
        if element == "t":
            wanted = not phonetic
        elif element == "si":
            pieces.clear()
        elif element == "rPh":
            phonetic = True

    def end(element: str) -> None:
        nonlocal wanted, phonetic
        if element == "t":
            wanted = False
        elif element == "si":
            strings.add(unescaped("".join(pieces)))
        elif element == "rPh":
            phonetic = False

    def text(piece: str) -> None:
        if wanted:
            pieces.append(piece)

    parse(archive, part, start, end, text)
    return strings
