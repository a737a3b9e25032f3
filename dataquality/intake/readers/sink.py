"""Where readers put their rows: parquet chunks, quarantine and notices, all bounded."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from dataquality.intake.terms import Limits, Notice, Refused, printable

MOST_OF_A_KIND = 20
HELD_BACK = 20
CHUNK_CHARACTERS = 48_000_000
CHUNK_CELLS = 1_200_000
RAW_CHARACTERS = 32_767
MOST_RAW = 64_000_000
TEXT_TRICK = r'^="([^"]*)"$'
UNIT = "\x1f"  # the separator of units in ASCII
CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
FOOTER = re.compile(
    r"\s*(?:(?:grand|sub)?\s*-?total\b|sum\b|count\b|copyright\b|©|\(c\)|confidential|generated (?:by|on|at)\b|"
    r"report (?:generated|created|run)|exported (?:by|on|at)\b|page \d+|end of (?:report|file)|all rights reserved|"
    r"filtered by\b|as of \d|gesamt|summe\b|insgesamt|vertraulich|erstellt (?:von|am)\b|"
    r"总计|合计|小计|總計|合計|小計|共\s*\d+|"
    r"\d[\d.,\s]* (?:records?|rows?|contacts?|accounts?|results?|datens)|"
    r"итого|всего|total\s|totaal|totale|suma\b|razem)",
    re.IGNORECASE,
)


class Notes:
    """Notices, at most twenty of a kind in full; the rest are counted."""

    def __init__(self, notices: list[Notice]) -> None:
        self.notices = list(notices)
        self._count: Counter[str] = Counter()

    def add(
        self, code: str, sentence: str, row: int | None = None, column: str | None = None, value: str | None = None
    ) -> None:
        self._count[code] += 1
        if self._count[code] <= MOST_OF_A_KIND:
            shown = None if value is None else printable(value)
            self.notices.append(Notice(code, sentence, row, column, shown))

    def all(self) -> list[Notice]:
        more = [
            Notice(code, f"{count - MOST_OF_A_KIND:,} more rows have the same trouble ({code.replace('_', ' ')}).")
            for code, count in self._count.items()
            if count > MOST_OF_A_KIND
        ]
        return [*self.notices, *more]


class Quarantine:
    """Rows that are kept out, each with its reason per cell; a bounded number of them."""

    def __init__(self, limits: Limits) -> None:
        self.rows: set[int] = set()
        self._faults: list[tuple[int, str, str, str, str]] = []
        self._limits, self._raw = limits, 0

    def add(self, row: int, code: str, sentence: str, raw: str, column: str = "") -> None:
        raw = raw[:RAW_CHARACTERS].encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
        self.rows.add(row)
        self._faults.append((row, code, sentence, column, raw))
        self._raw += len(raw)
        if len(self.rows) > self._limits.quarantined or self._raw > MOST_RAW:
            first = self._faults[0]
            raise Refused(
                "too_many_faults",
                f"More than {len(self.rows) - 1:,} rows cannot be read; the first is row {first[0]}: {first[2]} "
                "Look at the encoding, the delimiter and the row of the headings, or export again.",
                f"row {first[0]}",
            )

    @property
    def first(self) -> str:
        """The sentence of the first fault."""
        return self._faults[0][2]

    def write(self, into: Path) -> Path | None:
        if not self._faults:
            return None
        names = ["row", "code", "sentence", "column", "raw"]
        schema = {name: pl.Int64 if name == "row" else pl.String for name in names}
        path = into / "quarantine.parquet"
        pl.DataFrame(sorted(self._faults), schema=schema, orient="row").write_parquet(path, compression="lz4")
        return path


class Sink:
    """Rows of one width on their way to parquet. Readers append to `rows` and `numbers` and call `flush_full`."""

    def __init__(self, into: Path, headings: list[str], limits: Limits, notes: Notes, way_out: str) -> None:
        self.into, self.limits, self.notes, self.way_out = into, limits, notes, way_out
        self.rows: list[list[str]] = []
        self.numbers: list[int] = []
        self.quarantine = Quarantine(limits)
        self.chunks: list[Path] = []
        self.written = 0
        self.blank = 0
        self.text_trick = False
        self.look_for_controls = False
        self.free_of_controls = False  # known for certain, so that a control sign can stand between cells
        self._after_blank: deque[int] = deque(maxlen=2 * HELD_BACK)
        self._short: dict[int, int] = {}
        self._tricks: Counter[str] = Counter()
        self.set_width(headings)

    def set_width(self, headings: list[str]) -> None:
        self.headings, self.width = headings, len(headings)
        self.chunk_rows = max(1, min(self.limits.chunk_rows, CHUNK_CELLS // max(self.width, 1)))

    def add(self, number: int, cells: list[str]) -> None:
        """A row of any shape: blank ones are counted, short ones padded, long ones kept out."""
        if not any(cells) or not "".join(cells).strip():
            self.skip_blank()
            return
        if len(cells) > self.width:
            extra = cells[self.width :]
            if any(cell.strip() for cell in extra):
                self._too_long(number, cells)
                return
            cells = cells[: self.width]
        elif len(cells) < self.width:
            self._short[number] = len(cells)
            cells = cells + [""] * (self.width - len(cells))
            if len(self._short) > 4 * MOST_OF_A_KIND + HELD_BACK:
                self._tell_short(upto=2 * MOST_OF_A_KIND)
        self.rows.append(cells)
        self.numbers.append(number)

    def skip_blank(self) -> None:
        self.blank += 1
        self._after_blank.append(self.written + len(self.rows))

    def _too_long(self, number: int, cells: list[str]) -> None:
        self.quarantine.add(
            number,
            "too_long",
            f"Row {number} has {len(cells)} cells but there are {self.width} headings (first extra: "
            f"“{printable(cells[self.width], 40)}”): {self.way_out}.",
            "\t".join(cells),
        )

    def _tell_short(self, upto: int) -> None:
        for number in list(self._short)[:upto]:
            had = self._short.pop(number)
            self.notes.add(
                "too_short",
                f"Row {number} has {had} cells of {self.width}; the missing ones at its end were taken as blank.",
                number,
            )

    def drop_last(self) -> None:
        """Take back the last row, which turned out to be none."""
        self._short.pop(self.numbers.pop(), None)
        self.rows.pop()

    def full(self) -> bool:
        """Whether there is a chunk to write and a tail to hold back, in which the footer may be."""
        return len(self.rows) >= self.chunk_rows + HELD_BACK

    def flush(self, rows: int) -> None:
        """Write the first `rows` rows as one chunk."""
        if rows <= 0:
            return
        if self.written + rows > self.limits.rows:
            raise Refused(
                "too_many_rows",
                f"The file has more than {self.limits.rows:,} rows: split it into smaller files.",
                f"row {self.numbers[0]}",
            )
        path = self.into / f"chunk-{len(self.chunks):05d}.parquet"
        self._frame(rows).write_parquet(path, compression="lz4", statistics=False)
        self.chunks.append(path)
        self.written += rows
        del self.rows[:rows], self.numbers[:rows]

    def _frame(self, rows: int) -> pl.DataFrame:
        taken = self.rows if rows == len(self.rows) else self.rows[:rows]
        columns = [pl.Series("row", self.numbers[:rows], dtype=pl.Int64)]
        for place, column in enumerate(self._columns(taken)):
            if self.text_trick:
                column = self._undo_text_trick(place, column)
            if self.look_for_controls:
                self._tell_controls(place, column)
            columns.append(column)
        return pl.DataFrame(columns)

    def _columns(self, taken: list[list[str]]) -> Iterator[pl.Series]:
        """The rows turned to columns; one long text a row is handed over four times as fast as its cells one by one."""
        if self.free_of_controls and self.width > 1:
            joined = pl.Series([UNIT.join(cells) for cells in taken], dtype=pl.String)
            parted = joined.str.split_exact(UNIT, self.width - 1).struct.unnest()
            yield from (column.alias(f"c{place}") for place, column in enumerate(parted))
        else:
            for place, values in enumerate(zip(*taken, strict=True)):
                yield pl.Series(f"c{place}", values, dtype=pl.String)

    def _undo_text_trick(self, place: int, column: pl.Series) -> pl.Series:
        found = int(column.str.contains(TEXT_TRICK).sum())
        if not found:
            return column
        self._tricks[self.headings[place]] += found
        return column.str.replace(TEXT_TRICK, "$1")

    def _tell_controls(self, place: int, column: pl.Series) -> None:
        for at in column.str.contains(CONTROL.pattern).arg_true()[: MOST_OF_A_KIND + 1]:
            self.notes.add(
                "control_character",
                f"Row {self.numbers[at]}, column “{printable(self.headings[place])}” holds control characters; the "
                "text was kept as it is.",
                self.numbers[at],
                self.headings[place],
                column[at],
            )

    def close(self) -> None:
        """Keep out the footer, write what is left, say what was skipped."""
        self._take_out_footer()
        self._tell_short(upto=len(self._short))
        while self.rows:
            self.flush(min(self.chunk_rows, len(self.rows)))
        if self.blank:
            self.notes.add("blank_rows", f"{self.blank:,} blank rows were left out.")
        for heading, count in self._tricks.items():
            self.notes.add(
                "text_trick",
                f'{count:,} cells of “{printable(heading)}” were written as ="…" for Excel and were read as the text '
                "between the quotes.",
                column=heading,
            )

    def _take_out_footer(self) -> None:
        for at in range(len(self.rows) - 1, max(-1, len(self.rows) - 1 - HELD_BACK), -1):
            filled = [cell for cell in self.rows[at] if cell.strip()]
            after_blank = self._follows_blank(at)
            if not self._is_footer(filled, self.rows[at], after_blank):
                # Nothing above a row of data is a footer, unless a footer's last line merely looks like data.
                break
            number = self.numbers[at]
            self._short.pop(number, None)
            self.quarantine.add(
                number,
                "footer",
                f"Row {number} (“{printable(filled[0], 40)}”) is a footer of the report, not a record.",
                "\t".join(self.rows[at]),
            )
            del self.rows[at], self.numbers[at]

    def _follows_blank(self, at: int) -> bool:
        """Whether a row comes right after a blank one, or only rows of one cell stand in between."""
        began = max((one - self.written for one in self._after_blank if one - self.written <= at), default=-1)
        return began == at or (
            began >= 0 and all(sum(map(bool, row)) == 1 for row in self.rows[max(began, at - HELD_BACK) : at])
        )

    def _is_footer(self, filled: list[str], cells: list[str], after_blank: bool) -> bool:
        if FOOTER.match(filled[0]):
            if self.width == 1:
                return after_blank
            return len(filled) * 2 < self.width or (len(filled) <= 2 and (after_blank or not cells[0].strip()))
        return self.width >= 3 and len(filled) == 1 and after_blank
