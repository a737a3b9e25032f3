"""`manage.py probe`: what /readyz says, for processes without an address of their own."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm_adoption.kit import health


class Command(BaseCommand):
    help = "Say how store, broker, workers and disk are; the exit code is 1 when one is down."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--strict", action="store_true", help="fail when one is only degraded, too")

    def handle(self, *args: Any, strict: bool, **options: Any) -> None:
        found = health.findings(patience=15.0)
        for name, finding in found.items():
            self.stdout.write(f"{name}: {finding.state}. {finding.sentence}")
        bad = {health.DOWN, health.DEGRADED} if strict else {health.DOWN}
        if any(finding.state in bad for finding in found.values()):
            sys.exit(1)
