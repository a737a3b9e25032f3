"""Quiz, its questions, and what people answered."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from training.models.courses import Course


class Quiz(Stamped):
    """The questions at the end of a course, or the same weeks later."""

    class Kind(models.TextChoices):
        EXIT = "exit", _("at the end")
        FOLLOW_UP = "follow_up", _("weeks later")

    course = models.ForeignKey(Course, models.CASCADE, related_name="quizzes", verbose_name=_("course"))
    kind = models.CharField(_("when"), max_length=9, choices=Kind)
    is_open = models.BooleanField(_("may be answered"), default=False)

    class Meta:
        ordering = ["course", "kind"]
        verbose_name_plural = _("quizzes")
        constraints = [models.UniqueConstraint(name="training_quiz_one_of_a_kind", fields=["course", "kind"])]

    def __str__(self) -> str:
        return f"{self.course} · {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("training-quiz", args=[self.pk])


class Question(Stamped):
    """One question with the answers to choose from, exactly one of which is right."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("place"))
    text = models.CharField(_("question"), max_length=500)
    options = ArrayField(models.CharField(max_length=300))
    right = models.PositiveSmallIntegerField(_("right answer"), help_text=_("Its number, from 1."))

    class Meta:
        ordering = ["quiz", "position"]
        constraints = [
            models.UniqueConstraint(
                name="training_question_one_a_place", fields=["quiz", "position"], deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="training_question_right_is_an_option",
                condition=Q(options__len__gte=2, right__gte=1, right__lte=F("options__len")),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Attempt(models.Model):
    """Somebody answered a quiz; the score is right answers of all questions there were."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="attempts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    score = models.FloatField()
    answers = models.JSONField(
        default=dict, help_text=_("Number of a question to the chosen answer; empty from a file.")
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="training_attempt_once", fields=["quiz", "person", "at"]),
            models.CheckConstraint(name="training_attempt_score_is_a_share", condition=Q(score__range=(0, 1))),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.quiz}"
