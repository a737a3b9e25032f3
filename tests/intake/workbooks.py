"""Write small workbooks by hand, part by part, as no spreadsheet program would."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NO_PARTS: Mapping[str, str | bytes] = {}
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*targets: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{place}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{rows}</Relationships>'


def text(value: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def row(*cells: str) -> str:
    return "<row>" + "".join(cells) + "</row>"


def workbook(
    path: Path, *sheet_rows: str, names: list[str] | None = None, parts: Mapping[str, str | bytes] = NO_PARTS
) -> Path:
    """Each of `sheet_rows` is the inside of one sheetData; `parts` replace or add whole parts by their path."""
    names = names or [f"S{place}" for place in range(1, len(sheet_rows) + 1)]
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{place}" r:id="rId{place}"/>' for place, name in enumerate(names, start=1)
    )
    extra = [("sharedStrings", "sharedStrings.xml")] if "xl/sharedStrings.xml" in parts else []
    extra += [("styles", "styles.xml")] if "xl/styles.xml" in parts else []
    held: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            *(("worksheet", f"worksheets/sheet{place}.xml") for place in range(1, len(sheet_rows) + 1)), *extra
        ),
    }
    for place, rows in enumerate(sheet_rows, start=1):
        held[f"xl/worksheets/sheet{place}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**held, **parts}.items():
            archive.writestr(name, content)
    return path
