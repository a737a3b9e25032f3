"""StepRule: what makes sure that a step of a process is done as it is written (M7)."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from training.models import Process


@pghistory.track()
class StepRule(Stamped):
    """A step of a process, by its words, and the rule on records that finds whoever left it out."""

    class By(models.TextChoices):
        RULE = "rule", _("a rule on records")
        CRM = "crm", _("the CRM does not let it be left out")

    process = models.ForeignKey(Process, models.CASCADE, related_name="+", verbose_name=_("process"))
    step = models.CharField(_("step"), max_length=300)
    by = models.CharField(_("enforced by"), max_length=4, choices=By, default=By.RULE)
    rule_slug = models.CharField(_("rule"), max_length=160, blank=True)
    note = models.CharField(
        _("where it is seen"), max_length=300, blank=True, help_text=_("The screen or the setting that asks for it.")
    )

    class Meta:
        ordering = ["process", "pk"]
        constraints = [
            models.UniqueConstraint(name="plan_steprule_once", fields=["process", "step"]),
            models.CheckConstraint(
                name="plan_steprule_names_what_enforces",
                condition=Q(by="rule") & ~Q(rule_slug="") | Q(by="crm", rule_slug="") & ~Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process}: {self.step}"
