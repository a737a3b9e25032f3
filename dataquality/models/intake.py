"""One committed import at a time: ordered, diffable, and nothing left behind when it is discarded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from dataquality.models.sources import Product, Source


class HeaderMap(Stamped):
    """A mapping somebody confirmed, so that the second file of that layout asks nothing."""

    fingerprint = models.CharField(max_length=64)
    product = models.CharField(max_length=12, choices=Product)
    table = models.CharField(max_length=80)
    mapping = models.JSONField(help_text="Heading to field; null keeps the column in `extra`.")
    key = models.JSONField(default=list, help_text="The headings that make the key where there is no id column.")

    class Meta:
        constraints = [models.UniqueConstraint(name="dataquality_headermap_is_unique", fields=["fingerprint"])]

    def __str__(self) -> str:
        return f"{self.table} of {self.get_product_display()}"


class BatchQuerySet(models.QuerySet["Batch"]):
    def applied(self) -> BatchQuerySet:
        return self.filter(state=Batch.State.APPLIED)

    def open(self) -> BatchQuerySet:
        return self.filter(state__in=[Batch.State.RECEIVED, Batch.State.STAGED, Batch.State.CHECKED])


class Batch(Stamped):
    """What a source said at one time about one table."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        STAGED = "staged", _("staged")
        CHECKED = "checked", _("checked")
        APPLIED = "applied", _("applied")
        DISCARDED = "discarded", _("discarded")
        REFUSED = "refused", _("refused")

    source = models.ForeignKey(Source, models.PROTECT, related_name="batches")
    table = models.CharField(max_length=80, blank=True)
    product = models.CharField(max_length=12, choices=Product, blank=True)
    file = models.FileField(upload_to="batches/", max_length=200)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    taken_at = models.DateTimeField(help_text=_("When the export was taken; later batches overrule earlier ones."))
    is_full = models.BooleanField(
        default=False, help_text=_("The whole table was exported, so that what is missing in it is gone.")
    )
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    choices = models.JSONField(default=dict, blank=True, help_text="A person's answers to the reader's questions.")
    reading = models.JSONField(default=dict, blank=True, help_text="What the reader found in the file.")
    recognised = models.JSONField(default=dict, blank=True, help_text="Which CRM and table it is, and how sure.")
    mapping = models.JSONField(default=dict, blank=True, help_text="Heading to field.")
    key = models.JSONField(default=list, blank=True)
    formats = models.JSONField(default=dict, blank=True, help_text="Dates, decimals and blanks, a column each.")
    counts = models.JSONField(default=dict, blank=True)
    refusal = models.TextField(blank=True)
    header_map = models.ForeignKey(HeaderMap, models.SET_NULL, null=True, blank=True)
    idempotency_key = models.CharField(
        max_length=100,
        blank=True,
        default="",
        help_text=_("What a program called its request; a retry gets this batch."),
    )
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="received_batches"
    )
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="applied_batches"
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "batches"
        indexes = [models.Index(name="dataquality_batch_of_table", fields=["source", "table", "-taken_at"])]
        constraints = [
            models.UniqueConstraint(
                name="dataquality_batch_once_a_request",
                fields=["received_by", "idempotency_key"],
                condition=~models.Q(idempotency_key=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("batch", args=[self.pk])

    @property
    def staging_table(self) -> str:
        """The table that holds its rows between check and apply or discard."""
        return f"dataquality_stage_{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.RECEIVED, self.State.STAGED, self.State.CHECKED)


class Quarantined(models.Model):
    """A row that could not become a record: kept with its place and the reason, never lost."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="quarantined")
    row = models.BigIntegerField(null=True)
    column = models.CharField(max_length=255, blank=True)
    code = models.CharField(max_length=60)
    sentence = models.TextField()
    raw = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "quarantined rows"

    def __str__(self) -> str:
        return f"row {self.row}: {self.code}"
