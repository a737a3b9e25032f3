"""The disposable child: its limits hold, its death is a sentence, and nothing of the parent reaches it."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from dataquality.intake import reading as parent
from dataquality.intake.gate import admit
from dataquality.intake.terms import Limits, Refused, printable

from .read import read, read_bytes


def big_table(path, rows=200_000):
    path.write_bytes(b"id,name\n" + b"".join(b"%d,Anna\n" % place for place in range(rows)))
    return path


def test_too_little_memory_is_a_refusal_and_not_a_crash(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_bytes(b"a,b\n" + b"x" * 7_000_000 + b",1\n")

    result = read(path, tmp_path / "out", limits=Limits(memory=60_000_000))

    assert result.refused.code in ("too_much_memory", "file_refused")
    assert result.refused.sentence.endswith(".")


def test_the_processor_limit_ends_the_child(tmp_path):
    path = tmp_path / "slow.csv"
    big_table(path, 3_000_000)

    began = time.monotonic()
    result = read(path, tmp_path / "out", limits=Limits(processor_seconds=1, rows=10_000_000))

    assert result.refused.code == "file_refused"
    assert "longer than its limit" in result.refused.sentence
    assert time.monotonic() - began < 60


def test_the_wall_clock_ends_the_child(tmp_path):
    result = read(big_table(tmp_path / "t.csv"), tmp_path / "out", limits=Limits(wall_seconds=0.05))

    assert "longer than its limit" in result.refused.sentence
    assert not (tmp_path / "out" / "reading.json").exists()


def test_output_beyond_its_limit_is_a_refusal(tmp_path):
    result = read(big_table(tmp_path / "t.csv"), tmp_path / "out", limits=Limits(written=20_000))

    assert result.refused.code == "file_refused"


def test_a_file_over_the_size_limit_is_refused_with_both_numbers(tmp_path):
    result = read(big_table(tmp_path / "t.csv"), tmp_path / "out", limits=Limits(bytes=1_000))

    assert result.refused.code == "too_big"
    assert "1,000" in result.refused.sentence


def test_the_child_sees_no_secret_of_the_parent_and_no_django(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "tell nobody")
    seen = tmp_path / "seen"
    spy = tmp_path / "sitecustomize.py"
    spy.write_text(
        "import atexit, os, sys\n"
        f"atexit.register(lambda: open({str(seen)!r}, 'w').write("
        "repr(dict(os.environ)) + repr(sorted(name for name in sys.modules if name.partition('.')[0] == 'django'))))\n"
    )
    monkeypatch.setattr(parent, "ROOT", f"{parent.ROOT}{os.pathsep}{tmp_path}")

    result = read_bytes(b"a,b\n1,2\n", tmp_path)

    assert result.rows == [("1", "2")]
    told = seen.read_text()
    assert "PYTHONPATH" in told
    assert "tell nobody" not in told
    assert told.endswith("[]")


def test_a_refusal_at_the_gate_does_not_wait_for_polars():
    code = "import sys, dataquality.intake.child; print('polars' in sys.modules, 'django' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=parent.ROOT, check=True)

    assert said.stdout.split() == ["False", "False"]


def test_chunks_of_an_earlier_reading_do_not_stay(tmp_path):
    big_table(tmp_path / "t.csv", 100)
    first = read(tmp_path / "t.csv", tmp_path / "out", limits=Limits(chunk_rows=10))
    second = read(tmp_path / "t.csv", tmp_path / "out")

    assert len(first.reading.chunks) == 10
    assert sorted((tmp_path / "out").glob("chunk-*")) == second.reading.chunks


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"%PDF-1.7\n", "a.csv", "wrong_kind"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 30, "a.xlsx", "wrong_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xls", "old_excel"),
        (b"  <!DOCTYPE html><p>Sign in</p>", "a.csv", "html"),
        (b'<?xml version="1.0"?><feed/>', "a.csv", "xml"),
        (b"PK\x05\x06" + b"\x00" * 18, "a.zip", "wrong_kind"),
    ],
)
def test_content_under_a_wrong_name_is_refused_with_the_way_out(content, name, code, tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(content)

    with pytest.raises(Refused) as caught:
        admit(path, name, Limits())

    assert caught.value.code == code
    assert len(caught.value.sentence) > 40


def test_a_table_about_html_or_brackets_is_still_a_table(tmp_path):
    assert read_bytes(b"[id],{name}\n1,Anna\n", tmp_path).rows == [("1", "Anna")]
    assert read_bytes(b"<name>,id\nAnna,1\n", tmp_path).rows == [("Anna", "1")]


def test_a_value_in_a_sentence_is_one_harmless_line():
    assert printable("a\r\nb\x1b[31m\u202e") == "a\\r\\nb\\x1b[31m\\u202e"
    assert printable("x" * 100) == "x" * 80 + "…"
