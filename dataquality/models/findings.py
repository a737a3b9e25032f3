"""Rule, Finding and Correction: what should hold, where it does not, and what we propose."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from dataquality.models.intake import Batch
from dataquality.models.sources import Source


class Severity(models.TextChoices):
    ERROR = "error", _("error")
    WARNING = "warning", _("warning")


class RuleRow(Stamped):
    """A declared rule as a steward may edit it: switched off, softened, given an owner."""

    slug = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=20)
    table = models.CharField(max_length=80)
    field = models.CharField(max_length=80)
    params = models.JSONField(default=dict, blank=True)
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.ERROR)
    uses = models.JSONField(default=list, blank=True)
    active = models.BooleanField(default=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ["table", "field", "kind"]
        verbose_name = "rule"

    def __str__(self) -> str:
        return self.slug


class FindingQuerySet(models.QuerySet["Finding"]):
    def open(self) -> FindingQuerySet:
        return self.filter(state=Finding.State.OPEN)

    def errors(self) -> FindingQuerySet:
        return self.filter(severity=Severity.ERROR)


class Finding(models.Model):
    """One cell that breaks one rule; it always carries the record's id, the field and the value."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CORRECTED = "corrected", _("corrected, pending export")
        WAIVED = "waived", _("waived")
        CLOSED = "closed", _("closed")
        GONE = "gone", _("record gone")

    rule = models.ForeignKey(RuleRow, models.PROTECT, related_name="findings")
    table = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    source = models.ForeignKey(Source, models.CASCADE, related_name="findings", db_index=False)
    field = models.CharField(max_length=80)
    code = models.CharField(max_length=60)
    value = models.TextField(blank=True)
    suggestion = models.TextField(null=True, blank=True)
    candidates = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))
    severity = models.CharField(max_length=8, choices=Severity)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_in = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    closed_in = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, db_index=False)
    waiver_reason = models.TextField(blank=True)
    waived_until = models.DateField(null=True, blank=True)
    blast_radius = models.PositiveIntegerField(
        default=0, db_default=0, help_text=_("Live records that point to this one, directly or through others.")
    )
    priority = models.FloatField(
        default=0, db_default=0, help_text=_("Severity x (1 + log2(1 + blast radius)) x (1 + reports held up).")
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                name="dataquality_finding_open", fields=["table", "field", "code", "-id"], condition=Q(state="open")
            ),
            models.Index(
                name="dataquality_finding_wrong",
                fields=["table", "record_id"],
                condition=Q(state="open", severity="error"),
            ),
            models.Index(name="dataquality_finding_of", fields=["table", "record_id"]),
            models.Index(name="dataquality_finding_priority", fields=["-priority", "-id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="dataquality_finding_once",
                fields=["rule", "record_id"],
                condition=Q(state__in=["open", "corrected", "waived"]),
            ),
            models.CheckConstraint(
                name="dataquality_finding_waiver_says_why",
                condition=~Q(state="waived") | ~Q(waiver_reason="") & Q(waived_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} in {self.field} of {self.table} {self.record_id}"


class Correction(Stamped):
    """A proposed change of one cell; the CRM takes it from a file and the next export says whether it did."""

    class Kind(models.TextChoices):
        CHANGE = "change", _("change")
        CONFIRM = "confirm", _("confirm")
        MERGE = "merge", _("merge")
        ARCHIVE = "archive", _("archive")

    class Origin(models.TextChoices):
        STEWARD = "steward", _("a steward")
        RULE = "rule", _("a suggestion of a rule")
        ENRICHMENT = "enrichment", _("enrichment")
        SURVEY = "survey", _("a survey")
        ROLE_CALL = "role_call", _("a role call")

    class Fate(models.TextChoices):
        PENDING = "pending", _("pending export")
        LANDED = "landed", _("landed")
        CHANGED = "changed", _("changed to something else")
        OVERWRITTEN = "overwritten", _("came back wrong")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CHANGE)
    table = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    source = models.ForeignKey(Source, models.CASCADE, related_name="corrections")
    external_id = models.CharField(max_length=255)
    field = models.CharField(max_length=80)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    origin = models.CharField(max_length=12, choices=Origin)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    reason = models.TextField(blank=True, db_default="")
    fate = models.CharField(max_length=12, choices=Fate, default=Fate.PENDING)
    settled_in = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="dataquality_correction_of", fields=["table", "record_id"]),
            models.Index(name="dataquality_correction_pending", fields=["table", "field"], condition=Q(fate="pending")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="dataquality_correction_one_pending",
                fields=["table", "record_id", "field"],
                condition=Q(fate="pending"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.table} {self.record_id}: {self.old!r} to {self.new!r}"
