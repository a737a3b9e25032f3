"""ApiToken: a program's key, kept as a digest only."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from crm_adoption.kit.permissions import SCOPES

LONGEST = timedelta(days=365)


class ApiToken(AbstractAuthToken):  # type: ignore[misc]
    """Acts as its owner within its scopes until it expires; the token itself is shown once and never stored."""

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=128, unique=True, editable=False)
    name = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=10, choices=[(scope, scope) for scope in SCOPES]))
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("API token")
        constraints = [
            models.CheckConstraint(
                name="people_apitoken_expires_within_a_year",
                condition=Q(expiry__isnull=False, expiry__lte=F("created") + LONGEST + timedelta(days=1)),
            ),
            models.CheckConstraint(
                name="people_apitoken_has_known_scopes",
                condition=Q(scopes__len__gte=1, scopes__contained_by=list(SCOPES)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"

    def has_expired(self, now: datetime) -> bool:
        return bool(self.expiry <= now)
