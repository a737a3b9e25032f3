"""What stands before every parser: the size, the first bytes, and what kind of file they show."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from .archive import inspect
from .terms import Limits, Notice, Refused, printable

SAVE_AS = "open it in a spreadsheet program, save it as .xlsx or as CSV (UTF-8), and upload that"
LEAD = 4096
TABLE_WITHIN = 1 << 18  # bytes in which a page that holds an export comes to its table
TEXT_NAMES = {".csv", ".tsv", ".tab", ".txt", ".ndjson", ".jsonl", ""}
LINE_NAMES = {".ndjson", ".jsonl"}
CARD_NAMES = {".vcf", ".vcard"}
PAGE_NAMES = {".xls", ".html", ".htm"}  # under these a CRM writes its table as a web page

# First bytes of what people upload by mistake, with its name and the way out.
MAGIC: list[tuple[bytes, str, str]] = [
    (b"\x1f\x8b", "a gzip archive", "unpack it and upload the file inside"),
    (b"BZh", "a bzip2 archive", "unpack it and upload the file inside"),
    (b"\xfd7zXZ\x00", "an xz archive", "unpack it and upload the file inside"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it and upload the file inside"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it and upload the file inside"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it and upload the file inside"),
    (b"%PDF-", "a PDF document", "export the table itself as .xlsx or CSV"),
    (b"\x89PNG", "a picture", "export the table itself as .xlsx or CSV"),
    (b"\xff\xd8\xff", "a picture", "export the table itself as .xlsx or CSV"),
    (b"GIF8", "a picture", "export the table itself as .xlsx or CSV"),
    (b"PAR1", "a parquet file", "export the table as .xlsx or CSV"),
    (b"SQLite format 3\x00", "a database file", "export the table as .xlsx or CSV"),
    (b"\x7fELF", "a program", "upload a CRM export as .xlsx or CSV"),
    (b"MZ\x90\x00", "a program", "upload a CRM export as .xlsx or CSV"),
    (b"{\\rtf", "a text document (RTF)", "export the table itself as .xlsx or CSV"),
]
CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|script)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Admitted:
    """A file that may be parsed: csv, html, ndjson, vcard or xlsx, and for a workbook the row elements of each part."""

    kind: str
    notices: list[Notice]
    rows_of_part: dict[str, int] = field(default_factory=dict)


def admit(path: Path, name: str, limits: Limits) -> Admitted:
    """What a file is by its content, never by its name alone."""
    size = path.stat().st_size
    if size > limits.bytes:
        raise Refused(
            "too_big",
            f"The file has {size:,} bytes and the limit is {limits.bytes:,}: split it into smaller files, "
            "or leave out columns that are not needed.",
        )
    with path.open("rb") as stream:
        lead = stream.read(LEAD)
    start = lead.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not lead.strip(b"\xef\xbb\xbf\xfe\xff\x00") and size <= 16:
        raise Refused("empty", "The file is empty: export it again and look at its size before you upload it.")
    if lead.startswith(b"PK"):
        return _packed(path, name, limits)
    if lead.startswith(CFB):
        raise _old_office(path)
    for magic, what, way_out in MAGIC:
        if lead.startswith(magic):
            raise Refused("wrong_kind", f"“{printable(name)}” is {what}, not a table: {way_out}.")
    if HTML.match(start) and Path(name).suffix.lower() in PAGE_NAMES and _has_table(path):
        return Admitted("html", [Notice("html", f"“{printable(name)}” is a web page; its first table was read.")])
    _refuse_markup(start, name)
    return _text(path, start, name)


def _packed(path: Path, name: str, limits: Limits) -> Admitted:
    rows = inspect(path, limits)
    if Path(name).suffix.lower() != ".xlsx":
        raise Refused(
            "wrong_name",
            f"“{printable(name)}” holds an Excel workbook under another name: rename it to end in .xlsx and "
            "upload it again, so that nobody takes it for text.",
        )
    return Admitted("xlsx", [], rows)


def _old_office(path: Path) -> Refused:
    """Excel 97-2003 and password-protected workbooks share the compound file format."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Refused("password", "The file is password-protected; remove the password and upload it again.")
    return Refused("old_excel", f"This is an Excel 97-2003 workbook (.xls): {SAVE_AS}.")


def _has_table(path: Path) -> bool:
    with path.open("rb") as stream:
        return re.search(rb"<table\b", stream.read(TABLE_WITHIN), re.IGNORECASE) is not None


def _refuse_markup(start: bytes, name: str) -> None:
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start and start.startswith(b"<?xml"):
        raise Refused("xml_spreadsheet", f"This is an Excel 2003 XML spreadsheet: {SAVE_AS}.")
    if HTML.match(start):
        raise Refused(
            "html",
            "This is HTML, not CSV: either a sign-in page was saved instead of the export, or the CRM wrote a web "
            f"page under the name “{printable(name)}”; if a spreadsheet program shows the table, {SAVE_AS}.",
        )
    if start.startswith(b"<?xml"):
        raise Refused("xml", "This is XML, not a table: export as .xlsx or as CSV (UTF-8) instead.")


def _text(path: Path, start: bytes, name: str) -> Admitted:
    suffix = Path(name).suffix.lower()
    if re.match(rb"BEGIN:\s*VCARD\b", start.lstrip(b"\xfe\xff").replace(b"\x00", b""), re.IGNORECASE):
        return Admitted("vcard", _told(name, suffix, CARD_NAMES, "vCards"))
    if suffix in CARD_NAMES:
        raise Refused(
            "no_card", f"“{printable(name)}” holds no vCards, which begin with BEGIN:VCARD: export the contacts again."
        )
    if start.startswith(b"{") and (suffix in LINE_NAMES or (suffix != ".json" and _objects_a_line(path))):
        return Admitted("ndjson", _told(name, suffix, LINE_NAMES, "one JSON object a line"))
    if suffix in LINE_NAMES:
        return Admitted("ndjson", [])
    if start[:1] in (b"{", b"[") and _opens_json(start):
        raise Refused(
            "json", "This is JSON, not CSV: export as .xlsx or CSV, or write one JSON object a line (.ndjson)."
        )
    return Admitted("csv", _told(name, suffix, TEXT_NAMES, "text with delimiters"))


def _told(name: str, suffix: str, usual: set[str], what: str) -> list[Notice]:
    if suffix in usual:
        return []
    return [Notice("wrong_name", f"“{printable(name)}” holds {what}, whatever its name says, and was read as that.")]


def _objects_a_line(path: Path) -> bool:
    """Whether the first two filled lines are each a whole JSON object."""
    found = 0
    with path.open("rb") as stream:
        for _ in range(20):
            line = stream.readline(1_000_000).strip(b"\xef\xbb\xbf \t\r\n")
            if not line:
                continue
            try:
                if not isinstance(json.loads(line), dict):
                    return False
            except (ValueError, RecursionError):
                return False
            found += 1
            if found == 2:
                return True
    return False


def _opens_json(start: bytes) -> bool:
    """A JSON document begins with a bracket and then a key, a value or its end, which headings do not."""
    return re.match(rb'\{\s*(?:"[^"]*"\s*:|\}\s*$)|\[\s*(?:[{\["\]]|-?\d|true|false|null)', start) is not None
