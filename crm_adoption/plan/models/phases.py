"""Phase, its eight steps, work items and lessons: what changes when."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import JobRole
from crm_adoption.plan.models.ingredients import Ingredient
from crm_adoption.plan.models.programme import Objective


@pghistory.track()
class Phase(Stamped):
    """A step of the programme (P6-P8); a release is a leaf under a phase."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVED = "approved", _("approved")
        OPEN = "open", _("open")  # live for its users, through its gate
        CLOSED = "closed", _("closed")

    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="releases")
    position = models.PositiveSmallIntegerField(default=1, help_text=_("The order beside the others."))
    name = models.CharField(max_length=120)
    goal = models.TextField(blank=True)
    objectives = models.ManyToManyField(Objective, blank=True, related_name="phases")
    job_roles = models.ManyToManyField(JobRole, blank=True, related_name="phases", help_text=_("Who is touched by it."))
    tables = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        help_text=_("CRM tables it builds on; their data gates must hold (T6)."),
    )
    planned_start = models.DateField(null=True, blank=True)
    planned_end = models.DateField(null=True, blank=True, help_text=_("The day it is to open."))
    design_frozen_on = models.DateField(null=True, blank=True)
    revalidated_on = models.DateField(null=True, blank=True, help_text=_("The design was checked anew that day (P7)."))
    capacity_days = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(0)], help_text=_("Working days the team has for it.")
    )
    process_changes = models.PositiveSmallIntegerField(default=0)
    integrations = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["position", "planned_start", "pk"]
        constraints = [
            models.CheckConstraint(
                name="plan_phase_ends_after_it_starts",
                condition=Q(planned_start=None) | Q(planned_end=None) | Q(planned_end__gte=F("planned_start")),
            ),
            models.CheckConstraint(name="plan_phase_is_not_its_own_parent", condition=~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("phase", args=[self.pk])

    @property
    def is_release(self) -> bool:
        return self.parent_id is not None


class PhaseStep(Stamped):
    """One of the eight steps every phase goes through (M4)."""

    class Kind(models.TextChoices):
        SCOPE = "scope", _("Scope areas and objectives")
        STRATEGIES = "strategies", _("Strategies, procedures, metrics")
        REENGINEER = "reengineer", _("Re-engineer")
        PILOT = "pilot", _("Pilot")
        STANDARDISE = "standardise", _("Standardise and document")
        TRAIN = "train", _("Train")
        DEPLOY = "deploy", _("Deploy")
        ANALYSE = "analyse", _("Analyse")

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["phase", "pk"]
        constraints = [models.UniqueConstraint(name="plan_phasestep_once", fields=["phase", "kind"])]

    def __str__(self) -> str:
        return self.get_kind_display()


@pghistory.track()
class WorkItem(Stamped):
    """Something to be done: it names whom it serves and what it is for, or it is technology only (P1)."""

    class Kind(models.TextChoices):
        MUST = "must", _("must now")
        LATER = "later", _("later")
        SMALL = "small", _("small change")
        FIX = "fix", _("fix")
        DELIGHT = "delight", _("delight")

    class Approach(models.TextChoices):
        CONFIGURE = "configure", _("configure")
        CUSTOMISE = "customise", _("customise")

    class Track(models.TextChoices):
        PEOPLE = "people", _("people")
        PROCESS = "process", _("process")
        TECHNOLOGY = "technology", _("technology")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DOING = "doing", _("in work")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MUST)
    track = models.CharField(max_length=12, choices=Track, default=Track.PROCESS)
    approach = models.CharField(max_length=10, choices=Approach, default=Approach.CONFIGURE)
    phase = models.ForeignKey(Phase, models.SET_NULL, null=True, blank=True, related_name="items")
    job_role = models.ForeignKey(JobRole, models.SET_NULL, null=True, blank=True, related_name="+")
    objective = models.ForeignKey(Objective, models.SET_NULL, null=True, blank=True, related_name="items")
    ingredient = models.ForeignKey(Ingredient, models.SET_NULL, null=True, blank=True, related_name="items")
    reason = models.TextField(blank=True, help_text=_("Why now, or why later."))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    requested_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    effort_days = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0)])
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(name="plan_workitem_open", fields=["phase"], condition=Q(state__in=["open", "doing"]))]
        constraints = [
            models.CheckConstraint(
                name="plan_workitem_done_has_a_day", condition=~Q(state="done") | Q(done_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("work-item", args=[self.pk])

    @property
    def is_technology_only(self) -> bool:
        """Serves nobody who is named and nothing that is aimed at (P1)."""
        return self.job_role_id is None and self.objective_id is None


class Lesson(Stamped):
    """What was learned in a phase; shown when the next is planned (P9)."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="lessons")
    text = models.TextField()
    keep = models.BooleanField(default=True, help_text=_("Do it again; otherwise, change it."))
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    applied_in = models.ForeignKey(Phase, models.SET_NULL, null=True, blank=True, related_name="lessons_applied")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.text[:80]
