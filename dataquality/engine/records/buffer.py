"""Records as arrays: every row's texts side by side, their hashes, and how rare each value is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dataquality.engine.records.fields import Field
from dataquality.engine.records.hashing import Hashes
from dataquality.engine.standardise import Slot

FIELD_END = "\x1f"
ROW_END = "\x1e"
LONGEST = 200  # characters of a field that are compared; its hash covers the whole
MOST_TOKENS = 24
FEW_ROWS = 100
FEW = 20_000  # rows from which compiled code pays


@dataclass(frozen=True)
class Tokens:
    """The words of one field, row by row: those of row r are `first[r]` to `first[r + 1]`."""

    first: NDArray[np.int64]
    start: NDArray[np.uint16]  # within the row's characters
    end: NDArray[np.uint16]
    hashes: Hashes
    weight: NDArray[np.uint8]  # about 4 x log2(rows / rows that have it), at least 1


@dataclass(frozen=True)
class Records:
    """The fields of every record.

    `chars[begin[r] + ends[r, f - 1] : begin[r] + ends[r, f]]` is field f of row r, one byte a character: ASCII as it
    is, others 128 + code point modulo 128, which is enough to see how near two texts are; equality goes by hash.
    """

    fields: tuple[Field, ...]
    hashes: Hashes  # (rows, fields), 0 for missing
    chars: NDArray[np.uint8]
    begin: NDArray[np.int64]  # (rows + 1)
    ends: NDArray[np.uint16]  # (rows, fields)
    rarity: NDArray[np.uint8]  # (rows, fields): floor(8 x log2(rows that share the value))
    tokens: Mapping[int, Tokens] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return len(self.hashes)

    def place(self, slot: str, part: str) -> int:
        """The number of a field."""
        return self.fields.index(Field(slot, part))

    def text(self, row: int, place: int) -> bytes:
        """A field's characters as they are compared."""
        begin = int(self.begin[row])
        start = begin + (int(self.ends[row, place - 1]) if place else 0)
        return self.chars[start : begin + int(self.ends[row, place])].tobytes()


def rows_as_text(slots: Sequence[Slot], fields: Sequence[Field], first: int, rows: int) -> bytes:
    """Fields joined by FIELD_END, rows ended by ROW_END; missing fields are empty. UTF-8."""
    by_name = {slot.name: slot for slot in slots}
    if rows <= FEW_ROWS:
        return _few_as_text([by_name[field.slot].parts.get(field.part) for field in fields], first, rows).encode()
    columns = [_as_text(by_name[field.slot].parts.get(field.part), first, rows) for field in fields]
    frame = pl.DataFrame([column.alias(str(place)) for place, column in enumerate(columns)])
    text = _joined(frame)
    signs = np.frombuffer(text, dtype=np.uint8)
    found = [int(np.count_nonzero(signs == ord(sign))) for sign in (FIELD_END, ROW_END)]
    if found != [rows * (len(fields) - 1), rows]:
        text = _joined(pl.DataFrame([column.str.replace_all("[\x1e\x1f]", " ") for column in frame.iter_columns()]))
    return text


def _joined(frame: pl.DataFrame) -> bytes:
    lines = frame.select(pl.concat_str(pl.concat_str(pl.all(), separator=FIELD_END), pl.lit(ROW_END)))
    text: bytes = lines.to_series().str.join("").cast(pl.Binary).item()
    return text


def _few_as_text(parts: Sequence[pl.Series | None], first: int, rows: int) -> str:
    """The same without a query for each column, which would cost more than the few rows."""
    blank = [""] * rows
    columns = [blank if part is None else [_cell(cell) for cell in part[first : first + rows]] for part in parts]
    return "".join(FIELD_END.join(row) + ROW_END for row in zip(*columns, strict=True))


def _cell(cell: object) -> str:
    if cell is None or cell is False:
        return ""
    return "1" if cell is True else str(cell).replace(FIELD_END, " ").replace(ROW_END, " ")


def _as_text(part: pl.Series | None, first: int, rows: int) -> pl.Series:
    if part is None:
        return pl.repeat("", rows, dtype=pl.String, eager=True)
    part = part.slice(first, rows)
    if part.dtype == pl.Boolean:
        return part.to_frame("x").select(pl.when(pl.col("x")).then(pl.lit("1")).otherwise(pl.lit("")))["literal"]
    return part.cast(pl.String).fill_null("")
