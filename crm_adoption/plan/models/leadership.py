"""What leaders visibly did: acts (P11-P16, P25) and recognitions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.plan.models.programme import Objective


class Moment(models.TextChoices):
    PLANNING = "planning", _("planning")
    DEPLOYMENT = "deployment", _("deployment")
    COMPANY_WIDE = "company_wide", _("company-wide events")
    RELEASE = "release", _("a release")


class LeaderAct(Stamped):
    """Something a leader was seen to do for the programme."""

    class Kind(models.TextChoices):
        BUDGET = "budget", _("put name and budget to it")
        STAFF = "staff", _("gave people to the project")
        PRIORITIES = "priorities", _("set the priorities of sales")
        TESTERS = "testers", _("gave testers")
        TRAINING = "training", _("sat in training in person")
        REVIEWS = "reviews", _("ran a quarter's reviews entirely from the system")
        SPOKE = "spoke", _("spoke about it")
        RECOGNISED = "recognised", _("recognised somebody")

    kind = models.CharField(max_length=12, choices=Kind)
    moment = models.CharField(max_length=14, choices=Moment, blank=True)
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="leader_acts")
    on = models.DateField()
    evidence = models.TextField(blank=True, help_text=_("Where it was seen: a link, a date, a minute."))

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.leader} {self.get_kind_display()}"


class Recognition(Stamped):
    """Praise that says what it contributed to (P14, P16)."""

    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recognitions_given")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recognitions")
    contributed_to = models.TextField(help_text=_("What this contributed to."))
    objective = models.ForeignKey(Objective, models.SET_NULL, null=True, blank=True, related_name="+")
    on = models.DateField()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(name="plan_recognition_says_what_for", condition=~Q(contributed_to="")),
            models.CheckConstraint(name="plan_recognition_is_of_another", condition=~Q(given_by=F("to"))),
        ]

    def __str__(self) -> str:
        return f"{self.given_by} to {self.to}"
