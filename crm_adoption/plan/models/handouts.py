"""CalendarLink and DigestSetting: what leaves this place for one person, and how they end it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from crm_adoption.kit.models import Stamped


class CalendarLink(Stamped):
    """A secret address of one person's calendar feed; its key is shown once, and only its digest is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_links")
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the key.")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="plan_calendarlink_one_open_each", fields=["person"], condition=Q(revoked_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.person}"


class DigestSetting(Stamped):
    """Whether a person wants the weekly letter, and the week of the last one; without a row they want it."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest_setting")
    is_wanted = models.BooleanField(default=True)
    week_of = models.DateField(null=True, blank=True, help_text="The Monday of the week of the last letter.")

    class Meta:
        ordering = ["person"]

    def __str__(self) -> str:
        return f"Weekly letter to {self.person}"
