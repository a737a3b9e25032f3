"""Every fault has its sentence, every sentence its fault."""

import re
from pathlib import Path

import pytest

import dataquality.engine
from dataquality.engine.faults import ALWAYS_WARNINGS
from dataquality.engine.rules import Rule
from dataquality.sentences import SENTENCES, other_of, sentence

FAMILIES = (
    "required|consistency|email|phone|url|domain|postcode|country|currency|salesforce_id|guid|identifier|"
    "date|number|boolean"
)
CODE = re.compile(rf'(?:Verdict\(|lit\(|"code": |, )?"((?:{FAMILIES}|order|choice|charset|private)_[a-z_0-9]+)"')
NAMES_IN_CODE = ("_field", "_codes", "_faults", "_id")


def codes_in_the_source() -> set[str]:
    folder = Path(dataquality.engine.__file__).parent
    found = {code for path in folder.rglob("*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))}
    return {code for code in found if not code.endswith(NAMES_IN_CODE)}


WHOLE_TABLE = {code for code in SENTENCES if code.startswith(("unique_", "pointer_", "spelling_", "lifecycle_"))}


def test_every_code_that_a_rule_can_give_has_a_sentence():
    codes = codes_in_the_source()

    assert len(codes) > 40
    assert codes - set(SENTENCES) == set()


def test_no_sentence_is_left_over_from_a_code_that_is_gone():
    assert set(SENTENCES) - WHOLE_TABLE - codes_in_the_source() == set()
    assert set(SENTENCES) >= ALWAYS_WARNINGS


@pytest.mark.parametrize("code", sorted(SENTENCES))
@pytest.mark.parametrize("suggestion", [None, "Müller"])
def test_every_sentence_names_the_field_and_the_value_and_the_way_out(code, suggestion):
    text = sentence(code, field="Name", value="Mueller", suggestion=suggestion, other="Account")

    assert text.startswith("Name ")
    assert "Mueller" in text or "{value}" not in SENTENCES[code]
    assert suggestion is None or suggestion in text
    assert "{" not in text
    assert text.endswith(".")
    assert text.count(". ") >= 1, "a sentence says what is wrong and then what to do"


def test_a_value_with_braces_or_controls_is_shown_and_not_obeyed():
    text = sentence("choice_unknown", field="Stage", value="{0.__class__}\x1b[31m\r\n", other="Won, Lost")

    assert "{0.__class__}\\u001b[31m\\u000d\\u000a" in text


def test_a_long_value_is_cut():
    assert "…" in sentence("date_unreadable", field="Day", value="x" * 5000)
    assert len(sentence("date_unreadable", field="Day", value="👩‍👩‍👧‍👦" * 500)) < 400


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        (Rule("r", "order", "closed", params={"before": "opened", "after": "closed"}), "Opened on"),
        (Rule("r", "required", "amount", params={"when": {"field": "stage", "in": ["Won"]}}), "Stage"),
        (Rule("r", "choice", "stage", params={"values": list("abcdefghij")}), "a, b, c, d, e, f, g, h and 2 more"),
        (Rule("r", "range", "p", params={"min": 0, "max": 100}), "0 or 100"),
        (Rule("r", "format", "phone", params={"as": "phone", "country_field": "country"}), "its country"),
        (Rule("r", "format", "zip", params={"as": "postcode", "default_country": "DE"}), "DE"),
    ],
)
def test_a_rule_knows_what_it_compares_with(rule, other):
    assert other_of(rule, {"opened": "Opened on", "stage": "Stage"}) == other
