#!/usr/bin/env python3
"""Fill static/vendor/ from node_modules: for developers, after `npm ci --ignore-scripts`; its output is committed.

Copies what pages load, cuts an icon sprite of the icons in use, and writes vendor.lock.json, which a test re-hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NODE = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
FONT_SUBSETS = ("latin", "latin-ext", "cyrillic", "greek", "vietnamese")
COPIES = {
    "tabler.min.css": ("@tabler/core", "dist/css/tabler.min.css"),
    "tabler.min.js": ("@tabler/core", "dist/js/tabler.min.js"),
    "htmx.min.js": ("htmx.org", "dist/htmx.min.js"),
    **{
        f"inter-{subset}.woff2": ("@fontsource-variable/inter", f"files/inter-{subset}-wght-normal.woff2")
        for subset in FONT_SUBSETS
    },
}
SOURCE_MAP = re.compile(rb"\n?(//|/\*)# sourceMappingURL=[^\n]*")
IN_TEMPLATES = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|(?<![-\w])icon=["']([a-z0-9-]+)["']""")
IN_PYTHON = re.compile(r"""\bicon\s*=\s*["']([a-z0-9-]+)["']|\bPlace\(\s*[^"']*["'][^"']*["']\)?\s*,\s*"""
                       r"""["'][^"']*["']\s*,\s*["']([a-z0-9-]+)["']""")  # fmt: skip
STOCK = """
    activity adjustments-horizontal alarm alert-circle alert-triangle ambulance api archive arrow-back-up arrow-down
    arrow-left arrow-merge arrow-narrow-right arrow-right arrow-up arrows-diff arrows-sort award ban bell
    book bookmark briefcase broadcast building building-skyscraper bulb calendar calendar-due calendar-event
    certificate chart-bar chart-dots chart-donut chart-line check checklist checks chevron-down chevron-left
    chevron-right chevron-up circle circle-check circle-dashed circle-dot circle-x clipboard-check clipboard-list
    clock clock-pause cloud-download columns compass copy database database-import device-mobile device-desktop dots
    dots-vertical download edit equal external-link eye eye-off file file-alert file-check file-export file-import
    file-spreadsheet file-text files filter filter-x flag fingerprint gauge git-merge hand-stop hash headset heart
    help help-circle history home hourglass id inbox info-circle key keyboard language layers-intersect layout-dashboard
    lifebuoy link list list-check list-details loader loader-2 lock lock-open lock-off login logout mail map-pin menu-2
    message message-circle messages microphone minus mood-smile moon music notes package palette pencil percentage phone
    photo player-pause player-play player-stop plug plus point presentation progress puzzle question-mark receipt
    refresh repeat report report-analytics road robot rotate rocket route school search send server settings shield
    shield-check shield-lock sitemap sort-ascending sort-descending sparkles speakerphone square-check stack stairs
    star steering-wheel sun switch-horizontal table table-export table-import tag target target-arrow thumb-down
    thumb-up ticket timeline tool trash trending-down trending-up trophy unlink upload user user-check user-circle
    user-off user-plus users users-group versions video wand webhook world writing x zoom-in
"""


def icons_in_use() -> set[str]:
    """Names of icons that templates and Python files of the project ask for."""
    found: set[str] = set()
    for pattern, ending in ((IN_TEMPLATES, "html"), (IN_PYTHON, "py")):
        for path in ROOT.rglob(f"*.{ending}"):
            if not {".venv", "node_modules", "var", "staticfiles"} & set(path.relative_to(ROOT).parts):
                for groups in pattern.findall(path.read_text(encoding="utf-8")):
                    found.update(name for name in groups if name)
    return found


def sprite(names: set[str]) -> bytes:
    """One SVG with a symbol per icon; an unknown name ends the run."""
    symbols = []
    for name in sorted(names):
        source = NODE / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        if not source.exists():
            sys.exit(f"There is no Tabler icon named {name!r}; see the folder {source.parent}.")
        body = re.sub(r"<!--.*?-->", "", source.read_text(), flags=re.S)
        inner = re.search(r"<svg[^>]*>(.*)</svg>", body, re.S)
        if inner is None:
            sys.exit(f"{source} is not an SVG.")
        drawing = re.sub(r"\s*\n\s*", "", inner[1]).replace('<path stroke="none" d="M0 0h24v24H0z" fill="none"/>', "")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


def echarts() -> bytes:
    """ECharts cut down to what scripts/echarts_entry.js names."""
    build = ["node_modules/.bin/esbuild", "scripts/echarts_entry.js", "--bundle", "--minify", "--format=iife",
             "--global-name=echarts", "--target=es2020", "--legal-comments=inline", "--charset=utf8"]  # fmt: skip
    return subprocess.run(build, cwd=ROOT, check=True, capture_output=True).stdout


def main() -> None:
    if not NODE.is_dir():
        sys.exit("node_modules is absent; run `npm ci --ignore-scripts` first.")
    VENDOR.mkdir(parents=True, exist_ok=True)
    made = {name: ((NODE / package / path).read_bytes(), package) for name, (package, path) in COPIES.items()}
    made["echarts.min.js"] = (echarts(), "echarts")
    made["icons.svg"] = (sprite(set(STOCK.split()) | icons_in_use()), "@tabler/icons")
    lock = {}
    for name, (content, package) in sorted(made.items()):
        content = content if name.endswith(".woff2") else SOURCE_MAP.sub(b"", content)
        (VENDOR / name).write_bytes(content)
        about = json.loads((NODE / package / "package.json").read_text())
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
        lock[name] = {"package": package, "version": about["version"], "licence": about["license"],
                      "sha384": digest}  # fmt: skip
    for stray in set(VENDOR.iterdir()) - {VENDOR / name for name in [*lock, "vendor.lock.json"]}:
        stray.unlink()
    (VENDOR / "vendor.lock.json").write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    main()
