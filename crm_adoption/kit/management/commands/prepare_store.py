"""`manage.py prepare_store`: what must be in the store before web, workers and beat may start."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from crm_adoption.kit.launch.first_start import prepare_store


class Command(BaseCommand):
    help = "Make the cache table and apply every migration; quick and harmless when there is nothing to do."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_store(self.stdout.write)
