"""Merge: which records became one, and everything that is needed to take them apart again."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped


class MergeQuerySet(models.QuerySet["Merge"]):
    def standing(self) -> MergeQuerySet:
        """Those that are not undone."""
        return self.filter(undone_at=None)

    def touching(self, table: str, ids: Collection[int]) -> MergeQuerySet:
        """Those in which one of these records is the survivor or a loser."""
        wanted = list(ids)
        return self.filter(Q(survivor__in=wanted) | Q(losers__overlap=wanted), table=table)


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

    objects = MergeQuerySet.as_manager()

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

    @property
    def members(self) -> list[int]:
        """The survivor and its losers."""
        return [self.survivor, *self.losers]

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None


class MergeRule(Stamped):
    """How one field of a table is chosen when records become one; without a row, as its kind suggests.

    The row with no field holds the order of the sources, the most trusted first, for the rule *source*.
    """

    class Rule(models.TextChoices):
        RECENT = "recent", _("the most recent")
        COMPLETE = "complete", _("of the most complete record")
        FREQUENT = "frequent", _("the most frequent")
        LONGEST = "longest", _("the longest")
        SOURCE = "source", _("of the source trusted most")

    table = models.CharField(max_length=80)
    field = models.CharField(max_length=80, blank=True)
    rule = models.CharField(max_length=10, choices=Rule, blank=True)
    sources = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        ordering = ["table", "field"]
        constraints = [models.UniqueConstraint(name="dataquality_mergerule_once", fields=["table", "field"])]

    def __str__(self) -> str:
        return f"{self.table}.{self.field}: {self.rule}"
