"""The gate for zipped workbooks: every part counted while it inflates, before any parser sees one."""

from __future__ import annotations

import errno
import re
import struct
import zipfile
import zlib
from pathlib import Path

from .terms import Limits, Refused, printable

PIECE = 1 << 18
LEAD = 4096
SAVE_AGAIN = "open it in a spreadsheet program, save it again as .xlsx, and upload that"
WORKSHEET = re.compile(rb"<([A-Za-z_][\w.-]*:)?worksheet[\s/>]")
ACTIVE = {
    "vbaproject.bin": "a macro (vbaProject)",
    "xl/macrosheets/": "macro sheets",
    "xl/activex/": "ActiveX controls",
    "xl/externallinks/": "links to other workbooks",
}


def inspect(path: Path, limits: Limits) -> dict[str, int]:
    """Refuse a zip that is damaged, hostile, too big unpacked, or no .xlsx workbook; else rows per worksheet part."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _look_at_names(parts, limits)
            unpacked, rows = 0, {}
            for part in parts:
                size, rows[part.filename] = _inflate(archive, part, limits, unpacked)
                unpacked += size
            return rows
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise  # the disk's fault; an offset before the beginning is the file's
        raise Refused(
            "damaged",
            "The file is damaged or incomplete, as after an upload that broke off "
            f"({printable(str(error)) or type(error).__name__}): download or export it again.",
        ) from None


def _look_at_names(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(parts) > limits.parts:
        raise Refused(
            "too_many_parts",
            f"The workbook has {len(parts):,} parts (sheets, pictures) and the limit is {limits.parts:,}: "
            "copy the sheet with the data into a new workbook.",
        )
    seen: set[str] = set()
    for part in parts:
        name = part.filename.replace("\\", "/").casefold()
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
            raise Refused(
                "unsafe_path",
                f"The archive holds a part that points outside itself (“{printable(part.filename)}”), which no "
                f"spreadsheet program writes: {SAVE_AGAIN}.",
            )
        if name in seen:
            raise Refused(
                "duplicate_part",
                f"The archive holds the part “{printable(part.filename)}” twice, so two programs would read "
                f"different data: {SAVE_AGAIN}.",
            )
        seen.add(name)
        if part.flag_bits & 0x1:
            raise Refused("password", "The archive is password-protected; remove the password and upload it again.")
    _want_a_workbook(seen)
    for name in seen:
        for mark, what in ACTIVE.items():
            if name.startswith(mark) or name.endswith("/" + mark):
                raise Refused(
                    "active_content",
                    f"The workbook holds {what}, which an export does not need: copy the data into a new workbook, "
                    "save it as .xlsx without macros or links, and upload that.",
                )


def _want_a_workbook(names: set[str]) -> None:
    if "[content_types].xml" in names and any(name.endswith(".xml") and "workbook" in name for name in names):
        return
    if any(name.endswith("workbook.bin") for name in names):
        raise Refused("wrong_kind", f"This is a binary workbook (.xlsb): {SAVE_AGAIN}.")
    if "content.xml" in names and "mimetype" in names:
        raise Refused("wrong_kind", f"This is an OpenDocument file: {SAVE_AGAIN}.")
    raise Refused(
        "wrong_kind", "This is a zip archive without a workbook: unpack it and upload the .xlsx or CSV file inside."
    )


def _inflate(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits, before: int) -> tuple[int, int]:
    """Bytes and rows of one part, unpacked in pieces, which verifies its CRC; the declared size is not believed."""
    most = min(limits.unpacked - before, max(limits.ratio_from, part.compress_size * limits.ratio))
    if part.file_size > most:
        raise _bomb(part, limits)
    size, lead, count = 0, b"", RowCount()
    with archive.open(part) as stream:
        while piece := stream.read(PIECE):
            if not lead:
                lead = piece[:LEAD]
                count.begin(lead)
            count.add(piece)
            size += len(piece)
            if size > most:
                raise _bomb(part, limits)
    if size != part.file_size:
        raise zipfile.BadZipFile("a part is shorter than the archive says")
    if part.filename.casefold().endswith((".xml", ".rels", ".vml")):
        _refuse_doctype(part.filename, lead)
    return size, count.rows


def _refuse_doctype(name: str, lead: bytes) -> None:
    if lead[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in lead:
        raise Refused(
            "damaged", f"The part “{printable(name)}” is not UTF-8, which spreadsheet programs write: {SAVE_AGAIN}."
        )
    if b"<!doctype" in lead.lower() or b"<!entity" in lead.lower():
        raise Refused(
            "doctype",
            f"The part “{printable(name)}” carries a document type definition, which may pull in other files and "
            f"which no spreadsheet program writes: {SAVE_AGAIN}.",
        )


def _bomb(part: zipfile.ZipInfo, limits: Limits) -> Refused:
    return Refused(
        "too_big_unpacked",
        f"The part “{printable(part.filename)}” unpacks to more than {limits.ratio} times its packed size or to more "
        f"than {limits.unpacked // 1_000_000:,} MB in all: copy the sheet with the data into a new workbook.",
    )


class RowCount:
    """Row elements of a worksheet, counted in its bytes and not by the parser, to check the parser against."""

    def __init__(self) -> None:
        self.rows = 0
        self._tails: dict[bytes, bytes] | None = None

    def begin(self, lead: bytes) -> None:
        root = WORKSHEET.search(lead)
        if root:
            row = b"<" + (root[1] or b"") + b"row"
            self._tails = {row: b"", row + b"Breaks": b""}

    def add(self, piece: bytes) -> None:
        for needle, tail in (self._tails or {}).items():
            text = tail + piece
            found = text.count(needle)
            self.rows += -found if needle.endswith(b"Breaks") else found
            self._tails[needle] = text[1 - len(needle) :]  # type: ignore[index]
