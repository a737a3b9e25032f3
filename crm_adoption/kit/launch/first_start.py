"""What a store needs before the site can run on it: its tables, and on the very first start the sample company."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import CommandError, OutputWrapper

Say = Callable[[str], object]


def prepare_store(say: Say) -> None:
    """Make the cache table and apply every migration; quick when there is nothing to do."""
    say("Preparing the store …")
    call_command("createcachetable", verbosity=0)
    call_command("migrate", verbosity=0, interactive=False)


def load_sample(say: Say, out: OutputWrapper) -> bool:
    """Load the sample company into an empty store, never into a production one; True when this store has it."""
    command = settings.FIRST_START_COMMAND
    loaded = Path(settings.VAR_DIR) / "sample-loaded"
    if settings.PRODUCTION or command not in get_commands() or not _empty():
        return loaded.exists() and not settings.PRODUCTION
    say("The store is empty: loading the sample company, which takes about a minute …")
    try:
        call_command(command, stdout=out)
    except CommandError as error:
        say(f"The sample company was not loaded: {error} The site starts; try again with: manage.py {command}")
        return False
    loaded.touch()
    return True


def sign_ins() -> Sequence[str]:
    """The sample's own people as lines to print, if the command that loads it offers them."""
    app = get_commands().get(settings.FIRST_START_COMMAND)
    if app is None:
        return ()
    command = app if not isinstance(app, str) else load_command_class(app, settings.FIRST_START_COMMAND)
    offered: Sequence[Any] = getattr(sys.modules[type(command).__module__], "sample_sign_ins", tuple)()
    return [line if isinstance(line, str) else "  ".join(map(str, line)) for line in offered]


def _empty() -> bool:
    try:
        model = apps.get_model(settings.FIRST_START_WHEN_EMPTY)
    except LookupError:
        return False
    return not model._default_manager.exists()
