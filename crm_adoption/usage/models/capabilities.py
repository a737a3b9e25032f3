"""Capability, who used it on which day, and the files that said so."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import JobRole

ONE_TO_FIVE = [(n, str(n)) for n in range(1, 6)]


class Via(models.TextChoices):
    LOG = "log", _("a log")
    API = "api", _("a program")
    MIRROR = "mirror", _("the mirrored records")


class CapabilityQuerySet(models.QuerySet["Capability"]):
    def live(self) -> CapabilityQuerySet:
        return self.filter(retired_on=None)


class Capability(Stamped):
    """Something the CRM can do for people: what it is worth beside the others, and who needs it (U9)."""

    class Kind(models.TextChoices):
        INPUT = "input", _("input")
        AUTOMATION = "automation", _("automation")
        INFORMATION = "information", _("information")

    class Derived(models.TextChoices):
        NO = "", _("no, only logs tell")
        CREATED = "created", _("yes: new records")
        CHANGED = "changed", _("yes: new and changed records")

    name = models.CharField(_("name"), max_length=200, unique=True)
    code = models.SlugField(_("code"), max_length=60, unique=True, help_text=_("How files and programs name it."))
    aliases = ArrayField(
        models.CharField(max_length=200), verbose_name=_("what logs call it"), default=list, blank=True
    )
    summary = models.TextField(_("what it does for people"), blank=True)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    value = models.PositiveSmallIntegerField(
        _("value"),
        choices=ONE_TO_FIVE,
        default=3,
        help_text=_("From 1, nice to have, to 5, what the CRM was bought for."),
    )
    tables = ArrayField(models.CharField(max_length=80), verbose_name=_("tables"), default=list, blank=True)
    fields = ArrayField(
        models.CharField(max_length=140), verbose_name=_("fields"), default=list, blank=True,
        help_text=_("Table and field; empty: any field of its tables."),
    )  # fmt: skip
    derived = models.CharField(
        _("read from the mirrored records"), max_length=7, choices=Derived, default=Derived.NO, blank=True
    )
    job_roles = models.ManyToManyField(
        JobRole, verbose_name=_("job roles that need it"), related_name="capabilities", blank=True,
        help_text=_("None chosen: everybody with a job role."),
    )  # fmt: skip
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    objects = CapabilityQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = _("capabilities")
        constraints = [
            models.CheckConstraint(name="usage_capability_value_is_1_to_5", condition=Q(value__range=(1, 5))),
            models.CheckConstraint(
                name="usage_capability_derived_from_tables", condition=Q(derived="") | ~Q(tables=[])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("capability", args=[self.pk])


class UsageDay(models.Model):
    """That somebody used a capability so many times on a day; without a capability, that they were in the CRM."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    capability = models.ForeignKey(
        Capability, models.CASCADE, null=True, blank=True, related_name="days", db_index=False
    )
    day = models.DateField()
    count = models.PositiveIntegerField()
    via = models.CharField(max_length=6, choices=Via)

    class Meta:
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="usage_usageday_once", fields=["person", "capability", "day"], nulls_distinct=False
            ),
            models.CheckConstraint(name="usage_usageday_counts_something", condition=Q(count__gte=1)),
        ]
        indexes = [
            models.Index(name="usage_usageday_by_day", fields=["day"], include=["person", "capability"]),
            models.Index(name="usage_usageday_of", fields=["capability", "day"], include=["person"]),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.capability or '–'} on {self.day}"


class ChannelDay(models.Model):
    """Through which client somebody's use of a day came, as a log names it; beside `UsageDay`, which counts all of it.

    A log that says no client adds nothing here, so that a share is of what is known and never of what is not.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    capability = models.ForeignKey(Capability, models.CASCADE, null=True, blank=True, related_name="+")
    day = models.DateField()
    channel = models.CharField(max_length=120, help_text=_("The client, as the log writes it."))
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="usage_channelday_once", fields=["person", "capability", "day", "channel"], nulls_distinct=False
            ),
            models.CheckConstraint(name="usage_channelday_counts_something", condition=Q(count__gte=1)),
            models.CheckConstraint(name="usage_channelday_names_its_channel", condition=~Q(channel="")),
        ]
        indexes = [models.Index(name="usage_channelday_by_day", fields=["day"], include=["person", "channel", "count"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.channel} on {self.day}"


class UsageImport(Stamped):
    """A file of use that was read: how many rows counted, and why the others did not."""

    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    counts = models.JSONField(default=dict)
    faults = models.JSONField(default=list, help_text=_("[row, value, sentence], the first thousand."))
    unknown = models.JSONField(default=dict, help_text=_("Words that no capability goes by, with their rows."))

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("usage-import", args=[self.pk])
