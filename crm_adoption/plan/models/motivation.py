"""Motivator: what makes a job role want it (P55-P57)."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import JobRole


@pghistory.track()
class Motivator(Stamped):
    """A benefit told to a role, or one of the six others with a tactic, an owner and a check that shows its lift."""

    class Kind(models.TextChoices):
        BENEFIT = "benefit", _("what is in it for me")
        PEER_PRESSURE = "peer_pressure", _("peer pressure")
        COMPETITION = "competition", _("competition")
        ACCOUNTABILITY = "accountability", _("accountability")
        APPRECIATION = "appreciation", _("appreciation from leaders")
        PUBLIC_RECOGNITION = "public_recognition", _("public recognition")
        REWARD = "reward", _("rewards")
        OWN = "own", _("one of our own")

    job_role = models.ForeignKey(JobRole, models.CASCADE, related_name="motivators")
    kind = models.CharField(max_length=20, choices=Kind)
    tactic = models.TextField(help_text=_("What is told, or what is done, in a sentence."))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    check_slug = models.CharField(_("check"), max_length=80, blank=True, help_text=_("What should rise by it."))
    told_on = models.DateField(null=True, blank=True, help_text=_("A benefit was told; a tactic began."))
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["job_role", "kind", "pk"]

    def __str__(self) -> str:
        return f"{self.job_role}: {self.get_kind_display()}"
