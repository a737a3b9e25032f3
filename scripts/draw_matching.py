"""Draws the pictures of docs/how-matching-decides.md from a run of the engine on made-up contacts.

    python -m scripts.draw_matching

The contacts are those of benchmarks/matching_data (20,000, 15 % duplicates, seed 5), so that anybody gets the same.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

import numpy as np

from benchmarks.matching_data import KINDS, make_contacts
from dataquality.engine import evaluate
from dataquality.engine.matching import Evidence, Matches, explain, match
from dataquality.engine.standardise import kind_of

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
ROWS, SHARE, SEED = 20_000, 0.15, 5
INK, GRID, FOR, AGAINST = "#33413b", "#c9d2cd", "#0f5c4a", "#a3362e"
FONT = "font-family='system-ui, sans-serif' font-size='13'"


def svg(width: int, height: int, parts: list[str], title: str) -> str:
    body = "\n".join(parts)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' role='img' "
        f"aria-label='{escape(title, quote=True)}' {FONT}>\n"
        f"<rect width='{width}' height='{height}' fill='#ffffff'/>\n{body}\n</svg>\n"
    )


def text(x: float, y: float, words: str, *, anchor: str = "start", fill: str = INK) -> str:
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' fill='{fill}'>{escape(words)}</text>"


def waterfall(evidence: list[Evidence], title: str) -> str:
    """Where the pair starts, then column after column, to where it ends; in bits."""
    steps, level = [], 0.0
    for said in evidence:
        steps.append((said, level, level + said.bits))
        level += said.bits
    low = min(0.0, *(min(a, b) for _s, a, b in steps))
    high = max(0.0, *(max(a, b) for _s, a, b in steps))
    left, wide, row = 190, 380, 26

    def x(bits: float) -> float:
        return left + wide * (bits - low) / ((high - low) or 1)

    parts = [text(10, 22, title)]
    parts.append(f"<line x1='{x(0):.1f}' x2='{x(0):.1f}' y1='34' y2='{46 + row * len(steps)}' stroke='{GRID}'/>")
    for place, (said, begin, end) in enumerate(steps):
        y = 40 + row * place
        colour = FOR if said.bits >= 0 else AGAINST
        parts.append(text(left - 12, y + 14, said.column or "at the start", anchor="end"))
        parts.append(
            f"<rect x='{min(x(begin), x(end)):.1f}' y='{y}' width='{max(1.0, abs(x(end) - x(begin))):.1f}' height='18' "
            f"rx='3' fill='{colour}'/>"
        )
        parts.append(text(max(x(begin), x(end)) + 6, y + 14, f"{said.bits:+.1f}"))
    parts.append(text(left - 12, 40 + row * len(steps) + 16, "together", anchor="end"))
    parts.append(text(x(level) + 6, 40 + row * len(steps) + 16, f"{level:+.1f} bits"))
    return svg(680, 70 + row * len(steps), parts, title)


def reliability(bins: list[evaluate.Bin], title: str) -> str:
    """What the engine says beside what is so, for groups of pairs; on the line they agree."""
    left, top, side = 60, 40, 300

    def at(share: float, up: float) -> tuple[float, float]:
        return left + side * share, top + side * (1 - up)

    parts = [text(10, 22, title)]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x, y = at(tick, tick)
        parts += [
            f"<line x1='{left}' x2='{left + side}' y1='{y}' y2='{y}' stroke='{GRID}'/>",
            text(left - 8, y + 4, f"{tick:.0%}", anchor="end"),
            text(x, top + side + 18, f"{tick:.0%}", anchor="middle"),
        ]
    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    parts.append(f"<line x1='{x0}' y1='{y0}' x2='{x1}' y2='{y1}' stroke='{INK}' stroke-dasharray='4 4'/>")
    for one in bins:
        if one.pairs:
            x, y = at(one.said, one.is_so)
            size = 3 + 2 * np.log10(one.pairs)
            parts.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{size:.1f}' fill='{FOR}' fill-opacity='.75'/>")
    parts.append(text(left + side / 2, top + side + 40, "what the engine says", anchor="middle"))
    parts.append(text(left + side + 14, top + 16, "above the line:"))
    parts.append(text(left + side + 14, top + 34, "too careful;"))
    parts.append(text(left + side + 14, top + 52, "a larger dot:"))
    parts.append(text(left + side + 14, top + 70, "more pairs"))
    return svg(500, top + side + 56, parts, title)


def example(found: Matches, same: np.ndarray, wanted: float, truth: bool) -> int:
    """The pair of that truth whose probability is nearest to the wanted one; the first of equals."""
    distance = np.where(same == truth, np.abs(found.probability - wanted), np.inf)
    return int(np.argmin(distance))


def main() -> None:
    people = make_contacts(ROWS, duplicates=SHARE, seed=SEED)
    truth = evaluate.codes(people.get_column("truth").to_numpy())
    found = match(people, {column: kind_of(word) for column, word in KINDS.items()})
    same = truth[found.a] == truth[found.b]
    PICTURES.mkdir(exist_ok=True)
    for name, wanted, is_same in (("sure", 0.999, True), ("unsure", 0.5, True), ("against", 0.06, False)):
        pair = example(found, same, wanted, is_same)
        title = f"A pair that is {'' if is_same else 'not '}the same: {found.probability[pair]:.1%}"
        drawn = waterfall(list(explain(found.model, int(found.pattern[pair]))), title)
        (PICTURES / f"matching-{name}.svg").write_text(drawn)
    bins = evaluate.reliability(truth, found.a, found.b, found.probability)
    error = evaluate.calibration_error(bins)
    title = f"{len(found.a):,} pairs; mean distance from the line {error:.1%}"
    (PICTURES / "matching-reliability.svg").write_text(reliability(list(bins), title))
    score = evaluate.score_clusters(truth, found.clusters)
    print(f"{ROWS:,} contacts: precision {score.precision:.3f}, recall {score.recall:.3f}, F1 {score.f1:.3f}")


if __name__ == "__main__":
    main()
