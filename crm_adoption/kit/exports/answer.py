"""The file as an answer: always an attachment, named, never kept in memory whole."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.exports.delimited import machine_csv, marked_csv
from crm_adoption.kit.exports.workbook import write_workbook

Kind = Literal["xlsx", "csv", "csv_bom", "marked"]
KINDS = {
    "xlsx": _("Excel workbook, to read"),
    "csv": _("CSV, to import (do not open in Excel)"),
    "csv_bom": _("CSV, to import, with a byte order mark"),
    "marked": _("CSV to read, cells that could run are marked"),
}
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(kind: str, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """Answer with the rows as a file of one of KINDS, called `name` and today's date."""
    stem = f"{name}-{timezone.localdate():%Y-%m-%d}"
    if kind == "xlsx":  # FileResponse closes the file
        file = tempfile.TemporaryFile()  # noqa: SIM115
        write_workbook(file, headings, rows, title=name)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{stem}.xlsx", content_type=XLSX_TYPE)
    lines = marked_csv(headings, rows) if kind == "marked" else machine_csv(headings, rows, bom=kind == "csv_bom")
    stem += "-marked" if kind == "marked" else ""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{stem}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
