"""Record, the base of every CRM table, and Version, what a batch changed in one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse

from dataquality.models.intake import Batch
from dataquality.models.sources import Source


def by_beginning(field: str) -> models.Index:
    """An index that serves `istartswith` on a text field, under any collation."""
    return models.Index(OpClass(Upper(field), name="text_pattern_ops"), name="%(app_label)s_%(class)s_title")


class RecordQuerySet(models.QuerySet[Any]):
    def live(self) -> RecordQuerySet:
        return self.filter(state=Record.State.LIVE)


class Record(models.Model):
    """One row as the CRM gives it. The CRM is mirrored, never mutated; only the next batch is believed."""

    class State(models.TextChoices):
        LIVE = "live", "live"
        ARCHIVED = "archived", "archived"
        MERGED = "merged", "merged"
        GONE = "gone", "gone"

    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    external_id = models.CharField(max_length=255)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    owner_ref = models.TextField(blank=True)
    created_at = models.DateTimeField(null=True, blank=True, help_text="As the CRM says.")
    modified_at = models.DateTimeField(null=True, blank=True, help_text="As the CRM says.")
    last_touched_at = models.DateTimeField(null=True, blank=True, help_text="Last activity, as the CRM says.")
    state = models.CharField(max_length=10, choices=State, default=State.LIVE, db_default=State.LIVE)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="losers")
    extra = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    corrected = models.JSONField(
        default=dict,
        blank=True,
        db_default=models.Value({}, models.JSONField()),
        help_text="Field to the text the CRM still holds, for corrections that are not exported yet.",
    )
    first_batch = models.ForeignKey(Batch, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    last_batch = models.ForeignKey(Batch, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    row_number = models.BigIntegerField(null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [models.Index(name="%(app_label)s_%(class)s_by_id", fields=["external_id"])]
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_key",
                fields=["source", "external_id"],
                opclasses=["int8_ops", "varchar_pattern_ops"],  # finds beginnings of ids under any collation
            )
        ]

    def __str__(self) -> str:
        return str(getattr(self, "name", "") or self.external_id)

    def get_absolute_url(self) -> str:
        return reverse("record", args=[self._meta.label_lower, self.pk])


class Version(models.Model):
    """What one batch, or one correction, changed in one record; only written when something changed."""

    table = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="versions")
    changed = models.JSONField(help_text="Field to [old, new].")

    class Meta:
        indexes = [
            models.Index(name="dataquality_version_of", fields=["table", "record_id", "-id"]),
            GinIndex(name="dataquality_version_fields", fields=["changed"]),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.record_id} in batch {self.batch_id}"
