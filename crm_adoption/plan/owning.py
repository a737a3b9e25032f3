"""Seats follow what they are of: what lower floors name and rename is heard here."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save, pre_save

from crm_adoption.people import asked
from crm_adoption.people.models import Seat, Team
from crm_adoption.people.services import rename_place
from crm_adoption.plan.queries.ownership import asked_for
from dataquality.models import Source
from training.models import Process

NAMED: dict[type[Any], Seat.Scope] = {
    Team: Seat.Scope.TEAM, Process: Seat.Scope.PROCESS, Source: Seat.Scope.SOURCE,
}  # fmt: skip


def listen() -> None:
    asked.register(asked_for)
    for model in NAMED:
        pre_save.connect(_renamed, sender=model, dispatch_uid=f"plan.owning.{model.__name__}")
    post_save.connect(_opened, sender=Seat, dispatch_uid="plan.owning.seat")


def _renamed(sender: type[Any], instance: Any, update_fields: frozenset[str] | None = None, **_signal: Any) -> None:
    """A team, a process or a system is called otherwise: its seats stay its seats."""
    if instance.pk is None or (update_fields is not None and "name" not in update_fields):
        return
    before = sender.objects.filter(pk=instance.pk).values_list("name", flat=True).first()
    if before is not None and before != instance.name:
        rename_place(NAMED[sender], old=before, new=instance.name)


def _opened(instance: Seat, created: bool, **_signal: Any) -> None:
    """The business owner's seat of a process is the one its page and its evidence look at, wherever it was opened."""
    if created and instance.scope == Seat.Scope.PROCESS and instance.kind == Seat.Kind.BUSINESS_OWNER:
        Process.objects.filter(name__iexact=instance.scope_key, owner=None).update(owner=instance)
