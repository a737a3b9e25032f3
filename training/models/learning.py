"""Completion and where it comes from: by hand, files of an LMS, statements, quizzes; and what people ask."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from training.models.courses import Course
from training.models.sessions import Session


class Via(models.TextChoices):
    MANUAL = "manual", _("by hand")
    CSV = "csv", _("a file")
    XAPI = "xapi", _("a statement")
    QUIZ = "quiz", _("a quiz")
    SESSION = "session", _("a session")


class CompletionQuerySet(models.QuerySet["Completion"]):
    def done(self) -> CompletionQuerySet:
        return self.exclude(done_at=None)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Completion(Stamped):
    """What is known of somebody and one version of a course. `done_at` is set once the course's rule is met.

    Whatever order evidence comes in, the row ends the same: the first completion and pass count, the latest exit
    score, the first follow-up.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="completions")
    course = models.ForeignKey(Course, models.PROTECT, related_name="completions")
    course_version = models.PositiveIntegerField()
    completed_at = models.DateTimeField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True, help_text=_("The last time a test was failed."))
    done_at = models.DateTimeField(null=True, blank=True)
    exit_score = models.FloatField(null=True, blank=True)
    exit_at = models.DateTimeField(null=True, blank=True)
    follow_up_score = models.FloatField(null=True, blank=True)
    follow_up_at = models.DateTimeField(null=True, blank=True)
    via = models.CharField(max_length=7, choices=Via)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="training_completion_once", fields=["person", "course", "course_version"]),
            models.CheckConstraint(
                name="training_completion_scores_are_shares",
                condition=(Q(exit_score=None) | Q(exit_score__range=(0, 1)))
                & (Q(follow_up_score=None) | Q(follow_up_score__range=(0, 1))),
            ),
        ]
        indexes = [models.Index(name="training_completion_done", fields=["course", "done_at"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.course}"

    @property
    def state(self) -> str:
        if self.done_at:
            return "done"
        return "failed" if self.failed_at and not self.passed_at else "pending"


class Statement(models.Model):
    """One xAPI statement that counted, as it came; its id makes sending it twice harmless."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=9)
    at = models.DateTimeField()
    score = models.FloatField(null=True)
    digest = models.CharField(max_length=64, help_text=_("Of what it says; another statement under this id clashes."))
    said = models.JSONField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-stored_at"]

    def __str__(self) -> str:
        return str(self.id)


class LearningImport(Stamped):
    """A file that was read: how many rows counted, and why the others did not."""

    class Kind(models.TextChoices):
        COMPLETIONS = "completions", _("completions of an LMS")
        ATTENDANCE = "attendance", _("who came to a session")
        RESULTS = "results", _("results of a quiz")
        STATEMENTS = "statements", _("xAPI statements")

    kind = models.CharField(max_length=11, choices=Kind)
    course = models.ForeignKey(Course, models.SET_NULL, null=True, blank=True, related_name="+")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="+")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    counts = models.JSONField(default=dict)
    faults = models.JSONField(default=list, help_text=_("[row, value, sentence], the first thousand."))

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("training-import", args=[self.pk])


class Enquiry(Stamped):
    """A question somebody asks their trainer, and the answer."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enquiries")
    course = models.ForeignKey(Course, models.SET_NULL, null=True, blank=True, related_name="enquiries")
    text = models.TextField(_("your question"))
    asked_at = models.DateTimeField()
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="training_enquiry_is_answered_at_once",
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]
