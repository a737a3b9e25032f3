"""`manage.py evaluate_matching` on real labelled files, and on files that are not what was said."""

from __future__ import annotations

import gzip
import json
from io import StringIO

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from benchmarks.matching_data import make_contacts
from benchmarks.matching_data.unseen import census

FAKE = "first_name=person.given,surname=person.family,dob=date,city=city,email=email"


def run(*arguments, **options):
    out = StringIO()
    call_command("evaluate_matching", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def facts(*arguments):
    return json.loads(run(*arguments, "--json"))


def refusal(*arguments):
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


@pytest.fixture(scope="module")
def contacts(tmp_path_factory):
    path = tmp_path_factory.mktemp("labelled") / "contacts.csv"
    make_contacts(2_000, duplicates=0.2, seed=12).write_csv(path)
    return path


def test_the_facts_of_a_real_file_are_counted_right(shared_data):
    found = facts(shared_data / "matching" / "fake_1000.csv", "--truth", "truth", "--columns", FAKE)

    assert found["rows"] == 1000
    assert found["true_pairs"] == 2031
    assert found["columns"] == {
        "first_name": "given", "surname": "family", "dob": "date", "city": "city", "email": "email",
    }  # fmt: skip
    score = found["clusters"]
    assert score["precision"] == score["true"] / score["pairs"]
    assert score["recall"] == score["true"] / 2031
    assert score["f1"] >= 0.85
    assert found["best_threshold"]["f1"] >= 0.8
    assert found["b_cubed"]["f1"] >= 0.9
    assert found["peak_memory_bytes"] > 50_000_000
    assert {"read the file", "standardise", "block", "compare", "weigh", "cluster"} <= set(found["seconds"])


def test_kinds_are_guessed_where_nobody_says_them_and_truth_and_row_ids_are_left_out(shared_data):
    found = facts(shared_data / "matching" / "febrl3.csv", "--truth", "truth")

    assert found["columns_are_guessed"]
    assert found["columns"]["given_name"] == "given"
    assert found["columns"]["surname"] == "family"
    assert not {"truth", "id"} & set(found["columns"])
    assert found["clusters"]["f1"] >= 0.99


def test_the_text_is_one_calm_table_with_the_same_figures(contacts):
    said = run(contacts, "--truth", "truth")
    found = facts(contacts, "--truth", "truth")

    assert ["rows", "2,000"] in [line.split() for line in said.splitlines()]
    assert ["true", "pairs", str(found["true_pairs"])] in [line.split() for line in said.splitlines()]
    line = next(line for line in said.splitlines() if line.startswith("clusters  "))
    assert line.split()[1:] == [f"{found['clusters'][name]:.4f}" for name in ("precision", "recall", "f1")]
    assert "Columns, guessed: first_name is given" in said
    assert all(line == line.rstrip() for line in said.splitlines())


@pytest.mark.parametrize(
    ("name", "delimiter", "encoding"),
    [("a.csv", ";", "utf-8"), ("b.tsv", "\t", "utf-16"), ("c.csv", "|", "cp1252"), ("d.csv.gz", ",", "utf-8-sig")],
)
def test_any_delimiter_and_encoding_gives_the_same_answer(tmp_path, name, delimiter, encoding):
    table = make_contacts(600, duplicates=0.3, seed=4).select("truth", "first_name", "last_name", "email", "city")
    table = table.filter(pl.all_horizontal(pl.col(pl.String).str.contains(r"^[ -~À-ÿ]*$").fill_null(value=True)))
    text = table.write_csv(separator=delimiter).encode(encoding)
    plain, other = tmp_path / "plain.csv", tmp_path / name
    table.write_csv(plain)
    other.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    columns = ("--columns", "first_name=given,last_name=family,email=email,city=city")

    first, second = facts(plain, "--truth", "truth", *columns), facts(other, "--truth", "truth", *columns)

    assert first["rows"] == second["rows"] == len(table)
    for figure in ("true_pairs", "clusters", "b_cubed", "best_threshold", "threshold"):
        assert first[figure] == second[figure], figure


@pytest.mark.parametrize("columns", [3, 6])
def test_few_columns_and_many_are_both_evaluated(tmp_path, columns):
    made = census(1_500, duplicates=0.3, seed=2)
    kinds = dict(list(made.kinds.items())[:columns])
    made.frame.write_csv(tmp_path / "census.csv")

    found = facts(tmp_path / "census.csv", "--truth", "truth", "--columns",
                  ",".join(f"{column}={word}" for column, word in kinds.items()))  # fmt: skip

    assert list(found["columns"]) == list(kinds)
    assert found["true_pairs"] > 450
    assert 0 <= found["clusters"]["true"] <= found["true_pairs"]


def test_linking_counts_only_pairs_across_sources(tmp_path):
    table = make_contacts(1_000, duplicates=0.4, seed=8).with_columns(
        list=pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("ours")).otherwise(pl.lit("theirs"))
    )
    table.write_csv(tmp_path / "two.csv")

    found = facts(tmp_path / "two.csv", "--truth", "truth", "--link", "list")

    across = table.join(table, on="truth").filter(pl.col("list") < pl.col("list_right"))
    assert found["true_pairs"] == len(across)
    assert "list" not in found["columns"]
    assert found["clusters"]["f1"] > 0.5


def test_every_wrong_argument_is_one_clear_sentence(contacts, tmp_path):
    assert refusal(tmp_path / "none.csv", "--truth", "x").startswith("There is no file")
    assert "has no column “who” (--truth); it has id, truth, first_name" in refusal(contacts, "--truth", "who")
    assert "has no column “side” (--link)" in refusal(contacts, "--truth", "truth", "--link", "side")
    assert "has no column “surname” (--columns)" in refusal(contacts, "--truth", "truth", "--columns", "surname=family")
    assert "“dogs” is no kind of column; use one of text, person" in refusal(
        contacts, "--truth", "truth", "--columns", "first_name=dogs"
    )
    assert "“first_name” is not of the form COLUMN=KIND" in refusal(
        contacts, "--truth", "truth", "--columns", "first_name"
    )
    assert "names “city” twice" in refusal(contacts, "--truth", "truth", "--columns", "city=city,city=region")
    assert "names no column" in refusal(contacts, "--truth", "truth", "--columns", " , ")
    assert "would give the answer away" in refusal(contacts, "--truth", "truth", "--columns", "truth=id")
    assert "cannot be both" in refusal(contacts, "--truth", "truth", "--link", "truth")
    assert "(--link) is blank in" in refusal(contacts, "--truth", "id", "--link", "phone")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"truth,name\n", "headings and no rows"),
        (b"truth,name\n1,Ann\n,Bob\n2,Cid\n", "(--truth) is blank in 1 of 3 rows, first in row 3"),
        (b"truth,name,side\n1,Ann,a\n1,Anne,a\n", "the same value in every row"),
        (b"truth,flag\n1,yes\n2,yes\n3,yes\n", "looks like something to compare"),
        (b"\x1f\x8b\x08\x00broken", "damaged gzip archive"),
        (b"%PDF-1.4", "a PDF document"),
    ],
)
def test_a_file_that_cannot_be_judged_is_refused_in_one_sentence(tmp_path, content, sentence):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    arguments = ["--link", "side"] if b"side" in content else []

    assert sentence in refusal(path, "--truth", "truth", *arguments)


def test_a_table_of_two_rows_is_judged_without_a_fuss(tmp_path):
    (tmp_path / "two.csv").write_text("truth,name,mail\n1,Ann Lee,ann@example.org\n1,Ann Lee,ann@example.org\n")

    found = facts(tmp_path / "two.csv", "--truth", "truth", "--columns", "name=person,mail=email")

    assert found["rows"] == 2
    assert found["true_pairs"] == 1
