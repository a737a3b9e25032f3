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


class GateReplay(models.Model):
    """How good forecasts of one gate, or of one figure that gates ask for, would have been over the readings there are.

    Every replay replaces the last. A figure is `<table>`, `<table>:<field>` or `check:<slug>`; `ours` and `planned`
    are Brier scores, none while there are too few readings.
    """

    phase = models.ForeignKey(Phase, models.CASCADE, null=True, blank=True, related_name="replays")
    figure = models.CharField(max_length=160, blank=True)
    planned_on = models.DateField()
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    n = models.PositiveIntegerField(help_text="Forecasts replayed.")
    came = models.PositiveIntegerField(help_text="Of these, about a day on which it held.")
    ours = models.FloatField(null=True)
    planned = models.FloatField(null=True, help_text="Saying 'from the planned date on'.")
    bins = models.JSONField(default=list, help_text="By tenths of probability: low, n, said, came.")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="plan_gatereplay_of_a_phase_or_a_figure",
                condition=Q(phase__isnull=False, figure="") | (Q(phase__isnull=True) & ~Q(figure="")),
            ),
            models.UniqueConstraint(name="plan_gatereplay_once_a_phase", fields=["phase"]),
            models.UniqueConstraint(name="plan_gatereplay_once_a_figure", fields=["figure"], condition=~Q(figure="")),
        ]

    def __str__(self) -> str:
        return str(self.phase or self.figure)


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
