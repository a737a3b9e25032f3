"""What training needs to know of a role, of a team, and of where somebody stands with a change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import JobRole, Team

ONE_TO_FIVE = [(n, str(n)) for n in range(1, 6)]


class RoleProfile(Stamped):
    """What a job role adds to the four fields it has already: its use cases (U12), manuals (U1), cap and baseline."""

    job_role = models.OneToOneField(JobRole, models.CASCADE, related_name="profile")
    use_cases = models.TextField(
        _("use cases"), blank=True, help_text=_("What people of this role want to get done, one a line.")
    )
    manuals = models.PositiveSmallIntegerField(
        _("manuals"), null=True, blank=True, help_text=_("How many manuals somebody new has to read. The aim is none.")
    )
    saturation_cap = models.PositiveSmallIntegerField(
        _("impact it can bear in a quarter"), null=True, blank=True, help_text=_("Empty: the cap of all roles.")
    )
    baseline_days = models.PositiveSmallIntegerField(
        _("days to proficiency before"), null=True, blank=True,
        help_text=_("Measured before the programme; empty: the first cohort that is large enough."),
    )  # fmt: skip

    class Meta:
        ordering = ["job_role__name"]
        verbose_name = _("profile of a role")
        verbose_name_plural = _("profiles of roles")

    def __str__(self) -> str:
        return str(self.job_role)


class RoleTarget(Stamped):
    """What a role is expected to do in the CRM: so many new records of a table in 28 days."""

    job_role = models.ForeignKey(JobRole, models.CASCADE, related_name="targets")
    table = models.CharField(_("table"), max_length=80)
    per_28_days = models.PositiveSmallIntegerField(_("new records in 28 days"))

    class Meta:
        ordering = ["job_role", "table"]
        verbose_name = _("what a role is expected to do")
        verbose_name_plural = _("what roles are expected to do")
        constraints = [
            models.UniqueConstraint(name="training_roletarget_once", fields=["job_role", "table"]),
            models.CheckConstraint(name="training_roletarget_asks_something", condition=Q(per_28_days__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.job_role}: {self.per_28_days} {self.table}"


class TeamRating(Stamped):
    """Whether a team has the structure, the skill and the culture the objectives need, 1 to 5 each (M14)."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="ratings")
    structure = models.PositiveSmallIntegerField(_("structure"), choices=ONE_TO_FIVE)
    skill = models.PositiveSmallIntegerField(_("skill"), choices=ONE_TO_FIVE)
    culture = models.PositiveSmallIntegerField(_("culture"), choices=ONE_TO_FIVE)
    note = models.TextField(_("what it rests on"), blank=True)
    rated_on = models.DateField(_("rated on"))
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["team", "-rated_on", "-pk"]
        constraints = [
            models.UniqueConstraint(name="training_teamrating_once_a_day", fields=["team", "rated_on"]),
            models.CheckConstraint(
                name="training_teamrating_is_1_to_5",
                condition=Q(structure__range=(1, 5), skill__range=(1, 5), culture__range=(1, 5)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} on {self.rated_on}"


class ChangeStage(Stamped):
    """Where somebody stands with the change, as they say themselves (M17); shown to nobody else."""

    class Stage(models.TextChoices):
        AWARENESS = "awareness", _("I know that it changes and why")
        DESIRE = "desire", _("I want it to work")
        KNOWLEDGE = "knowledge", _("I know how")
        ABILITY = "ability", _("I can do it")
        REINFORCEMENT = "reinforcement", _("It is how I work now")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="change_stage")
    stage = models.CharField(_("where I am"), max_length=14, choices=Stage)
    since = models.DateField()
    expected_on = models.DateField(_("when I expect to be through"), null=True, blank=True)

    class Meta:
        ordering = ["person"]

    def __str__(self) -> str:
        return self.get_stage_display()
