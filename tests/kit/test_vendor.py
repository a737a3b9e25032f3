"""Front-end files of others: as they were taken, without a pointer to a source map, with every icon in use."""

import base64
import hashlib
import json
import re
from pathlib import Path

from django.conf import settings

from crm_adoption.kit import shell, words
from scripts import vendor

VENDOR = Path(settings.BASE_DIR) / "static" / "vendor"
LOCK = json.loads((VENDOR / "vendor.lock.json").read_text())
SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text()))


def test_every_vendored_file_is_the_one_in_the_lock():
    found = {path.name for path in VENDOR.iterdir()} - {"vendor.lock.json"}
    hashes = {name: base64.b64encode(hashlib.sha384((VENDOR / name).read_bytes()).digest()).decode() for name in found}

    assert hashes == {name: entry["sha384"] for name, entry in LOCK.items()}


def test_every_vendored_file_names_its_version_and_licence():
    assert all(entry["version"] and entry["licence"] for entry in LOCK.values())


def test_no_vendored_file_points_at_a_source_map():
    code = [path for path in VENDOR.iterdir() if path.suffix in (".js", ".css")]
    pointing = [path.name for path in code if b"sourceMappingURL" in path.read_bytes()]

    assert pointing == []


def test_the_package_lock_names_no_registry():
    locked = json.loads((Path(settings.BASE_DIR) / "package-lock.json").read_text())

    assert [name for name, package in locked["packages"].items() if "resolved" in package] == []


def test_every_icon_in_use_is_in_the_sprite():
    places = {place.icon for place in shell._places + shell._own_pages}
    tones = {tone.icon for tone in words.TONES.values()} | {words.CALM.icon}

    assert (vendor.icons_in_use() | places | tones) - SYMBOLS == set()
