"""AccessPath and Trial: how people reach the system, and what was tried as they will use it."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import JobRole
from crm_adoption.plan.models.phases import Phase


@pghistory.track()
class AccessPath(Stamped):
    """One way by which a job role reaches the CRM, and what stands in it (P30-P36)."""

    class Device(models.TextChoices):
        DESK = "desk", _("desk computer")
        LAPTOP = "laptop", _("laptop")
        TABLET = "tablet", _("tablet")
        PHONE = "phone", _("phone")

    class Network(models.TextChoices):
        OFFICE = "office", _("office")
        HOME = "home", _("home")
        ROAD = "road", _("on the road")
        NONE = "none", _("no network")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        TO_DO = "todo", _("to do")
        PROHIBITED = "prohibited", _("prohibited")

    job_role = models.ForeignKey(JobRole, models.CASCADE, related_name="access_paths")
    client = models.CharField(max_length=80, help_text=_("Web browser, mail program, app …"))
    device = models.CharField(max_length=8, choices=Device)
    network = models.CharField(max_length=8, choices=Network, default=Network.OFFICE)
    offline = models.BooleanField(default=False, help_text=_("Data can be entered without a network."))
    embedded = models.BooleanField(default=False, help_text=_("Inside the program in which the role works anyway."))
    logged_as = ArrayField(
        models.CharField(max_length=120), verbose_name=_("what logs call it"), default=list, blank=True,
        help_text=_("Beside its own name; so that use that came this way is known."),
    )  # fmt: skip
    needs_vpn = models.BooleanField(default=False)
    steps = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("To the first useful screen."))
    state = models.CharField(max_length=10, choices=State, default=State.TO_DO)
    reason = models.TextField(blank=True, help_text=_("Why it is prohibited, or what it waits for."))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    communicated_on = models.DateField(null=True, blank=True, help_text=_("Users were told of a prohibition."))

    class Meta:
        ordering = ["job_role", "device", "network"]
        constraints = [
            models.UniqueConstraint(name="plan_accesspath_once", fields=["job_role", "client", "device", "network"]),
            models.CheckConstraint(
                name="plan_accesspath_prohibition_says_why", condition=~Q(state="prohibited") | ~Q(reason="")
            ),
        ]

    @property
    def words(self) -> set[str]:
        """By what a log may mean this way, as it is compared."""
        return {word.strip().casefold() for word in (self.client, *self.logged_as)}

    def __str__(self) -> str:
        return f"{self.job_role}: {self.client}, {self.get_device_display()}, {self.get_network_display()}"


@pghistory.track()
class Trial(Stamped):
    """A use case tried before a release; it counts only as an end-user in a place like production (P39)."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="trials")
    use_case = models.CharField(max_length=200)
    job_role = models.ForeignKey(JobRole, models.CASCADE, related_name="+")
    like_production = models.BooleanField(default=False)
    as_end_user = models.BooleanField(default=False, help_text=_("With the role's own security, not as administrator."))
    passed = models.BooleanField(null=True, blank=True, help_text=_("Empty until it was tried."))
    seconds = models.FloatField(null=True, blank=True, help_text=_("The slowest screen, p95."))
    on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["phase", "use_case", "job_role"]
        constraints = [
            models.UniqueConstraint(name="plan_trial_once", fields=["phase", "use_case", "job_role"]),
            models.CheckConstraint(name="plan_trial_has_a_day", condition=Q(passed=None) | Q(on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.use_case} as {self.job_role}"

    @property
    def counts(self) -> bool:
        return bool(self.passed and self.like_production and self.as_end_user)
