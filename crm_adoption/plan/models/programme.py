"""Programme: the one row that says what all this is for. Objective: what it is to reach."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped


@pghistory.track()
class Programme(Stamped):
    """The company's CRM programme. There is one, and it never ends: after go-live it moves to a cycle (P50, P52)."""

    class ItModel(models.TextChoices):
        OUTSOURCED = "outsourced", _("outsourced IT")
        SMALL = "small", _("small internal IT")
        LARGE = "large", _("large internal IT")

    class Cadence(models.TextChoices):
        SIX_WEEKS = "6w", _("every six weeks")
        QUARTER = "13w", _("every quarter")
        YEAR = "52w", _("every year")
        CONTINUOUS = "continuous", _("continuously")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=200, default="Our CRM programme")
    purpose = models.TextField(blank=True, help_text=_("Why there is a CRM at all, in one sentence."))
    vision = models.TextField(
        blank=True,
        help_text=_("Are you a customer-centred organisation? Does CRM help you create raving fans? (P13)"),
    )
    it_model = models.CharField(
        _("IT model"), max_length=10, choices=ItModel, default=ItModel.SMALL,
        help_text=_("Decides which seats must be filled (P20-P22)."),
    )  # fmt: skip
    cadence = models.CharField(
        max_length=10,
        choices=Cadence,
        default=Cadence.QUARTER,
        help_text=_("How often the programme is reviewed (P53)."),
    )

    class Meta:
        verbose_name_plural = "programme"
        constraints = [models.CheckConstraint(name="plan_programme_is_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Objective(Stamped):
    """What is to be reached, and by what it is known; a tree from strategy over CRM to process (P12, M3)."""

    class Kind(models.TextChoices):
        STRATEGY = "strategy", _("strategy")
        CRM = "crm", _("CRM")
        PROCESS = "process", _("process")

    statement = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CRM)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    metric = models.CharField(max_length=200, blank=True, help_text=_("By what it is known, in words."))
    check_slug = models.CharField(
        _("check"), max_length=80, blank=True, help_text=_("The check that measures it, if one does.")
    )
    baseline = models.FloatField(null=True, blank=True)
    target = models.FloatField(null=True, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "statement"]
        constraints = [
            models.CheckConstraint(name="plan_objective_is_not_its_own_parent", condition=~Q(parent=F("id")))
        ]

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        return reverse("objective", args=[self.pk])
