"""The click ledger: what each release takes from people and what it gives back (T29, M10)."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.usage.models.use_cases import UseCase


@pghistory.track()
class EffortRelease(Stamped):
    """A release in the books; settled, its clicks are the clicks its use cases take."""

    release = models.SlugField(
        _("release"), max_length=80, unique=True, help_text=_("The key by which the plan and training know it.")
    )
    name = models.CharField(_("name"), max_length=200)
    on = models.DateField(_("goes live on"))
    why = models.TextField(_("why it may take more than it gives"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("answered for by"),
        help_text=_("The sponsor who stands for it, where it takes more than it gives."),
    )  # fmt: skip
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("effort-release", args=[self.pk])


class EffortEntry(Stamped):
    """Clicks and fields that a release adds to a use case, and takes out of it, each time it is done."""

    release = models.ForeignKey(EffortRelease, models.CASCADE, related_name="entries")
    use_case = models.ForeignKey(UseCase, models.PROTECT, related_name="effort", verbose_name=_("use case"))
    clicks_added = models.PositiveSmallIntegerField(_("clicks added"), default=0)
    clicks_removed = models.PositiveSmallIntegerField(_("clicks removed"), default=0)
    fields_added = models.PositiveSmallIntegerField(_("fields added"), default=0)
    fields_removed = models.PositiveSmallIntegerField(_("fields removed"), default=0)
    times_a_week = models.FloatField(
        _("times a week"), null=True, blank=True,
        help_text=_("By everybody together; empty: what is expected of the people of the role."),
    )  # fmt: skip
    note = models.CharField(_("what changes"), max_length=300, blank=True)

    class Meta:
        ordering = ["release", "use_case", "pk"]
        verbose_name_plural = _("effort entries")
        constraints = [
            models.UniqueConstraint(name="usage_effortentry_once", fields=["release", "use_case"]),
            models.CheckConstraint(
                name="usage_effortentry_changes_something",
                condition=Q(clicks_added__gt=0)
                | Q(clicks_removed__gt=0)
                | Q(fields_added__gt=0)
                | Q(fields_removed__gt=0),
            ),
            models.CheckConstraint(
                name="usage_effortentry_is_done_sometimes", condition=Q(times_a_week=None) | Q(times_a_week__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release}: {self.use_case}"

    @property
    def clicks(self) -> int:
        """Saved each time; negative where it takes more."""
        return self.clicks_removed - self.clicks_added

    @property
    def fields(self) -> int:
        return self.fields_removed - self.fields_added
