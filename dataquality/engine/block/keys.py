"""The keys of records: one number a record and key, 0 where the record has none."""

import zlib
from collections.abc import Sequence
from threading import Lock

import numpy as np

from dataquality.engine.block.passes import LONG, RAREST, WHOLE, Atom, Key, Pass
from dataquality.engine.records import FEW, Records, derive
from dataquality.engine.records.compiled import mixed_in
from dataquality.engine.records.hashing import Hashes, combine


class Keys:
    """Makes the keys of a table's records, each atom once."""

    def __init__(self, records: Records, *, fast: bool | None = None) -> None:
        self.records = records
        self.fast = records.rows > FEW if fast is None else fast
        self.atoms: dict[Atom, Hashes] = {}
        self.rarest: dict[int, Hashes] = {}
        self.sorting = Lock()

    def of(self, passes: Sequence[Pass], number: int) -> list[Hashes]:
        """The key columns of one pass; a key that a record has twice is kept once.

        Pieces that no later pass asks for are forgotten.
        """
        columns = self.columns(passes, number)
        self.forget(passes[number + 1 :])
        return columns

    def columns(self, passes: Sequence[Pass], number: int) -> list[Hashes]:
        """The same, and nothing is forgotten."""
        columns = [self.column(key, passes[number].name) for key in passes[number].keys]
        for place in range(1, len(columns)):
            for before in columns[:place]:
                columns[place] = np.where(columns[place] == before, np.uint64(0), columns[place])
        return columns

    def missing(self, passes: Sequence[Pass], numbers: Sequence[int]) -> list[Atom]:
        """The pieces that these passes want and that are not made yet."""
        wanted = dict.fromkeys(atom for number in numbers for key in passes[number].keys for atom in key)
        return [atom for atom in wanted if atom.how != WHOLE and atom not in self.atoms]

    def forget(self, later: Sequence[Pass]) -> None:
        """Keeps the pieces alone that later passes ask for."""
        wanted = {atom for one in later for key in one.keys for atom in key}
        self.atoms = {atom: made for atom, made in self.atoms.items() if atom in wanted}

    def of_few(self, passes: Sequence[Pass]) -> list[tuple[int, int]]:
        """(key, row) of all passes, each once: those of few rows are made at once, a step for each atom of a key."""
        wanted = [(key, zlib.crc32(one.name.encode())) for one in passes for key in one.keys]
        found: dict[tuple[int, int], None] = {}
        for length in sorted({len(key) for key, _salt in wanted}):
            together = [(key, salt) for key, salt in wanted if len(key) == length]
            parts = [np.stack([self.atom(key[place]) for key, _salt in together]) for place in range(length)]
            keys = combine(parts, np.array([[salt] for _key, salt in together], dtype=np.uint64))
            numbers, rows = np.nonzero(keys)
            found |= dict.fromkeys(zip(keys[numbers, rows].view(np.int64).tolist(), rows.tolist(), strict=True))
        return list(found)

    def column(self, key: Key, name: str) -> Hashes:
        """One number for each record: its value of the key, in the pass of that name."""
        salt = zlib.crc32(name.encode())
        if not self.fast:
            return combine([self.atom(atom) for atom in key], salt)
        made = np.empty(self.records.rows, dtype=np.uint64)
        for place, atom in enumerate(key):
            mixed_in(self._column(atom) if atom.how == WHOLE else self.atom(atom), np.uint64(salt), place == 0, made)
        return made

    def atom(self, atom: Atom) -> Hashes:
        """The hash of a piece of each record."""
        if atom.how == WHOLE:  # as soon copied from the records as kept
            return self._make(atom)
        if atom not in self.atoms:
            self.atoms[atom] = self._make(atom)
        return self.atoms[atom]

    def _make(self, atom: Atom) -> Hashes:
        records = self.records
        place = records.place(atom.slot, atom.part)
        whole = np.ascontiguousarray(self._column(atom))
        if atom.how == WHOLE:
            return whole
        if atom.how == LONG:
            long = derive(records, place, 6, fast=self.fast) != 0
            return np.where(long, whole, np.uint64(0))
        if atom.how <= RAREST:
            return self._word(place, RAREST - atom.how)
        return derive(records, place, atom.how, fast=self.fast)

    def _column(self, atom: Atom) -> Hashes:
        return self.records.hashes[:, self.records.place(atom.slot, atom.part)]

    def _word(self, place: int, rank: int) -> Hashes:
        """The rank-th rarest word of each row; equally rare ones in the order of their hashes."""
        with self.sorting:
            if place not in self.rarest:
                self.rarest[place] = self._rarest(place)
        return np.ascontiguousarray(self.rarest[place][:, rank])

    def _rarest(self, place: int) -> Hashes:
        tokens = self.records.tokens[place]
        rows = np.repeat(np.arange(self.records.rows), np.diff(tokens.first))
        order = np.lexsort((tokens.hashes, -tokens.weight.astype(np.int16), rows))
        inside = np.arange(len(rows)) - tokens.first[:-1][rows]
        table = np.zeros((self.records.rows, 4), dtype=np.uint64)
        kept = inside < 4
        table[rows[kept], inside[kept]] = tokens.hashes[order][kept]
        return table
