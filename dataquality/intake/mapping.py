"""From the text of a file to typed columns of a table, chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from dataquality.engine.columns import Kind
from dataquality.engine.identifiers import salesforce_18
from dataquality.engine.parse import (
    DateFormat,
    DateTally,
    NumberFormat,
    NumberTally,
    blank_tokens,
    boolean_codes,
    clean_text,
    date_codes,
    number_codes,
    parse_booleans,
    parse_dates,
    parse_numbers,
    without_tokens,
)
from dataquality.subjects import DATES, NUMBERS, Subject

KEY_GLUE = " | "
SHORT_SALESFORCE = r"^[A-Za-z0-9]{15}$"


@dataclass
class Layout:
    """How the columns of one file become those of a table: heading i feeds the field `fields[i]`."""

    subject: Subject
    product: str
    headings: Sequence[str]
    mapping: Mapping[str, str]  # heading to field, "external_id" for the id
    key: Sequence[str]
    formats: dict[str, dict[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fields: dict[int, str] = {}
        self.unmapped: dict[int, str] = {}
        for i, heading in enumerate(self.headings):
            name = self.mapping.get(heading, "")
            if name in self.subject.columns:
                self.fields[i] = name
            elif name != "external_id" or list(self.key) != [heading]:
                self.unmapped[i] = heading
        self.key_columns = [self.headings.index(heading) for heading in self.key]

    def kind(self, name: str) -> Kind:
        return self.subject.columns[name].kind

    @property
    def stored(self) -> list[str]:
        """The database columns that this file speaks of."""
        return [self.subject.stored_name(name) for name in self.fields.values()]

    def note_blanks(self, found: Mapping[str, Iterable[str]]) -> None:
        """Remember by field which texts were taken for blank, so that a person is told."""
        for name, tokens in found.items():
            said = self.formats.setdefault(name, {})
            said["blank"] = sorted({*tokens, *said.get("blank", ())})  # type: ignore[misc]


class Tally:
    """What the whole file says of its dates and numbers; add the `columns` of every chunk, then decide."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.dates = {i: DateTally() for i, name in layout.fields.items() if layout.kind(name) in DATES}
        self.numbers = {i: NumberTally() for i, name in layout.fields.items() if layout.kind(name) in NUMBERS}
        self.tokens: dict[int, set[str]] = {i: set() for i in (*self.dates, *self.numbers)}
        self.columns = [f"c{i}" for i in self.tokens]

    def add(self, chunk: pl.DataFrame) -> None:
        for i, tokens in self.tokens.items():
            text = clean_text(chunk.get_column(f"c{i}"))
            tokens |= blank_tokens(self.layout.kind(self.layout.fields[i]), text.alias("value").to_frame())
            (self.dates.get(i) or self.numbers[i]).add(without_tokens(text, tokens))

    def decide(self) -> dict[str, dict[str, object]]:
        """By field, as JSON: how dates and numbers are read, and which texts mean blank there."""
        formats: dict[str, dict[str, object]] = {}
        for i, tokens in self.tokens.items():
            said: dict[str, object] = {"blank": sorted(tokens)}
            if i in self.dates:
                said["date"] = self.dates[i].decide().to_json()
            else:
                said["number"] = self.numbers[i].decide().to_json()
            formats[self.layout.fields[i]] = said
        return formats


@dataclass(frozen=True)
class Typed:
    """A chunk as typed columns, the cells that could not be read, and the texts of each field that mean blank."""

    frame: pl.DataFrame
    unread: pl.DataFrame  # row, field, code, value, suggestion
    blank: dict[str, frozenset[str]]


UNREAD = {
    "row": pl.Int64, "field": pl.String, "code": pl.String, "value": pl.String, "suggestion": pl.String,
}  # fmt: skip


def typed(chunk: pl.DataFrame, layout: Layout) -> Typed:
    """Apply the decided layout: `row`, `external_id`, one column a stored field, `extra` as JSON text.

    Text is "" where blank; dates, numbers and booleans are null where blank or unreadable, and an unreadable text is
    kept in `extra` under its heading.
    """
    columns: dict[str, pl.Series] = {"row": chunk.get_column("row")}
    kept_raw: dict[str, pl.Series] = {}
    unread: list[pl.DataFrame] = []
    blank: dict[str, frozenset[str]] = {}
    for i, name in layout.fields.items():
        said = layout.formats.get(name, {})
        text = clean_text(chunk.get_column(f"c{i}"))
        blank[name] = blank_tokens(layout.kind(name), text.alias("value").to_frame())
        text = without_tokens(text, blank[name])
        value, codes = _value(text, layout.kind(name), said)
        pointed = _pointed(value, layout) if layout.kind(name) is Kind.POINTER else value
        columns[layout.subject.stored_name(name)] = pointed
        if codes is not None:
            bad = chunk.select("row").hstack(codes).with_columns(value=text, field=pl.lit(name))
            bad = bad.filter(pl.col("code").is_not_null()).select(*UNREAD)
            if bad.height:
                unread.append(bad)
                lost = value.is_null() & text.is_not_null()
                if lost.any():
                    kept_raw[layout.headings[i]] = text.set(~lost, None)
    columns["external_id"] = _key(chunk, layout)
    extra = {heading: clean_text(chunk.get_column(f"c{i}")) for i, heading in layout.unmapped.items()}
    columns["extra"] = _json(extra | kept_raw, chunk.height)
    frame = pl.DataFrame(columns)
    return Typed(frame, pl.concat(unread) if unread else pl.DataFrame(schema=UNREAD), blank)


def _value(text: pl.Series, kind: Kind, said: Mapping[str, object]) -> tuple[pl.Series, pl.DataFrame | None]:
    if kind in DATES:
        form = DateFormat.from_json(str(said["date"]))
        value = parse_dates(text, form)
        value = value.cast(pl.Date) if kind is Kind.DATE else value.cast(pl.Datetime("us"))
        return value, date_codes(text, form)
    if kind in NUMBERS:
        number = NumberFormat.from_json(str(said["number"]))
        value = parse_numbers(text, number)
        if kind is Kind.INTEGER:
            value = value.round(0).cast(pl.Int64, strict=False)
        return value, number_codes(text, number)
    if kind is Kind.BOOLEAN:
        codes = boolean_codes(text).alias("code").to_frame().with_columns(suggestion=pl.lit(None, dtype=pl.String))
        return parse_booleans(text), codes
    return text.fill_null(""), None


def _pointed(value: pl.Series, layout: Layout) -> pl.Series:
    """Salesforce writes ids with 15 or 18 characters: one form for both sides of a pointer."""
    return _long_ids(value) if layout.product == "salesforce" else value


def _long_ids(value: pl.Series) -> pl.Series:
    short = value.filter(value.str.contains(SHORT_SALESFORCE)).unique()
    if short.len() == 0:
        return value
    known = {text: salesforce_18(text) for text in short.to_list() if any(sign.isdigit() for sign in text)}
    return value.replace(known)


def _key(chunk: pl.DataFrame, layout: Layout) -> pl.Series:
    parts = [clean_text(chunk.get_column(f"c{i}")) for i in layout.key_columns]
    if not parts:
        return pl.Series([None] * chunk.height, dtype=pl.String)
    if len(parts) == 1:
        return _long_ids(parts[0]) if layout.product == "salesforce" else parts[0]
    joined = pl.DataFrame({str(n): part.fill_null("") for n, part in enumerate(parts)})
    blank = joined.select(pl.all_horizontal(pl.all() == "")).to_series()
    return joined.select(pl.concat_str(pl.all(), separator=KEY_GLUE)).to_series().set(blank, None)


def _json(columns: Mapping[str, pl.Series], height: int) -> pl.Series:
    if not columns:
        return pl.Series(["{}"] * height, dtype=pl.String)
    frame = pl.DataFrame(dict(columns))
    return frame.select(pl.struct(pl.all()).struct.json_encode()).to_series()
