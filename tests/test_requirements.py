"""docs/requirements.md: every requirement has its row, and what a row names is there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve

BASE = Path(settings.BASE_DIR)
GROUPS = {"P": 61, "T": 30, "U": 19, "C": 14, "M": 19, "F-M": 12}
STATES = ("works", "in part", "not yet")
TOPS = ("crm_adoption", "dataquality", "accounts", "contacts", "training")
ROW = re.compile(r"^\| (?P<number>(?:F-M|[PTUCM])\d+) \|(?P<rest>.*)\|$")
NAMED = re.compile(r"`([^`]+)`")


def rows(text: str) -> list[tuple[str, str, str, str]]:
    """(number, state, where, test) of every row."""
    found = []
    for line in text.splitlines():
        if row := ROW.match(line):
            cells = [cell.strip() for cell in row["rest"].split("|")]
            found.append((row["number"], cells[1], cells[2], cells[3]))
    return found


ROWS = rows((BASE / "docs" / "requirements.md").read_text())
WHERE = sorted({name for _number, _state, where, _test in ROWS for name in NAMED.findall(where)})
TESTS = sorted({name for *_others, test in ROWS for name in NAMED.findall(test)})


def is_there(name: str) -> bool:
    """Is this the address of a page, the name of a command, or a module of ours?"""
    if name.startswith("/"):
        return bool(resolve(name.partition("?")[0]))
    path = BASE.joinpath(*name.split("."))
    is_ours = name.partition(".")[0] in TOPS
    return (
        is_ours and (path.with_suffix(".py").is_file() or (path / "__init__.py").is_file())
    ) or name in get_commands()


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text()) if path.is_file() else ast.Module([], [])
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_requirement_has_exactly_one_row():
    wanted = [f"{group}{n}" for group, many in GROUPS.items() for n in range(1, many + 1)]

    assert Counter(number for number, *_others in ROWS) == Counter(wanted)


def test_every_state_is_one_of_three_and_what_works_names_its_place_and_its_test():
    odd = [
        number
        for number, state, where, test in ROWS
        if state not in STATES
        or (state == "works" and not (NAMED.search(where) and NAMED.search(test)))
        or (state == "in part" and not NAMED.search(where))
        or (state == "not yet" and test != "–")
    ]

    assert odd == []


@pytest.mark.parametrize("name", WHERE)
def test_a_page_a_command_or_a_module_that_a_row_names_is_there(name):
    assert is_there(name)


@pytest.mark.parametrize("name", TESTS)
def test_a_test_that_a_row_names_is_there(name):
    file, _, test = name.partition("::")

    assert test in functions_of(BASE / file)


def test_the_counts_at_the_head_are_those_of_the_rows():
    text = (BASE / "docs" / "requirements.md").read_text()
    of_sources = Counter(state for number, state, *_others in ROWS if not number.startswith("F-M"))

    said = {
        state: int(n) for state, n in re.findall(r"^\| (works|in part|not yet) \|.*\| (\d+) \|$", text, re.MULTILINE)
    }

    assert said == dict(of_sources)


@pytest.mark.parametrize("name", ["crm_adoption.plan.nothing", "nothing", "os.path"])
def test_a_name_that_leads_nowhere_is_found(name):
    assert not is_there(name)
