"""What must hold before a phase opens, who opened it all the same, and what was forecast of it."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.plan.models.phases import Phase


@pghistory.track()
class GateCriterion(Stamped):
    """A check that must hold before a phase opens, beside the data gates of its tables."""

    class Comparator(models.TextChoices):
        AT_LEAST = "ge", _("at least")
        AT_MOST = "le", _("at most")

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="criteria")
    check_slug = models.CharField(_("check"), max_length=80)
    comparator = models.CharField(max_length=2, choices=Comparator, default=Comparator.AT_LEAST)
    threshold = models.FloatField()

    class Meta:
        ordering = ["phase", "check_slug"]
        constraints = [models.UniqueConstraint(name="plan_gatecriterion_once", fields=["phase", "check_slug"])]

    def __str__(self) -> str:
        return f"{self.check_slug} {self.get_comparator_display()} {self.threshold:g}"


class GateAct(models.Model):
    """Somebody asked a phase to open or close: what was decided, and on what grounds. Never changed."""

    class Outcome(models.TextChoices):
        REFUSED = "refused", _("refused")
        OPENED = "opened", _("opened")
        OVERRIDDEN = "overridden", _("opened by the sponsor")
        CLOSED = "closed", _("closed")

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="gate_acts")
    outcome = models.CharField(max_length=10, choices=Outcome)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    missing = models.JSONField(default=list, blank=True, help_text="What was missing: sentence and link each.")
    reason = models.TextField(blank=True)
    until = models.DateField(null=True, blank=True, help_text="The last day of an override.")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="plan_gateact_override_says_why_and_until",
                condition=~Q(outcome="overridden") | (~Q(reason="") & Q(until__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.phase}: {self.get_outcome_display()}"


class GateForecast(models.Model):
    """The probability, as forecast on a day, that a gate will be open on a later one; judged when that day has come.

    `gate` is `report:<slug>`, `phase:<pk>` or `table:<slug>`. The Brier score is the mean of (probability - opened)².
    """

    gate = models.CharField(max_length=120)
    made_on = models.DateField()
    about = models.DateField()
    probability = models.FloatField(validators=[MinValueValidator(0), MaxValueValidator(1)])
    planned = models.FloatField(
        null=True, help_text="What saying 'open from the planned date on' would have forecast: 0 or 1."
    )
    opened = models.BooleanField(null=True, help_text="What came; empty until that day.")

    class Meta:
        ordering = ["-made_on", "gate", "about"]
        constraints = [models.UniqueConstraint(name="plan_gateforecast_once", fields=["gate", "made_on", "about"])]

    def __str__(self) -> str:
        return f"{self.gate} on {self.about}: {self.probability:.0%}"
