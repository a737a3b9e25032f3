"""Excel workbooks (.xlsx): choose the sheet, stream it, and account for every row element."""

from __future__ import annotations

import zipfile
from itertools import islice
from pathlib import Path

from dataquality.intake.gate import Admitted
from dataquality.intake.sniff import Layout, Row, lay_out
from dataquality.intake.terms import Choices, Limits, Question, Reading, Refused, Sheet, printable

from .package import VISIBLE, Book, Tab, damaged, read_book
from .questions import no_rows
from .sink import CHUNK_CHARACTERS, HELD_BACK, Notes, Sink
from .worksheet import SheetRow, Worksheet

SAMPLE_ROWS = 60


def read(path: Path, into: Path, choices: Choices, limits: Limits, admitted: Admitted) -> Reading:
    """Read one sheet of a workbook; rows without cells are blank, cells keep their places."""
    notes = Notes(admitted.notices)
    questions: list[Question] = []
    with zipfile.ZipFile(path) as archive:
        book = read_book(archive)
        counted = admitted.rows_of_part
        if not any(counted.get(tab.part, 0) for tab in book.tabs):
            next(Worksheet(archive, book.tabs[0].part, book, limits).rows(), None)  # malformed is more than empty
        tab = _choose(book, counted, choices, questions, notes)
        sheet = Worksheet(archive, tab.part, book, limits)
        stream = sheet.rows()
        sample = list(islice(stream, SAMPLE_ROWS))
        filled = [Row(row.number, row.cells) for row in sample if any(cell.strip() for cell in row.cells)]
        if not filled:
            raise Refused(
                "no_header",
                f"The sheet “{printable(tab.name)}” has no header and no rows: choose another sheet or export again.",
            )
        width = max(len(_trimmed(row.cells)) for row in filled)
        filled = [Row(row.number, [*row.cells[:width], *[""] * (width - len(row.cells))]) for row in filled]
        layout = lay_out(filled, choices.header_row, choices.answer("double_heading", "yes") is not None)
        sink = Sink(into, layout.headings, limits, notes, "give that column a heading, or clear the cell")
        for row in sample:
            _take(row, layout, sink)
        characters = 0
        for row in stream:
            characters += _take(row, layout, sink)
            if sink.full() or characters > CHUNK_CHARACTERS:
                characters = 0
                sink.flush(min(sink.chunk_rows, len(sink.rows) - HELD_BACK))
        sink.close()
    if sheet.tally.rows != counted.get(tab.part, 0):
        raise damaged(tab.part, f"{counted.get(tab.part, 0):,} rows counted, {sheet.tally.rows:,} read")
    _tell(sheet, layout, notes)
    if not sink.written and choices.answer("no_rows", "yes") is None:
        questions.append(no_rows(len(sink.quarantine.rows)))
    return Reading(
        kind="xlsx",
        encoding=None,
        delimiter=None,
        header_row=layout.header.number,
        sheet=tab.name,
        sheets=[Sheet(one.name, one.state, counted.get(one.part, 0)) for one in book.tabs],
        headings=layout.headings,
        raw_headings=layout.header.cells,
        rows=sink.written,
        quarantined=len(sink.quarantine.rows),
        questions=[*questions, *layout.questions],
        notices=[*layout.notices, *notes.all()],
        chunks=sink.chunks,
        quarantine=sink.quarantine.write(into),
    )


def _choose(book: Book, counted: dict[str, int], choices: Choices, questions: list[Question], notes: Notes) -> Tab:
    """The sheet a person chose, or the only visible one with rows; several are a question."""
    names = ", ".join(printable(tab.name, 40) for tab in book.tabs[:10])
    if choices.sheet is not None:
        chosen = next((tab for tab in book.tabs if tab.name == choices.sheet), None)
        if chosen is None:
            raise Refused("sheet", f"There is no sheet “{printable(choices.sheet)}”: choose one of {names}.")
        return chosen
    hidden = [tab for tab in book.tabs if tab.state != VISIBLE]
    if hidden:
        shown = ", ".join(printable(tab.name, 40) for tab in hidden[:10])
        notes.add("hidden_sheet", f"Hidden sheets were not read: {shown}.")
    filled = [tab for tab in book.tabs if tab.state == VISIBLE and counted.get(tab.part, 0)]
    if not filled:
        raise Refused(
            "no_header",
            f"No visible sheet of the workbook has rows (sheets: {names}): export again, or unhide the one that has.",
        )
    if len(filled) > 1:
        options = [tab.name for tab in filled]
        sentence = f"The workbook has {len(filled)} sheets with rows. Which one is the table?"
        questions.append(Question("sheet", sentence, options, options[0]))
    return filled[0]


def _trimmed(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _take(row: SheetRow, layout: Layout, sink: Sink) -> int:
    """Put one row where it belongs; returns its size in characters, roughly."""
    if row.number <= layout.header.number:
        return 0
    for fault in row.faults:
        heading = _heading(layout, fault.place)
        raw = fault.raw or "\t".join(row.cells)
        said = f"Row {row.number}, column “{printable(heading)}” {fault.said}."
        sink.quarantine.add(row.number, fault.code, said, raw, heading)
    if row.faults:
        return 0
    for odd in row.oddities:
        heading = _heading(layout, odd.place)
        sink.notes.add(
            odd.code, f"Row {row.number}, column “{printable(heading)}” {odd.said}.", row.number, heading, odd.raw
        )
    cells = row.cells
    if len(cells) < sink.width:
        cells = cells + [""] * (sink.width - len(cells))
    sink.add(row.number, cells)
    return sum(map(len, cells))


def _heading(layout: Layout, place: int) -> str:
    return layout.headings[place] if place < len(layout.headings) else f"column_{place + 1}"


def _tell(sheet: Worksheet, layout: Layout, notes: Notes) -> None:
    tally = sheet.tally
    for count, code, sentence in (
        (tally.hidden_rows, "hidden_rows", "{} hidden row(s) included: the sheet was filtered when it was saved."),
        (tally.hidden_columns, "hidden_columns", "{} hidden column range(s) included."),
        (tally.formulas, "formulas", "{} cell(s) hold formulas; their last calculated values were read."),
        (tally.merged, "merged_cells", "{} merged range(s): only the first cell of each holds the value."),
    ):
        if count:
            notes.add(code, sentence.format(f"{count:,}"))
    for place, dates in tally.dates.items():
        if dates > tally.plain_count[place]:
            heading = _heading(layout, place)
            for number, text in tally.plain.get(place, ()):
                if number > layout.header.number:
                    said = f"Row {number}, column “{printable(heading)}” holds the plain number {text} among dates."
                    notes.add("unformatted_date", said, number, heading, text)
