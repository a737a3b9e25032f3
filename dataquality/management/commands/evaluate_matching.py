"""`manage.py evaluate_matching FILE --truth COLUMN`: how well duplicates are found in a labelled file of your own."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm_adoption.kit import words
from crm_adoption.kit.errors import Refusal
from dataquality.engine.evaluate import calibration_error
from dataquality.queries.evaluation import Evaluation, evaluate_file


class Command(BaseCommand):
    help = "Try the matching engine on a file whose duplicates are known, and print how many it finds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, plain or gzipped, or XLSX")
        parser.add_argument("--truth", required=True, metavar="COLUMN",
                            help="rows with the same value there are the same thing")  # fmt: skip
        parser.add_argument("--columns", metavar="COLUMN=KIND,…",
                            help="what they hold, as in “surname=person.family,town=city”; else guessed")  # fmt: skip
        parser.add_argument("--link", metavar="COLUMN", help="names the source; only pairs across sources count")
        parser.add_argument("--json", action="store_true", help="the same facts for a program")

    def handle(
        self, *args: Any, file: Path, truth: str, columns: str | None, link: str | None, json: bool, **options: Any
    ) -> None:
        try:
            found = evaluate_file(file, truth=truth, columns=_columns(columns), link=link)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(_as_json(found) if json else "\n".join(_as_text(found, options["verbosity"] > 1)))


def _columns(text: str | None) -> dict[str, str] | None:
    """`surname=person.family,town=city` as heading -> word."""
    if text is None:
        return None
    named: dict[str, str] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        column, equals, word = (each.strip() for each in part.rpartition("="))
        if not (column and equals and word):
            raise CommandError(f"--columns: “{part}” is not of the form COLUMN=KIND, as in “surname=person.family”.")
        if column in named:
            raise CommandError(f"--columns names “{column}” twice: say once what it holds.")
        named[column] = word
    if not named:
        raise CommandError("--columns names no column: write it as in “surname=person.family,town=city”.")
    return named


def _as_json(found: Evaluation) -> str:
    return json.dumps(found.as_json(), ensure_ascii=False, indent=2)


def _as_text(found: Evaluation, wordy: bool) -> Iterable[str]:
    yield f"Matching of {found.file}"
    yield ""
    error = calibration_error(found.reliability)
    yield from _aligned(
        [
            ("rows", words.number(found.rows)),
            ("true pairs" + (f" across {found.link}" if found.link else ""), words.number(found.clusters.true)),
            ("clusters of two or more", words.number(found.merged)),
            ("joined from probability", f"{found.threshold:.3f}"),
            ("calibration error", "–" if error is None else f"{error:.3f}"),
            ("peak memory", f"{words.number(found.peak_memory / 1e6, 0)} MB"),
        ]
    )
    yield ""
    cut = "" if found.best_probability is None else f"from probability {found.best_probability:.3f}"
    yield from _aligned(
        [
            ("", "precision", "recall", "F1", ""),
            ("clusters", *_shares(found.clusters), ""),
            ("B-cubed", *_shares(found.b_cubed), ""),
            ("pairs, best threshold", *_shares(found.best.score), cut),
        ]
    )
    yield ""
    yield from _aligned(
        [*((stage, f"{seconds:.2f} s") for stage, seconds in found.seconds.items()),
         ("in all", f"{sum(found.seconds.values()):.2f} s")]
    )  # fmt: skip
    yield ""
    yield (
        ("Columns, guessed" if found.is_guessed else "Columns")
        + ": "
        + ", ".join(f"{column} is {kind}" for column, kind in found.kinds.items())
    )
    yield from (f"Note: {note}" for note in found.notes)
    if wordy:
        yield from ("", *found.log)


def _shares(score: Any) -> tuple[str, str, str]:
    shares = [score.precision, score.recall, score.f1]
    first, second, third = ("–" if share is None else f"{share:.4f}" for share in shares)
    return first, second, third


def _aligned(lines: Sequence[tuple[str, ...]]) -> Iterable[str]:
    """The first column to the left, figures to the right, a remark at the end to the left."""
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    for line in lines:
        cells = [
            cell.ljust(width) if at in (0, 4) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
