"""One JSON object a line."""

from __future__ import annotations

import json

from dataquality.intake.terms import Limits

from .read import read, read_bytes


def test_keys_are_joined_and_values_become_text_as_the_file_writes_them(tmp_path):
    lines = [
        '{"id": 12345678901234567890, "amount": 1.10, "tags": {"x": [1, 2.50, null, "é"]}}',
        "",
        '{"id": "007", "active": true, "amount": null}',
    ]

    result = read_bytes("\n".join(lines).encode(), tmp_path, "export.ndjson")

    assert result.reading.headings == ["id", "amount", "tags", "active"]
    assert result.numbered == [
        (1, "12345678901234567890", "1.10", '{"x": [1, 2.50, null, "é"]}', ""),
        (3, "007", "", "", "true"),
    ]


def test_a_line_that_is_no_object_is_kept_out_with_its_number_and_reason(tmp_path):
    bad = [
        "[1]",
        '{"id": 2, "id": 3}',
        "bad",
        '{"id": NaN}',
        '{"id": "\\u0000"}',
        '{"id": "\\ud800"}',
        "[" * 5000,
        "{}",
    ]
    lines = ['{"id": 1}', *bad, '{"id": 9}']

    result = read_bytes("\n".join(lines).encode() + b'\n{"id": "\xff"}\n', tmp_path, "export.jsonl")

    assert [cells[1] for cells in result.numbered] == ["1", "9"]
    assert result.kept_out == [(number, "bad_line") for number in [*range(2, 10), 11]]


def test_a_key_that_comes_late_is_blank_in_the_chunks_before(tmp_path):
    (tmp_path / "a.ndjson").write_text("\n".join(['{"a": 1}'] * 25 + ['{"a": 2, "late": "x"}']))

    result = read(tmp_path / "a.ndjson", tmp_path / "out", limits=Limits(chunk_rows=10))

    assert result.rows == [("1", "")] * 25 + [("2", "x")]


def test_objects_a_line_are_known_by_content_and_one_document_is_refused(tmp_path):
    two = b'{"id": 1}\n{"id": 2}\n'

    assert read_bytes(two, tmp_path, "export.csv").notices == ["wrong_name"]
    assert read_bytes(b'{"id": 1}\n', tmp_path, "export.json").refused.code == "json"
    assert read_bytes(json.dumps({"id": [1]}, indent=2).encode(), tmp_path, "export.csv").refused.code == "json"
    assert read_bytes(b"[]\n[]\n", tmp_path, "export.ndjson").refused.code == "no_header"


def test_more_keys_than_columns_allowed_refuse_the_file(tmp_path):
    wide = json.dumps({f"k{place}": 1 for place in range(501)}).encode()

    assert read_bytes(wide, tmp_path, "export.ndjson").refused.code == "too_many_columns"
