"""`manage.py detect_duplicates TABLE [--beside TABLE] [--changes]`: look for duplicates here, without a worker."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.models import MatchRun
from dataquality.queries.matching import last_run
from dataquality.services import matching


class Command(BaseCommand):
    """Compare the live records of one table, or of two, and write down the pairs and clusters."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", help="the table: accounts, contacts, leads, …")
        parser.add_argument("--beside", default="", metavar="TABLE", help="compare with the records of this table")
        parser.add_argument("--changes", action="store_true", help="only what changed since the last run")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            subject = subjects.resolve(options["table"])
            beside = subjects.resolve(options["beside"]) if options["beside"] else None
            kind = MatchRun.Kind.CHANGES if options["changes"] else MatchRun.Kind.FULL
            run = matching.detect(subject, beside=beside, kind=kind, now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        if run.kind == MatchRun.Kind.FULL and beside is None and subject.enter:
            learnt = last_run(subject.slug) or run
            matching.make_keys(subject, learnt.learnt_in or learnt, now=timezone.now())
        if options["json"]:
            names = ("table", "beside", "kind", "rows", "changed", "pairs", "clusters", "threshold", "stages", "log")
            self.stdout.write(json.dumps({name: getattr(run, name) for name in names}, ensure_ascii=False))
            return
        seconds = ", ".join(f"{stage} {taken:.1f} s" for stage, taken in run.stages.items())
        self.stdout.write(
            f"{subject.label}: {run.rows:,} records, {run.changed:,} of them compared anew; {run.pairs:,} pairs in the "
            f"queue, {run.clusters:,} clusters of two or more."
        )
        self.stdout.write(f"  {seconds}")
        for line in run.log:
            self.stdout.write(f"  {line}")
