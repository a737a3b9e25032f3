"""Costs of the programme, and what it brings; a gain counts once two readings show it (U10, F27)."""

from __future__ import annotations

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped


@pghistory.track()
class LedgerLine(Stamped):
    """A cost, or a gain with the check that shows it: its reading before and its reading after."""

    class Kind(models.TextChoices):
        COST = "cost", _("cost")
        GAIN = "gain", _("gain")

    class Line(models.TextChoices):
        TRAINING = "training", _("training")
        GUIDES = "guides", _("guides and help pages")
        UPGRADES = "upgrades", _("benefit of upgrades")
        SUPPORT = "support", _("support and help desk")
        DOCUMENTATION = "documentation", _("documentation")
        HOURS = "hours", _("hours of work")
        ONBOARDING = "onboarding", _("time until new people are productive")
        SHADOW = "shadow", _("shadow work retired")
        LICENCES = "licences", _("licences")
        PROJECT = "project", _("project")
        OTHER = "other", _("other")

    kind = models.CharField(_("kind"), max_length=4, choices=Kind)
    line = models.CharField(_("line"), max_length=13, choices=Line)
    name = models.CharField(_("what"), max_length=200)
    amount = models.DecimalField(
        _("amount in a year"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    check_slug = models.CharField(
        _("shown by"), max_length=80, blank=True, help_text=_("The check whose readings show the gain.")
    )
    baseline_on = models.DateField(_("reading before, of"), null=True, blank=True)
    after_on = models.DateField(_("reading after, of"), null=True, blank=True)
    note = models.TextField(_("how it was reckoned"), blank=True)

    class Meta:
        ordering = ["kind", "line", "name"]
        constraints = [
            models.CheckConstraint(name="usage_ledgerline_amount_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="usage_ledgerline_after_follows_before",
                condition=Q(baseline_on=None) | Q(after_on=None) | Q(after_on__gt=F("baseline_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("ledger-line", args=[self.pk])
