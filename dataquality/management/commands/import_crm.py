"""`manage.py import_crm FILE… --source NAME`: from CRM exports to a scored mirror, without a browser."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from getpass import getuser
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from dataquality import queries
from dataquality.models import Batch, Source
from dataquality.models.sources import Product
from dataquality.services import intake


class Command(BaseCommand):
    """Read, recognise, check and, with --apply, apply one file after the other."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="CSV, XLSX, NDJSON or vCard exports, in any order"
        )
        parser.add_argument("--source", required=True, help="the system they come from; made when new")
        parser.add_argument("--product", choices=Product.values, default="", help="the CRM product, if you know it")
        parser.add_argument("--table", default="", help="the table, if you know it (accounts, contacts, leads, …)")
        parser.add_argument("--country", default="", help="ISO code for phones and postcodes without a country")
        parser.add_argument("--key", action="append", default=[], help="a heading that tells rows apart; repeatable")
        parser.add_argument("--confirm", action="append", default=[], metavar="CODE[:ANSWER]",
                            help="answer a question that the preview asks")  # fmt: skip
        parser.add_argument("--full", action="store_true", help="the whole table: what is missing in it is gone")
        parser.add_argument("--apply", action="store_true", help="apply; otherwise only preview, and leave nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        with pghistory.context(command=f"manage.py import_crm by {_who()}"):
            source, is_new = Source.objects.get_or_create(
                name=options["source"],
                defaults={"product": options["product"] or "generic", "default_country": options["country"].upper()},
            )
            try:
                found = self._all(source, options)
            finally:
                if is_new and not Batch.objects.filter(source=source).exists():
                    source.delete()
        if options["json"]:
            board = [score.as_json() for score in queries.scoreboard(source)] if options["apply"] and source.pk else []
            self.stdout.write(json.dumps({"files": found, "scoreboard": board}, default=str, ensure_ascii=False))
        if any(report.get("refused") for report in found):
            raise CommandError("Not every file could be imported; the sentences above say why.")

    def _all(self, source: Source, options: dict[str, Any]) -> list[dict[str, Any]]:
        found = []
        for path in options["files"]:
            report = self._one(path, source, options)
            found.append(report)
            if not options["json"]:
                self._say(report)
        return found

    def _one(self, path: Path, source: Source, options: dict[str, Any]) -> dict[str, Any]:
        now = timezone.now()
        try:
            file = path.open("rb")
        except OSError as error:
            return {"file": path.name, "refused": f"{path}: {error.strerror}. Check the path, then try again."}
        with file:
            batch, applied = None, False
            try:
                batch = intake.receive(
                    file, name=path.name, source=source, by=None, now=now, product=options["product"],
                    table=options["table"], full=options["full"],
                )  # fmt: skip
                if options["confirm"]:
                    batch = intake.answer(batch, choices={"confirmed": options["confirm"]})
                batch = intake.stage(batch)
                if batch.state == Batch.State.REFUSED:
                    return {"file": path.name, "refused": batch.refusal}
                if options["key"]:
                    batch = intake.set_mapping(batch, table=batch.table, mapping=batch.mapping, key=options["key"])
                batch = intake.check(batch, now=now)
                report = self._report(batch)
                if options["apply"] and report["questions"]:
                    first = report["questions"][0]
                    report["refused"] = f"{first['sentence']} Answer with --confirm {first['code']}:ANSWER."
                elif options["apply"]:
                    counts = intake.apply(batch, by=None, now=timezone.now()).counts
                    report |= {"applied": True, "batch": batch.pk, "counts": counts}
                    applied = True
            except Refusal as error:
                return {"file": path.name, "refused": error.sentence}
            finally:
                if batch is not None and not applied:
                    intake.forget([batch])
        return report

    def _report(self, batch: Batch) -> dict[str, Any]:
        return {
            "file": batch.file_name,
            "batch": None,
            "product": batch.product,
            "table": batch.table,
            "confidence": batch.recognised["confidence"],
            "encoding": batch.reading.get("encoding"),
            "mapping": batch.mapping,
            "key": batch.key,
            "key_risk": batch.recognised.get("key_risk", ""),
            "counts": batch.counts,
            "questions": [vars(question) for question in intake.open_questions(batch)],
            "notices": [notice["sentence"] for notice in batch.reading.get("notices", [])][:20],
            "applied": False,
        }

    def _say(self, report: dict[str, Any]) -> None:
        out = self.stdout.write
        if "counts" not in report:
            out(self.style.ERROR(f"{report['file']}: {report['refused']}"))
            return
        counts = report["counts"]
        out(f"{report['file']}: {report['table']} of {report['product']} ({report['confidence']:.0%} sure)")
        out("  " + ", ".join(f"{heading} → {field}" for heading, field in report["mapping"].items()))
        if report["key_risk"]:
            out(f"  No id column: keyed on {', '.join(report['key'])}. {report['key_risk']}")
        out(
            f"  {counts['rows']:,} rows: {counts['new']:,} new, {counts['changed']:,} changed, "
            f"{counts['same']:,} unchanged, {counts['faulty']:,} faulty, {counts['quarantined']:,} set apart"
        )
        for notice in report["notices"]:
            out(f"  Note: {notice}")
        for question in report["questions"]:
            out(self.style.WARNING(f"  Question {question['code']}: {question['sentence']}"))
        if report.get("refused"):
            out(self.style.ERROR(f"  Not applied. {report['refused']}"))
        elif report["applied"]:
            out(self.style.SUCCESS("  Applied."))
        else:
            out("  Previewed, and nothing is kept; add --apply to keep it.")


def _who() -> str:
    """The login of whoever typed the command; a system account may have none."""
    try:
        return getuser()
    except (KeyError, OSError):
        return "an account without a name"
