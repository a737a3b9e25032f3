"""Who gets a role gets its curriculum: heard from below when a person is saved, and nightly for what was not heard."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_save
from django.utils import timezone

from crm_adoption.people.models import Person
from training.services import enrol

MATTERS = {"job_role", "job_role_id", "left_on"}


def listen() -> None:
    post_save.connect(_person_saved, sender=Person, dispatch_uid="training.enrol")


def _person_saved(instance: Person, raw: bool, update_fields: Collection[str] | None, **_signal: Any) -> None:
    if raw or (update_fields is not None and not MATTERS & set(update_fields)):
        return
    enrol(timezone.localdate(), person=instance)
