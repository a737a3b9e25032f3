"""The priors of this app, each editable in the admin site."""

from __future__ import annotations

from typing import Self

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped

SHARE = [MinValueValidator(0), MaxValueValidator(1)]


@pghistory.track()
class TrainingSetting(Stamped):
    """One row of priors; every change is kept with who and when."""

    process_share_above = models.FloatField(
        _("process share must exceed"), default=0.5, validators=SHARE,
        help_text=_("Minutes about process of all minutes of a curriculum; strictly more (P60)."),
    )  # fmt: skip
    saturation_cap = models.PositiveSmallIntegerField(
        _("impact a role can bear in a quarter"), default=10,
        help_text=_("The sizes (1 to 5) of all impacts that land in one quarter, summed; a role may have its own."),
    )  # fmt: skip
    culture_discount = models.FloatField(
        _("discount a step of free culture"), default=0.1, validators=[MinValueValidator(0), MaxValueValidator(0.25)],
        help_text=_("A team of culture c bears cap x (1 - discount x (c - 1)); structured is 1, free is 5 (M6)."),
    )  # fmt: skip
    reinforce_from = models.PositiveSmallIntegerField(_("reinforcement is due from day"), default=21)
    reinforce_by = models.PositiveSmallIntegerField(_("reinforcement is due by day"), default=28)
    reinforce_until = models.PositiveSmallIntegerField(_("reinforcement counts until day"), default=42)
    window_days = models.PositiveSmallIntegerField(_("days of behaviour looked at"), default=28)
    doing_from = models.FloatField(
        _("doing from this share of what is expected"), default=0.5, validators=SHARE,
        help_text=_("The mean over a role's tables of clamp(done / expected); below it, somebody is not doing."),
    )  # fmt: skip
    shown_from = models.PositiveSmallIntegerField(
        _("people from which a figure is shown"), default=5, help_text=_("Never below 5.")
    )
    faster_target = models.FloatField(_("time to proficiency shorter by"), default=0.4, validators=SHARE)
    ready_from = models.FloatField(
        _("share of a role that must be trained to be ready"), default=0.95, validators=SHARE
    )
    rating_needed = models.PositiveSmallIntegerField(
        _("structure, skill and culture a team needs"), default=3,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("The rating, 1 to 5, each of the three has to reach before a release reaches the team (M14)."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("constants of training")
        verbose_name_plural = _("constants of training")
        constraints = [
            models.CheckConstraint(name="training_trainingsetting_is_one_row", condition=Q(pk=1)),
            models.CheckConstraint(name="training_trainingsetting_shows_nobody", condition=Q(shown_from__gte=5)),
            models.CheckConstraint(
                name="training_trainingsetting_days_in_order",
                condition=Q(reinforce_from__lte=F("reinforce_by"), reinforce_by__lte=F("reinforce_until")),
            ),
            models.CheckConstraint(name="training_trainingsetting_has_a_window", condition=Q(window_days__gte=1)),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def now(cls) -> Self:
        """The row in force; the priors where nobody has seeded it yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
