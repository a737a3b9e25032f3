"""A real browser: signs in by cookie, fails on console errors and policy violations, reads pages with axe."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
LOOKS = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]  # of every page: CSS pixels and theme
FLAGS = ["--no-sandbox", "--disable-background-networking"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium was found; install one, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def troubles() -> Iterator[list[str]]:
    """What the console complained of; a test that leaves one here fails."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def page_as(chromium: Browser, live_server: Any, troubles: list[str]) -> Iterator[Callable[..., Page]]:
    """`page_as(group, width=…, theme=…)`: a page of somebody of that group, or of nobody when the group is None."""
    contexts = []

    def make(group: str | None, *, width: int = 1280, height: int = 900, theme: str = "light") -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, locale="en-GB",
            color_scheme="dark" if theme == "dark" else "light",
        )  # fmt: skip
        contexts.append(context)
        if group is not None:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(group),
                                  "url": live_server.url}])  # fmt: skip
        page = context.new_page()
        page.on("console", lambda m: troubles.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
        return page

    yield make
    for context in contexts:
        context.close()


def session_of(group: str) -> str:
    """A session key of a person of this group, made when there is none."""
    people = get_user_model()
    person, made = people.objects.get_or_create(
        email=f"{group.replace(' ', '.')}@example.test", defaults={"name": f"Ada {group.title()}"}
    )
    if made:
        person.groups.add(Group.objects.get_or_create(name=group)[0])
    client = Client()
    client.force_login(person, backend="crm_adoption.people.signed_in.SignedIn")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """The rules a page breaks, each with the place; empty is what a test wants."""

    def read(page: Page) -> list[str]:
        found = Axe().run(page, options=RULES).response["violations"]
        return [
            f"{v['id']}: {n['target']} {n['html'][:120]} {n['failureSummary'][:300]}" for v in found for n in v["nodes"]
        ]

    return read


@pytest.fixture
def picture() -> Callable[[Page, str], Path]:
    """`picture(page, name)`: a screenshot in pictures/ of the data folder, for people to look at."""

    def save(page: Page, name: str) -> Path:
        path = Path(settings.VAR_DIR) / "pictures" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=True)
        return path

    return save
