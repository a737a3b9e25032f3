"""Pulse: a short anonymous survey. Who answered and what was answered never stand in one row."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import JobRole, Team


class Pulse(Stamped):
    """Some sentences that people agree with from 1 to 5, open for some days."""

    name = models.CharField(max_length=120)
    opens_on = models.DateField()
    closes_on = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="plan_pulse_closes_after_it_opens", condition=Q(closes_on__gte=F("opens_on")))
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pulse", args=[self.pk])


class PulseItem(models.Model):
    """One sentence of a pulse, about one ingredient; `slug` keeps it comparable from pulse to pulse."""

    pulse = models.ForeignKey(Pulse, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=60)
    ingredient_slug = models.CharField(max_length=40)
    sentence = models.CharField(max_length=300)

    class Meta:
        ordering = ["pulse", "position"]
        constraints = [models.UniqueConstraint(name="plan_pulseitem_once", fields=["pulse", "slug"])]

    def __str__(self) -> str:
        return self.sentence


class PulseTicket(models.Model):
    """That a person was asked and, once used, has answered; it knows no answer, and no time of it."""

    pulse = models.ForeignKey(Pulse, models.CASCADE, related_name="tickets")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    used = models.BooleanField(default=False)
    sent_on = models.DateField(null=True, blank=True, help_text="The day of the letter with its link.")

    class Meta:
        constraints = [models.UniqueConstraint(name="plan_pulseticket_once", fields=["pulse", "person"])]

    def __str__(self) -> str:
        return f"{self.person} in {self.pulse}"


class PulseAnswer(models.Model):
    """One score of nobody in particular; team and role only so that groups of five or more may be shown."""

    item = models.ForeignKey(PulseItem, models.CASCADE, related_name="answers")
    score = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="+")
    job_role = models.ForeignKey(JobRole, models.SET_NULL, null=True, blank=True, related_name="+")
    on = models.DateField(help_text="The day of the pulse's opening, not of the answer.")

    class Meta:
        constraints = [models.CheckConstraint(name="plan_pulseanswer_is_1_to_5", condition=Q(score__range=(1, 5)))]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.score}"
