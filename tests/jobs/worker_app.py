"""`celery --app tests.jobs.worker_app`: the real application, and the work that only tests know."""

from __future__ import annotations

from importlib import import_module

import django
from celery import signals

from crm_adoption.celery import app

__all__ = ["app"]


def _register(**_: object) -> None:
    django.setup()
    import_module("tests.jobs.kinds")


signals.import_modules.connect(_register)
