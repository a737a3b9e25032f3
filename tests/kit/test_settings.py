"""The settings refuse what would be unsafe, in a process of their own."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
PRODUCTION = {
    "CRM_ADOPTION_ENV": "production",
    "DATABASE_URL": "postgres://nobody:nothing@localhost/none",
    "REDIS_URL": "redis://localhost/0",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": "crm.example.com",
    "CSRF_TRUSTED_ORIGINS": "https://crm.example.com",
    "TLS": "proxy",
}


def run(*arguments: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """A management command in production's environment; None takes a variable away."""
    wanted = {**PRODUCTION, **environment}
    clean = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "CRM_ADOPTION_VAR")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=BASE, capture_output=True, text=True, check=False,
        env=clean | {name: value for name, value in wanted.items() if value is not None},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is missing or too weak"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or too weak"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is missing or too weak"),
        ({"SECRET_KEY": "django-insecure-" + secrets.token_urlsafe(60)}, "SECRET_KEY is missing or too weak"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is missing"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is missing"),
        ({"TLS": None}, "TLS is not settled"),
        ({"TLS": "none"}, "TLS is not settled"),
        ({"CRM_ADOPTION_ENV": "prod"}, "use local, test or production"),
    ],
)
def test_production_refuses_to_start_and_says_what_is_missing(change, sentence):
    done = run("check", **change)

    assert done.returncode != 0
    assert sentence in done.stderr


def test_a_database_url_alone_means_production():
    done = run("check", CRM_ADOPTION_ENV=None, SECRET_KEY=None)

    assert "SECRET_KEY is missing or too weak" in done.stderr


def test_the_deployment_check_has_nothing_to_say():
    done = run("check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_debug_pages_are_never_shown_in_production():
    done = run("shell", "--no-imports", "-c", "from django.conf import settings; print(settings.DEBUG)", DEBUG="true")

    assert done.stdout.strip() == "False", done.stderr


def test_every_variable_the_settings_read_is_explained_in_the_example():
    source = (BASE / "crm_adoption" / "settings.py").read_text()
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z][A-Z_]+)"', source))
    explained = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", (BASE / ".env.example").read_text(), re.MULTILINE))

    assert len(read) > 20
    assert read - explained == set()
