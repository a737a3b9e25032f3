"""ShadowSystem, and what was seen when its spreadsheet was held against the CRM."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import Team


class ShadowSystemQuerySet(models.QuerySet["ShadowSystem"]):
    def alive(self) -> ShadowSystemQuerySet:
        return self.exclude(state=ShadowSystem.State.RETIRED)


@pghistory.track()
class ShadowSystem(Stamped):
    """A spreadsheet or another place where people keep what belongs in the CRM, and why it exists (U8)."""

    class State(models.TextChoices):
        FOUND = "found", _("found")
        UNDERSTOOD = "understood", _("understood")
        MIGRATING = "migrating", _("moving into the CRM")
        RETIRED = "retired", _("retired")

    name = models.CharField(_("name"), max_length=200)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="shadow_systems", verbose_name=_("team")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("shown by"),
        help_text=_("Who showed it; nobody is to blame for it."),
    )  # fmt: skip
    table = models.CharField(_("table it stands beside"), max_length=80, blank=True)
    why = models.TextField(_("why it exists"), blank=True, help_text=_("What it does that the CRM does not."))
    found_on = models.DateField(_("found on"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.FOUND)
    retired_on = models.DateField(_("retired on"), null=True, blank=True, editable=False)
    retired_because = models.TextField(blank=True, editable=False)

    objects = ShadowSystemQuerySet.as_manager()

    class Meta:
        ordering = ["state", "-found_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="usage_shadowsystem_retired_has_a_day",
                condition=Q(state="retired", retired_on__isnull=False) | ~Q(state="retired") & Q(retired_on=None),
            ),
            models.CheckConstraint(
                name="usage_shadowsystem_understood_says_why", condition=Q(state="found") | ~Q(why="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("shadow-system", args=[self.pk])


class XRay(Stamped):
    """What a spreadsheet showed when it was held against a table. The file is not kept: only headings and hashes.

    `keys` are rows x `key_columns` of 64-bit hashes (0 where a cell is empty), salted with this install's key, so that
    the same rows can be looked for again without the file, and by nobody else.
    """

    shadow = models.ForeignKey(ShadowSystem, models.CASCADE, related_name="x_rays")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    header = ArrayField(models.TextField(), default=list)
    rows = models.PositiveIntegerField()
    key_columns = ArrayField(models.CharField(max_length=80), default=list)
    keys = ArrayField(models.BigIntegerField(), default=list)
    found = models.PositiveIntegerField(help_text=_("Rows that the CRM knows."))
    missing_in_crm = ArrayField(models.TextField(), default=list, help_text=_("Columns the CRM has no field for."))
    compared = models.JSONField(default=dict, help_text=_("Column to [rows compared, rows that say otherwise]."))
    edited_on = models.DateField(null=True, help_text=_("As somebody said, or the newest day written in it."))
    crm_edited_on = models.DateField(null=True, help_text=_("The newest change of the rows the CRM knows."))
    looked_again_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-taken_at", "-pk"]
        get_latest_by = "taken_at"
        constraints = [
            models.CheckConstraint(name="usage_xray_finds_what_there_is", condition=Q(found__lte=models.F("rows")))
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.taken_at:%Y-%m-%d}"

    @property
    def unknown(self) -> int:
        """Rows the CRM does not know."""
        return self.rows - self.found

    @property
    def overlap(self) -> float | None:
        return self.found / self.rows if self.rows else None

    @property
    def is_fresher(self) -> bool | None:
        """Was it edited after the CRM's copy? Unknown where either day is."""
        if self.edited_on is None or self.crm_edited_on is None:
            return None
        return self.edited_on > self.crm_edited_on
