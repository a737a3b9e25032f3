"""Each of the 103 torture files gets what its MANIFEST expects, as far as reading goes."""

from __future__ import annotations

import contextlib
import csv
import random
import time

import pytest

from dataquality.intake.child import read as read_here
from dataquality.intake.terms import Choices, Limits, Refused

from .read import read, shared
from .torture import EXPECTED

PEAK_BYTES = 512_000_000


def test_every_file_of_the_manifest_has_an_expectation_here():
    with shared("torture", "MANIFEST.csv").open(encoding="utf-8") as stream:
        files = {row["file"] for row in csv.DictReader(stream)}

    assert files == set(EXPECTED)
    assert len(files) == 103


@pytest.mark.parametrize("file", EXPECTED)
def test_a_torture_file_gets_what_the_manifest_expects(file, tmp_path):
    expect = EXPECTED[file]
    path = shared("torture", file)

    began = time.monotonic()
    result = read(path, tmp_path / "out")
    took = time.monotonic() - began

    assert took <= expect.within
    assert result.peak_bytes, "the child died instead of answering"
    assert result.peak_bytes <= PEAK_BYTES
    if expect.refused:
        assert (result.refused.code, result.refused.place) == (expect.refused, expect.place or result.refused.place)
        assert result.refused.sentence.endswith(".")
        return
    assert result.reading.rows == len(result.rows)
    assert len(result.rows) == expect.rows if isinstance(expect.rows, int) else result.rows == expect.rows
    assert result.kept_out == expect.kept_out
    assert result.reading.quarantined == len({row for row, _ in expect.kept_out})
    assert set(result.questions) == expect.asked
    assert set(result.notices) == expect.told
    if expect.headings is not None:
        assert result.reading.headings == expect.headings
    if expect.suggestion is not None:
        assert expect.suggestion in [one.suggestion for one in result.reading.questions]
    if expect.encoding is not None:
        assert result.reading.encoding == expect.encoding


@pytest.mark.parametrize("seed", range(20))
def test_no_damage_to_a_torture_file_is_more_than_a_refusal(seed, tmp_path):
    """Bytes changed, lost, doubled and put in: twenty files a seed, each read or refused."""
    chance = random.Random(seed)
    files = [path for path in sorted(shared("torture").glob("*/*")) if path.stat().st_size < 4_000]
    for _ in range(20):
        content = bytearray(chance.choice(files).read_bytes())
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(content) + 1)
            put_in = [
                bytes([chance.randrange(256)]),
                b'"',
                b"\n",
                b",",
                b"\x00",
                b'\\"',
                bytes(content[max(0, at - 20) : at]),
            ]
            content[at : at + chance.choice([0, 1, 8])] = chance.choice(put_in)
        path = tmp_path / "damaged"
        path.write_bytes(content)
        with contextlib.suppress(Refused):  # anything else fails the test
            read_here(path, chance.choice(["a.csv", "a.xlsx", "a.ndjson"]), tmp_path, Choices(), Limits())
