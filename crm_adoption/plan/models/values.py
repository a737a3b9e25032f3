"""RoleValue: how much an hour of a role is missed, so that what stops it weighs more (P37)."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import JobRole


@pghistory.track()
class RoleValue(Stamped):
    """What an hour of a role counts beside others; a role without a row counts once."""

    job_role = models.OneToOneField(JobRole, models.CASCADE, related_name="+", verbose_name=_("job role"))
    value = models.PositiveSmallIntegerField(
        _("value"), choices=[(n, str(n)) for n in range(1, 6)], default=1,
        help_text=_("From 1, as any other, to 5, their knowledge is missed at once."),
    )  # fmt: skip

    class Meta:
        ordering = ["job_role"]
        constraints = [models.CheckConstraint(name="plan_rolevalue_is_1_to_5", condition=Q(value__range=(1, 5)))]

    def __str__(self) -> str:
        return f"{self.job_role}: {self.value}"
