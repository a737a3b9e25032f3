"""Facts about names and addresses of the world, as tables anyone may extend."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def facts(name: str) -> dict[str, Any]:
    """A file of facts as it stands."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def words(name: str, key: str) -> frozenset[str]:
    """One list of a file of facts: words parted by spaces, or by commas where they hold spaces."""
    listed = facts(name)[key]
    texts = [listed] if isinstance(listed, str) else listed
    return frozenset(word.strip() for text in texts for word in (text.split(",") if "," in text else text.split()))


@cache
def table(name: str) -> dict[str, str]:
    """A file of `meant = "written, written"` lines as what is written to what is meant."""
    return {written.strip(): meant for meant, listed in facts(name).items() for written in listed.split(",")}
