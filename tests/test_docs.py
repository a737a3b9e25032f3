"""What the documentation points at is there: files, commands with their options, addresses of the API."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

BASE = Path(settings.BASE_DIR)
DOCS = sorted([*BASE.glob("*.md"), *(BASE / "docs").rglob("*.md")])
NAMES = [str(doc.relative_to(BASE)) for doc in DOCS]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
COMMAND = re.compile(r"manage\.py ([a-z_]+)([^`\n]*)")
OPTION = re.compile(r"(?<![\w-])--[a-z-]+")
ADDRESS = re.compile(r"(?:\$API|/api/v1)(/[^\s\"'`?)…]*)")
STANDS_FOR = {"{slug}": "pipeline", "{table}": "accounts.account", "{id}": "1"}


@pytest.mark.parametrize("doc", DOCS, ids=NAMES)
def test_every_link_leads_to_a_file(doc):
    targets = {target: (doc.parent / target).resolve() for target in LINK.findall(doc.read_text())}

    assert [target for target, path in targets.items() if not path.exists()] == []


@pytest.mark.parametrize("doc", DOCS, ids=NAMES)
def test_every_command_and_option_that_a_page_writes_exists(doc):
    unknown = []
    for name, rest in COMMAND.findall(doc.read_text()):
        app = get_commands().get(name)
        if app is None:
            unknown.append(name)
            continue
        command = app if not isinstance(app, str) else load_command_class(app, name)
        known = command.create_parser("manage.py", name).format_help()
        unknown += [f"{name} {option}" for option in OPTION.findall(rest) if option not in known]

    assert unknown == []


def leads_somewhere(address: str) -> bool:
    for placeholder, value in STANDS_FOR.items():
        address = address.replace(placeholder, value)
    try:
        resolve(f"/api/v1{address}")
    except Resolver404:
        return address == "/"
    return True


@pytest.mark.parametrize("doc", DOCS, ids=NAMES)
def test_every_address_of_the_api_that_a_page_writes_is_one(doc):
    assert [address for address in ADDRESS.findall(doc.read_text()) if not leads_somewhere(address)] == []


def test_the_addresses_of_the_tour_of_the_api_are_its_addresses():
    text = (BASE / "docs" / "how-to" / "rest-api.md").read_text()
    section = text.partition("## What there is")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    told = [address.partition("?")[0] for cell in cells for address in re.findall(r"`([a-z{][^`]*)`", cell)]

    assert len(told) > 20
    assert [address for address in told if not leads_somewhere(f"/{address}")] == []
