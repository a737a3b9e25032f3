"""Every level of the engine has its words outside, in the reader's language."""

from __future__ import annotations

from django.utils.translation import override

from dataquality.engine.compare import WORDS
from dataquality.engine.matching import Evidence
from dataquality.reasons import LEVELS, for_it, reason
from tests.dataquality.matching import makers


def test_every_level_is_marked_for_translation_and_none_is_left_over():
    with override("en"):
        assert {str(words) for words in LEVELS} == {words for of_rule in WORDS.values() for words in of_rule}


def test_a_reason_names_the_column_by_its_label_and_the_strongest_stand_first():
    said = [
        Evidence("", 0, -9.0, "before anything is compared"),
        Evidence("city", 1, 1.5, "same"),
        Evidence("phone", 1, 7.25, "same number, of one or two names"),
        Evidence("email", 8, -2.0, "other address"),
    ]

    assert for_it(said, makers.CONTACTS) == ["Phone: same number, of one or two names", "City: same"]
    assert [reason(each, makers.CONTACTS) for each in said[::3]] == [
        "before anything is compared", "E-mail: other address"
    ]  # fmt: skip
