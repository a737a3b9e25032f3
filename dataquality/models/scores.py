"""Score: how wrong a table or field was at one time; Override: a gate opened by a person, for a while."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from crm_adoption.kit.models import Stamped
from dataquality.models.intake import Batch
from dataquality.models.sources import Source

FOR = "for "  # begins the field of a score that says how many records are not fit for a use


class Score(models.Model):
    """Error rate of a table, of one field, or of fitness for a use, of one source or of all, against its limit.

    See model.md 3.1.
    """

    source = models.ForeignKey(Source, models.CASCADE, null=True, blank=True, related_name="scores")
    table = models.CharField(max_length=80)
    field = models.CharField(max_length=80, blank=True)
    rows = models.BigIntegerField(help_text="Applicable records or cells.")
    wrong = models.BigIntegerField()
    rate = models.FloatField(null=True, help_text="wrong / rows; undefined without rows.")
    limit = models.DecimalField(max_digits=6, decimal_places=4)
    strict = models.BooleanField(default=True)
    passes = models.BooleanField(null=True)
    to_fix = models.BigIntegerField(help_text="The smallest number of records to mend until it passes.")
    batch = models.ForeignKey(Batch, models.CASCADE, null=True, blank=True, related_name="scores")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["-taken_at", "-pk"]
        indexes = [models.Index(name="dataquality_score_latest", fields=["table", "field", "source", "-taken_at"])]

    def __str__(self) -> str:
        return f"{self.table}{'.' + self.field if self.field else ''}: {self.wrong} of {self.rows}"


class Override(Stamped):
    """Somebody opens a shut gate, says why and until when; every page of that report is stamped with it."""

    gate = models.CharField(max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="overrides")
    reason = models.TextField()
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="dataquality_override_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="dataquality_override_ends_later", condition=Q(until__gt=models.F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gate} until {self.until:%Y-%m-%d}"
