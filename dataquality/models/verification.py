"""Verification: somebody attests that a value is true, until a day; validity of form is another matter (P47)."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from dataquality.models.sources import Source


class Method(models.TextChoices):
    """How it was found out, the surest first."""

    ASKED = "asked", _("they were asked")
    SURVEY = "survey", _("a survey")
    SEEN = "seen", _("seen in a letter, a mail or on their own site")
    SERVICE = "service", _("a cleansing service")
    KNOWN = "known", _("known to who says so")


class VerificationTerm(Stamped):
    """For how long each way of finding out is believed; changed in the admin site."""

    method = models.CharField(max_length=10, choices=Method, unique=True)
    days = models.PositiveSmallIntegerField(
        _("believed for, days"), validators=[MinValueValidator(1)],
        help_text=_("An attestation expires after so many days, unless it names a day itself."),
    )  # fmt: skip
    half_life_days = models.PositiveSmallIntegerField(
        _("half-life, days"), validators=[MinValueValidator(1)],
        help_text=_("After so many days half of what was true then is true no longer."),
    )  # fmt: skip

    class Meta:
        ordering = ["method"]
        verbose_name = _("term of verification")
        verbose_name_plural = _("terms of verification")

    def __str__(self) -> str:
        return str(self.get_method_display())


class AnswerFile(Stamped):
    """A file of answers that came back, from a cleansing service or a survey, and what each row came to."""

    name = models.CharField(max_length=255)
    method = models.CharField(max_length=10, choices=Method)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    counts = models.JSONField(default=dict)
    wrong = models.JSONField(default=list, help_text=_("Values found wrong: table, record, field, value, new value."))
    faults = models.JSONField(default=list, help_text=_("Rows that did not count: row, value, reason."))

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("verification-answers", args=[self.pk])


class Verification(models.Model):
    """One value of one record, attested true on a day, or found wrong (`holds` is false).

    The record is named as its CRM names it and the value by its digest, so that an attestation outlives every export
    that brings the same value again, and ends with the first that brings another.
    """

    table = models.CharField(max_length=80)
    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=255)
    field = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the value as it is stored."))
    holds = models.BooleanField(default=True)
    method = models.CharField(max_length=10, choices=Method)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False)
    verified_on = models.DateField()
    expires_on = models.DateField(help_text=_("The last day on which it is believed."))
    noted_at = models.DateTimeField()
    answers = models.ForeignKey(AnswerFile, models.SET_NULL, null=True, related_name="verifications", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="dataquality_verification_once_a_day",
                fields=["table", "source", "external_id", "field", "verified_on", "method"],
            ),
            models.CheckConstraint(
                name="dataquality_verification_ends_later", condition=Q(expires_on__gte=F("verified_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.external_id}: {self.field} until {self.expires_on}"
