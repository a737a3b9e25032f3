"""From standardised columns to arrays that can be compared a million times a second."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.kinds import Kind
from dataquality.engine.memory import give_back
from dataquality.engine.records import compiled, counting, plain
from dataquality.engine.records.buffer import FEW, FEW_ROWS, Records, Tokens, rows_as_text
from dataquality.engine.records.counting import Counts, Frequencies
from dataquality.engine.records.fields import Field, compared, fields_of
from dataquality.engine.records.hashing import Hashes
from dataquality.engine.records.made import bearers, by_initials, expect_namesakes, make, name_slot, row_hashes
from dataquality.engine.standardise import Slot, Standard

__all__ = [
    "FEW", "FEW_ROWS", "Field", "Frequencies", "Records", "Tokens", "compared", "derive", "fields_of", "read",
    "row_hashes",
]  # fmt: skip

CHUNK = 25_000  # rows
LINES = (Kind.EMAIL, Kind.PHONE, Kind.IDENTIFIER, Kind.POINTER)  # lead to one person, or to few
THREADS = 2
GIVEN_BACK = 16  # pieces after which memory goes back


@dataclass
class Text:
    """The fields of every record as hashes and characters, before anything is counted; read from standardised text."""

    slots: tuple[Slot, ...]  # without their text
    fields: tuple[Field, ...]
    hashes: Hashes
    pieces: list[NDArray[np.uint8]]  # the characters, in the order of rows
    begin: NDArray[np.int64]
    ends: NDArray[np.uint16]


def read(
    standard: Standard,
    *,
    slots: tuple[Slot, ...] | None = None,
    known: Frequencies | None = None,
    fast: bool | None = None,
    keep: bool = True,
    roughly: bool = False,
) -> tuple[Records, Frequencies]:
    """The records of a standardised table, and the frequencies of its values.

    A value is as common as it has different holders: a phone number counts once for each name that has it, a name once
    for each thing that tells its records apart. So the many records of one person make nothing common.

    known: frequencies of the whole table when `standard` is only a part of it: a value counts as the greater of both.
    roughly: the holders of an address or a number are told apart by their initials only, which mostly stay as they are
    where names are badly written. fast: compiled code or not (by the number of rows when not given); the arrays are the
    same.
    """
    return counted(taken(standard, slots=slots, fast=fast), known=known, fast=fast, keep=keep, roughly=roughly)


def taken(standard: Standard, *, slots: tuple[Slot, ...] | None = None, fast: bool | None = None) -> Text:
    """The first half of `read`: after it the standardised table is needed no more."""
    slots = compared(standard) if slots is None else slots
    fields = fields_of(slots)
    hashes, pieces, begin, ends = _split(slots, fields, standard.rows, _is_fast(standard.rows, fast))
    make(slots, fields, hashes)
    return Text(tuple(replace(slot, parts={}) for slot in slots), fields, hashes, pieces, begin, ends)


def _is_fast(rows: int, fast: bool | None) -> bool:
    return rows > FEW if fast is None else fast


def counted(
    text: Text,
    *,
    known: Frequencies | None = None,
    fast: bool | None = None,
    keep: bool = True,
    roughly: bool = False,
) -> tuple[Records, Frequencies]:
    """The second half of `read`: how common every value is."""
    slots, fields, hashes, begin, ends = text.slots, text.fields, text.hashes, text.begin, text.ends
    chars = _joined(text.pieces)
    rows = len(hashes)
    fast = _is_fast(rows, fast)
    total = rows if known is None else max(rows, known.rows)
    rarity = np.zeros((rows, len(fields)), dtype=np.uint8)
    tokens: dict[int, Tokens] = {}
    kept: dict[str, Counts] = {}

    holders, things = bearers(slots, fields, hashes)
    named = name_slot(slots)
    initials = holders
    if roughly and named is not None and any(slot.name == named and slot.kind == Kind.PERSON for slot in slots):
        read_so_far = Records(fields, hashes, chars, begin, ends, rarity, {})
        first, family = (
            derive(read_so_far, read_so_far.place(named, part), 1, fast=fast) for part in ("first", "family")
        )
        initials = by_initials(first, family, holders)
    lines = {slot.name for slot in slots if slot.kind in LINES}

    def by(field: Field) -> Hashes:
        if field.slot == named:
            return things
        return initials if field.slot in lines else holders

    few = None
    if rows <= FEW_ROWS and not keep:
        few = counting.counts_of_few(hashes, np.stack([by(field) for field in fields], axis=1))

    rooms: SimpleQueue[counting.Tables] = SimpleQueue()
    for _ in range(THREADS):
        rooms.put(counting.Tables())

    def common_of(place: int, tables: counting.Tables) -> Counts:
        name = fields[place].name
        if fields[place].part == "tokens":
            first, start, end, words = _words(chars, begin, ends, place, fast)
            counts, common = counting.count(name, words, None, known, rows, fast, keep, tables)
            share = np.log2(total + 1) - np.log2(np.maximum(counts, 1))
            weight = np.clip(np.round(4 * share), 1, 255).astype(np.uint8)
            tokens[place] = Tokens(first, start, end, words, weight)
        elif few is not None:
            counts = few[:, place] if known is None else np.maximum(few[:, place], known.counts(name, hashes[:, place]))
            common = NOT_KEPT
            rarity[:, place] = EIGHTHS[np.minimum(counts, len(EIGHTHS) - 1)]
        else:
            values = np.ascontiguousarray(hashes[:, place])
            counts, common = counting.count(name, values, by(fields[place]), known, rows, fast, keep, tables)
            rarity[:, place] = EIGHTHS[np.minimum(counts, len(EIGHTHS) - 1)]
        return common

    def one(place: int) -> None:
        tables = rooms.get()
        try:
            kept[fields[place].name] = common_of(place, tables)
        finally:
            rooms.put(tables)

    if fast:
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(one, range(len(fields))))
    else:
        for place in range(len(fields)):
            one(place)
    expect_namesakes(slots, fields, hashes, rarity, total)
    ordered = {field.name: kept[field.name] for field in fields}
    return (
        Records(fields, hashes, chars, begin, ends, rarity, dict(sorted(tokens.items()))),
        known or Frequencies(rows, ordered),
    )


def _joined(pieces: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The pieces as one, which takes their place; each goes as soon as it is copied, so that memory holds them once."""
    if len(pieces) > 1:
        chars, at = np.empty(sum(len(piece) for piece in pieces), dtype=np.uint8), 0
        pieces.reverse()
        while pieces:
            piece = pieces.pop()
            chars[at : at + len(piece)] = piece
            at += len(piece)
            del piece
            if len(pieces) % GIVEN_BACK == 0:
                give_back()
        pieces.append(chars)
    return pieces[0]


NOT_KEPT: Counts = np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
EIGHTHS = np.floor(8 * np.log2(np.maximum(np.arange(1 << 21), 1)) + 1e-9).astype(np.uint8)


def derive(records: Records, place: int, how: int, *, fast: bool | None = None) -> Hashes:
    """Hash of each row's beginning of a field (`how` characters) or of its consonants (0); 0 where too short."""
    if not (records.rows > FEW if fast is None else fast):
        return plain.derive(records.chars, records.begin, records.ends, place, how)
    out = np.zeros(records.rows, dtype=np.uint64)
    compiled.derive(records.chars, records.begin, records.ends, place, how, out)
    return out


def _split(
    slots: tuple[Slot, ...], fields: tuple[Field, ...], rows: int, fast: bool
) -> tuple[Hashes, list[NDArray[np.uint8]], NDArray[np.int64], NDArray[np.uint16]]:
    if not rows:
        empty = np.zeros((0, len(fields)))
        return empty.astype(np.uint64), [np.zeros(0, np.uint8)], np.zeros(1, np.int64), empty.astype(np.uint16)
    if not fast:
        values, characters, starts, stops = plain.split(rows_as_text(slots, fields, 0, rows), rows, len(fields))
        return values, [characters], starts, stops
    hashes = np.empty((rows, len(fields)), dtype=np.uint64)
    ends = np.empty((rows, len(fields)), dtype=np.uint16)
    begin = np.zeros(rows + 1, dtype=np.int64)

    def one(first: int) -> NDArray[np.uint8]:
        size = min(CHUNK, rows - first)
        data = np.frombuffer(rows_as_text(slots, fields, first, size), dtype=np.uint8)
        chars = np.empty(len(data), dtype=np.uint8)
        local = np.zeros(size + 1, dtype=np.int64)
        written = compiled.split(data, hashes[first : first + size], chars, local, ends[first : first + size])
        begin[first + 1 : first + size + 1] = local[1:]
        return chars[:written].copy()

    with ThreadPoolExecutor(THREADS) as pool:
        pieces = list(pool.map(one, range(0, rows, CHUNK)))
    offset = 0
    for first, piece in zip(range(0, rows, CHUNK), pieces, strict=True):
        begin[first + 1 : first + CHUNK + 1] += offset
        offset += len(piece)
    return hashes, pieces, begin, ends


def _words(
    chars: NDArray[np.uint8], begin: NDArray[np.int64], ends: NDArray[np.uint16], place: int, fast: bool
) -> tuple[NDArray[np.int64], NDArray[np.uint16], NDArray[np.uint16], Hashes]:
    if not fast:
        return plain.words(chars, begin, ends, place)
    first = np.zeros(len(ends) + 1, dtype=np.int64)
    none = np.zeros(0, dtype=np.uint16)
    n = compiled.words(chars, begin, ends, place, first, none, none, np.zeros(0, dtype=np.uint64))
    start, end, hashes = np.zeros(n, np.uint16), np.zeros(n, np.uint16), np.zeros(n, np.uint64)
    if n:
        compiled.words(chars, begin, ends, place, first, start, end, hashes)
    return first, start, end, hashes
