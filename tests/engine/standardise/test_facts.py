"""The tables of facts: nothing said twice, nothing that leads on to something else."""

from collections import Counter

import polars as pl
import pytest

from dataquality.engine.standardise.facts import facts, table, words
from dataquality.engine.standardise.text import plain

TABLES = ["nicknames", "cities", "streets", "chinese_families", "korean_families", "japanese_families", "arabic_names"]


@pytest.mark.parametrize("name", TABLES)
def test_what_is_written_means_one_thing_only(name):
    written = Counter(word.strip() for listed in facts(name).values() for word in listed.split(","))

    assert [word for word, n in written.items() if n > 1] == []


@pytest.mark.parametrize("name", TABLES)
def test_what_is_meant_is_not_itself_a_way_of_writing_something_else(name):
    meant = table(name)

    assert {word: meant[form] for word, form in meant.items() if meant.get(form, form) != form} == {}


@pytest.mark.parametrize("name", TABLES)
def test_what_is_written_is_folded_as_the_cells_are(name):
    written = pl.Series(list(table(name)))

    assert plain(written).to_list() == written.to_list()


def test_the_nickname_table_is_large_enough_to_be_of_use():
    assert len(table("nicknames")) > 2_500
    assert len(facts("companies")["forms"]) >= 30
    assert {"gmail.com", "web.de", "qq.com", "mail.ru"} <= words("mail", "free")
