"""Review and its decisions: the cycle after go-live (P50-P54)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from crm_adoption.kit.models import Stamped
from crm_adoption.plan.models.phases import WorkItem


class Review(Stamped):
    """A day on which the programme is looked at; its agenda is computed when it is held."""

    planned_on = models.DateField()
    held_on = models.DateField(null=True, blank=True)
    led_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    agenda = models.JSONField(default=list, blank=True, help_text="What stood on it: topic, sentence, link.")
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["-planned_on", "-pk"]
        get_latest_by = "held_on"

    def __str__(self) -> str:
        return f"Review of {self.held_on or self.planned_on}"

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.pk])


class Decision(Stamped):
    """What a review decided; work comes of it."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="decisions")
    text = models.TextField()
    work_item = models.OneToOneField(WorkItem, models.SET_NULL, null=True, blank=True, related_name="decision")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]
