"""`manage.py load_sample`: an invented company with six months of CRM exports, to look at and to play with."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from crm_adoption.plan.services import sample_data, sample_people


def sample_sign_ins() -> list[tuple[str, str, str]]:
    """(e-mail, password, group) of one person a group; none in production."""
    return [] if settings.PRODUCTION else sample_people.sample_sign_ins(timezone.now())


class Command(BaseCommand):
    """Loads the sample company; what is there already stays."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            applied = sample_data.load_sample(timezone.now(), say=self.stdout.write)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        took = time.monotonic() - started
        self.stdout.write(self.style.SUCCESS(f"The sample company is here: {applied} exports in {took:.0f} s."))
        for email, password, group in sample_sign_ins() if options["verbosity"] else ():
            self.stdout.write(f"  {group:<18} {email}  {password}")
