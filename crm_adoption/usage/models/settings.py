"""The priors of this app, each editable in the admin site."""

from __future__ import annotations

from typing import Self

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from training.models.settings import SHARE

ABOVE_NOUGHT = [MinValueValidator(0)]


@pghistory.track()
class UsageSetting(Stamped):
    """One row of priors; every change is kept with who and when."""

    reference_line = models.FloatField(
        _("reference line of use"), default=0.25, validators=SHARE,
        help_text=_("Most companies use less than a quarter of what their CRM can do (U9)."),
    )  # fmt: skip
    window_days = models.PositiveSmallIntegerField(_("days in which a user counts as one"), default=90)
    decay_days = models.PositiveSmallIntegerField(
        _("days that are compared with the best"), default=28,
        help_text=_("Decay = 1 - use in the last of these days / use in the best of them ever."),
    )  # fmt: skip
    decayed_above = models.FloatField(_("decayed above"), default=0.5, validators=SHARE)
    expected_days = models.PositiveSmallIntegerField(
        _("days of use expected in 28 days"), default=12,
        help_text=_("Of somebody who works with the CRM; below it, access counts in part."),
    )  # fmt: skip
    adopted_from = models.PositiveSmallIntegerField(_("adopted from a score of"), default=60)
    shown_from = models.PositiveSmallIntegerField(
        _("people from which a figure is shown"), default=5, help_text=_("Never below 5.")
    )
    seconds_a_click = models.FloatField(_("seconds for a click"), default=1.5, validators=ABOVE_NOUGHT)
    seconds_a_field = models.FloatField(_("seconds for a field"), default=4.0, validators=ABOVE_NOUGHT)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    licence_cost = models.DecimalField(
        _("licences in a year"), max_digits=14, decimal_places=2, null=True, blank=True, validators=ABOVE_NOUGHT,
        help_text=_("All that is paid for the CRM in a year; shelfware is the part that is not used."),
    )  # fmt: skip
    hourly_rate = models.DecimalField(
        _("an hour of work"), max_digits=8, decimal_places=2, null=True, blank=True, validators=ABOVE_NOUGHT,
        help_text=_("What an hour saved is worth; empty: hours stay hours."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("constants of use")
        verbose_name_plural = _("constants of use")
        constraints = [
            models.CheckConstraint(name="usage_usagesetting_is_one_row", condition=Q(pk=1)),
            models.CheckConstraint(name="usage_usagesetting_shows_nobody", condition=Q(shown_from__gte=5)),
            models.CheckConstraint(
                name="usage_usagesetting_has_windows",
                condition=Q(window_days__gte=1, decay_days__gte=1, expected_days__range=(1, 28)),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def now(cls) -> Self:
        """The row in force; the priors where nobody has seeded it yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
