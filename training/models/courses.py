"""Course, the processes it teaches, and who has to take it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import JobRole
from training.models.processes import Process
from training.models.settings import SHARE


class CourseQuerySet(models.QuerySet["Course"]):
    def live(self) -> CourseQuerySet:
        return self.filter(retired_on=None)

    def of_role(self, role: JobRole | None) -> CourseQuerySet:
        """The curriculum of a role: what is common to all, then its own. Nobody without a role has one."""
        if role is None:
            return self.none()
        own = Exists(Course.job_roles.through.objects.filter(course_id=OuterRef("pk"), jobrole_id=role.pk))
        return self.live().filter(Q(kind=Course.Kind.COMMON) | own).order_by("kind", "position", "title", "pk")

    def with_staleness(self) -> CourseQuerySet:
        """Says of each course whether a process it teaches has changed since: `is_stale`."""
        old = CourseProcess.objects.filter(course_id=OuterRef("pk"), process__version__gt=F("process_version"))
        return self.annotate(is_stale=Exists(old))


class Course(Stamped):
    """Something to learn; its version rises when it is brought up to the processes it teaches (P59, P60)."""

    class Kind(models.TextChoices):
        COMMON = "common", _("for everybody")
        ROLE = "role", _("for job roles")

    class MoveOn(models.TextChoices):
        COMPLETED = "Completed", _("when it was gone through")
        PASSED = "Passed", _("when its test was passed")
        BOTH = "CompletedAndPassed", _("when it was gone through and passed")
        EITHER = "CompletedOrPassed", _("when it was gone through or passed")
        ANYTHING = "NotApplicable", _("when it was begun")

    title = models.CharField(_("title"), max_length=200)
    code = models.SlugField(_("code"), max_length=60, unique=True, help_text=_("How files and programs name it."))
    activity_id = models.CharField(
        _("activity id"), max_length=500, blank=True, help_text=_("The address by which xAPI statements name it.")
    )
    summary = models.TextField(_("what it teaches"), blank=True)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    job_roles = models.ManyToManyField(JobRole, verbose_name=_("job roles"), related_name="courses", blank=True)
    processes = models.ManyToManyField(Process, through="CourseProcess", related_name="courses")
    minutes_process = models.PositiveSmallIntegerField(_("minutes about process"))
    minutes_tool = models.PositiveSmallIntegerField(_("minutes about the tool"))
    mastery = models.FloatField(_("mastery score"), default=0.8, validators=SHARE, help_text=_("From 0 to 1."))
    move_on = models.CharField(_("done"), max_length=20, choices=MoveOn, default=MoveOn.EITHER)
    due_within_days = models.PositiveSmallIntegerField(_("to be done within (days)"), default=30)
    position = models.PositiveSmallIntegerField(_("place in the curriculum"), default=10)
    version = models.PositiveIntegerField(default=1, editable=False)
    version_since = models.DateTimeField(null=True, blank=True, editable=False)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "position", "title"]
        constraints = [
            models.UniqueConstraint(
                name="training_course_activity_once", fields=["activity_id"], condition=~Q(activity_id="")
            ),
            models.CheckConstraint(
                name="training_course_takes_time", condition=Q(minutes_process__gt=0) | Q(minutes_tool__gt=0)
            ),
            models.CheckConstraint(name="training_course_mastery_is_a_share", condition=Q(mastery__range=(0, 1))),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("training-course", args=[self.pk])

    def version_at(self, moment: datetime) -> int:
        """The version somebody met then: the current one, or for what lies before it the one before."""
        earlier = self.version_since is not None and moment < self.version_since
        return self.version - 1 if earlier and self.version > 1 else self.version

    @property
    def minutes(self) -> int:
        return self.minutes_process + self.minutes_tool

    @property
    def process_share(self) -> float:
        """Minutes about process of all minutes."""
        return self.minutes_process / self.minutes


class CourseProcess(models.Model):
    """Which version of a process a course teaches."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="teaches")
    process = models.ForeignKey(Process, models.CASCADE, related_name="taught_in")
    process_version = models.PositiveIntegerField()

    class Meta:
        ordering = ["course", "process"]
        constraints = [models.UniqueConstraint(name="training_courseprocess_once", fields=["course", "process"])]

    def __str__(self) -> str:
        return f"{self.course}: {self.process} {self.process_version}"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def open(self) -> EnrolmentQuerySet:
        return self.filter(ended_on=None)


class Enrolment(Stamped):
    """Somebody has to take a course because of their role; when the role goes, the row ends and stays as history."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    course = models.ForeignKey(Course, models.CASCADE, related_name="enrolments")
    job_role = models.ForeignKey(JobRole, models.SET_NULL, null=True, related_name="+")
    began_on = models.DateField()
    due_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="training_enrolment_one_open", fields=["person", "course"], condition=Q(ended_on=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.course}"
