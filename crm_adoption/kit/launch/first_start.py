"""What a store needs before the site can run on it: its tables, and on the very first start the sample company."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

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
    """Load the sample company into an empty store, never into a production one; True when this store has it.

    A load that was killed in the middle goes on at the next start: what is there already stays. The greeting tells the
    sign-ins, so the command, at verbosity 0, does not.
    """
    command = settings.FIRST_START_COMMAND
    if settings.PRODUCTION or command not in get_commands():
        return False
    begun, loaded = (Path(settings.VAR_DIR) / name for name in ("sample-begun", "sample-loaded"))
    if not _empty() and not begun.exists():
        return loaded.exists()
    say("Loading the sample company, which takes about a minute …")
    begun.touch()
    try:
        call_command(command, stdout=out, verbosity=0)
    except CommandError as error:
        begun.unlink()
        say(f"The sample company was not loaded: {error} The site starts; try again with: manage.py {command}")
        return False
    begun.replace(loaded)
    return True


def sign_ins() -> Sequence[str]:
    """The sample's own people as lines to print, if the command that loads it offers them."""
    app = get_commands().get(settings.FIRST_START_COMMAND)
    if app is None:
        return ()
    command = app if not isinstance(app, str) else load_command_class(app, settings.FIRST_START_COMMAND)
    offered: Sequence[Sequence[str]] = getattr(sys.modules[type(command).__module__], "sample_sign_ins", tuple)()
    widths = [max(map(len, column)) for column in zip(*offered, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in offered]


def _empty() -> bool:
    try:
        model = apps.get_model(settings.FIRST_START_WHEN_EMPTY)
    except LookupError:
        return False
    return not model._default_manager.exists()
