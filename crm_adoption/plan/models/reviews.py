"""Review and its decisions: the cycle after go-live (P50-P54), and the meetings of the champions' committee (P21)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm_adoption.kit.models import Stamped
from crm_adoption.plan.models.phases import WorkItem


class ReviewQuerySet(models.QuerySet["Review"]):
    def of_programme(self) -> ReviewQuerySet:
        return self.filter(body=Review.Body.PROGRAMME)

    def of_committee(self) -> ReviewQuerySet:
        return self.filter(body=Review.Body.COMMITTEE)


class Review(Stamped):
    """A day on which the programme, or the committee of champions its own field, is looked at; its agenda is computed
    when it is held."""

    class Body(models.TextChoices):
        PROGRAMME = "programme", gettext_lazy("the programme")
        COMMITTEE = "committee", gettext_lazy("the committee of champions")

    body = models.CharField(max_length=10, choices=Body, default=Body.PROGRAMME, editable=False)
    planned_on = models.DateField()
    held_on = models.DateField(null=True, blank=True)
    led_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    agenda = models.JSONField(default=list, blank=True, help_text="What stood on it: topic, sentence, link.")
    notes = models.TextField(blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_on", "-pk"]
        get_latest_by = "held_on"

    def __str__(self) -> str:
        if self.body == self.Body.COMMITTEE:
            return _("Committee of %(day)s") % {"day": self.held_on or self.planned_on}
        return _("Review of %(day)s") % {"day": self.held_on or self.planned_on}

    def get_absolute_url(self) -> str:
        return reverse("committee-meeting" if self.body == self.Body.COMMITTEE else "review", args=[self.pk])


class Decision(Stamped):
    """What a review or a meeting decided; work comes of it."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="decisions")
    text = models.TextField()
    work_item = models.OneToOneField(WorkItem, models.SET_NULL, null=True, blank=True, related_name="decision")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]
