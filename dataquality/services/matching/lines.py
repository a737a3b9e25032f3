"""Records in one spelling, a line of text each, kept beside their keys: what is known needs no reading again."""

from __future__ import annotations

import polars as pl

from dataquality.engine.columns import Kind
from dataquality.engine.matching import Model
from dataquality.engine.records import FEW_ROWS
from dataquality.engine.records.fields import PARTS
from dataquality.engine.standardise import Slot, Standard

END = "\x1f"
Layout = list[str]  # slot and part of each field, with a tab between them


def layout_of(standard: Standard, model: Model) -> Layout:
    """What is kept of these records: every part that is compared and that standardising gives."""
    known = {name for name, _kind, _columns in model.slots}
    return [
        f"{slot.name}\t{part}"
        for slot in standard.slots
        if slot.name in known
        for part in PARTS[slot.kind]
        if part in slot.parts
    ]


def lines_of(standard: Standard, layout: Layout) -> pl.Series:
    """A line a record."""
    parts = {f"{slot.name}\t{part}": values for slot in standard.slots for part, values in slot.parts.items()}
    frame = pl.DataFrame([_as_text(parts[name]).alias(name) for name in layout])
    return frame.select(line=pl.concat_str(pl.all().str.replace_all(END, " ", literal=True), separator=END))["line"]


def standard_of(lines: pl.Series, layout: Layout, model: Model) -> Standard:
    """The records again, as far as they are compared."""
    columns = _columns(lines, layout)
    slots = []
    for name, kind, origin in model.slots:
        parts = {one.partition("\t")[2]: values for one, values in columns.items() if one.partition("\t")[0] == name}
        slots.append(Slot(name, Kind(kind), origin, parts))
    return Standard(len(lines), tuple(slots))


def _columns(lines: pl.Series, layout: Layout) -> dict[str, pl.Series]:
    """The cells of each field, null where blank."""
    if len(lines) <= FEW_ROWS:
        rows = [(line or "").split(END) for line in lines.to_list()]
        cells = zip(*rows, strict=True) if rows else [()] * len(layout)
        return {
            name: pl.Series(name, [text or None for text in texts], dtype=pl.String)
            for name, texts in zip(layout, cells, strict=True)
        }
    split = lines.str.split_exact(END, len(layout) - 1).struct.unnest()
    return {name: texts.set(texts == "", None) for name, texts in zip(layout, split.iter_columns(), strict=True)}


def _as_text(part: pl.Series) -> pl.Series:
    if part.dtype == pl.Boolean:
        return part.replace_strict({True: "1", False: ""}, default="", return_dtype=pl.String)
    return part.cast(pl.String).fill_null("")
