"""Values outside a list that its owner may have added to: what is in common use belongs to it, what is rare not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from rapidfuzz import fuzz, process

from dataquality.engine.folding import fold
from dataquality.engine.rules.compare import judge_choice

KNOWN = Fraction(3, 4)  # of the filled cells must be on the list, or it is not the list that is used here
IN_USE = Fraction(1, 100)  # of the filled cells, and at least FEW of them: then a value is one of the owner's own
FEW = 5
ALIKE = 60  # of 100, for a value that is named as perhaps meant
NAMED = 3
Outside = tuple[str, str, str | None, list[str]]  # value, code, suggestion, candidates


def outside(counts: Sequence[tuple[str, int]], listed: Sequence[str]) -> list[Outside]:
    """The rare values that are not on the list, or on it in another spelling than the one in use.

    `counts` are distinct filled values and how often they stand there. Nothing is said where most cells hold other
    values than the listed ones: that list is not used here, and which one is cannot be guessed.
    """
    filled = sum(n for _value, n in counts)
    enough = _enough(filled)
    standard = {fold(value): value for value in reversed(listed)}
    if sum(n for value, n in counts if fold(value) in standard) < KNOWN * filled or not filled:
        return []
    spellings: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for value, n in counts:
        spellings[fold(value)][value.strip()] += n
    right = dict(standard)
    for form, written in spellings.items():
        if form in standard or sum(written.values()) >= enough:
            right[form] = max(written, key=lambda value: (written[value], value))
    allowed = tuple(right.values())
    used = [right[form] for form in spellings if form in right]
    found: list[Outside] = []
    for value, n in counts:
        if value.strip() in allowed or (fold(value) in right and n >= enough):
            continue
        verdict = judge_choice(value, allowed)
        found.append((value, verdict.code, verdict.suggestion, nearest(value, used, verdict.suggestion)))
    return found


def in_use(counts: Sequence[tuple[str, int]]) -> list[str]:
    """The values that stand in enough cells to be somebody's list, the most frequent first; one spelling of each."""
    filled = [(value, n) for value, n in counts if value.strip()]
    enough = _enough(sum(n for _value, n in filled))
    kept: dict[str, str] = {}
    for value, n in sorted(filled, key=lambda each: -each[1]):
        if n >= enough:
            kept.setdefault(fold(value), value.strip())
    return list(kept.values())


def _enough(filled: int) -> Fraction:
    return max(Fraction(FEW), IN_USE * filled)


def nearest(value: str, used: Sequence[str], suggestion: str | None) -> list[str]:
    """What was meant, where it is plain; else the values in use that look most like it, if any does."""
    if suggestion is not None:
        return [suggestion]
    near = process.extract(value, used, scorer=fuzz.WRatio, processor=fold, score_cutoff=ALIKE, limit=NAMED)
    return [choice for choice, _score, _at in near]
