"""Merge: which records became one, and everything that is needed to take them apart again."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse


class Merge(models.Model):
    """Losers taken up by a survivor of the same table; written before the records are touched."""

    table = models.CharField(max_length=80)
    survivor = models.BigIntegerField()
    losers = ArrayField(models.BigIntegerField())
    chosen = models.JSONField(default=dict, help_text="Field to {value, from (record id or null), rule}.")
    journal = models.JSONField(help_text="Every row and child as it was: what undo puts back.")
    before = models.CharField(max_length=64, help_text="SHA-256 of the cluster before, in canonical form.")
    after = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    merged_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="dataquality_merge_survivor", fields=["table", "survivor"]),
            GinIndex(name="dataquality_merge_losers", fields=["losers"]),
        ]
        constraints = [
            models.CheckConstraint(name="dataquality_merge_has_losers", condition=~Q(losers=[])),
        ]

    def __str__(self) -> str:
        return f"Merge {self.pk} in {self.table}"

    def get_absolute_url(self) -> str:
        return reverse("merge", args=[self.pk])
