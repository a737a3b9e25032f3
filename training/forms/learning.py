"""Wishes about completions, files and quizzes, made safe."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from training.forms.fields import Lines, area, day, here
from training.models import Course, LearningImport, Question, Quiz, Session

DATES = [("", _("Find out from the file")), ("DMY", _("day first")), ("MDY", _("month first"))]


class CompletionForm(forms.Form):
    person = forms.ModelChoiceField(here(), label=_("Person"))
    course = forms.ModelChoiceField(Course.objects.live(), label=_("Course"))
    on = day(label=_("On"))
    score = forms.FloatField(
        label=_("Exit score in per cent"), required=False, min_value=0, max_value=100,
        help_text=_("Leave it empty where there was no test."),
    )  # fmt: skip


class LearningFileForm(forms.Form):
    """A file, and what it is about."""

    kind = forms.ChoiceField(label=_("What it holds"), choices=LearningImport.Kind.choices)
    file = forms.FileField(label=_("File"), help_text=_("CSV or XLSX with e-mail addresses; statements as JSON."))
    course = forms.ModelChoiceField(
        Course.objects.live(), label=_("Course"), required=False,
        help_text=_("Of completions and results. Leave it empty where the file names courses."),
    )  # fmt: skip
    quiz = forms.ChoiceField(label=_("Results of the quiz"), choices=Quiz.Kind.choices, required=False)
    session = forms.ModelChoiceField(
        Session.objects.none(), label=_("Session"), required=False, help_text=_("For who came.")
    )
    dates = forms.ChoiceField(label=_("Days in the file"), choices=DATES, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begun = Session.objects.planned().filter(starts_at__lte=timezone.now()).select_related("course")
        self.fields["session"].queryset = begun.order_by("-starts_at")  # type: ignore[attr-defined]
        self.fields["session"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.course} · {timezone.localtime(one.starts_at):%Y-%m-%d %H:%M}"
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        if kind == LearningImport.Kind.ATTENDANCE and not data.get("session"):
            self.add_error("session", _("Choose the session that the file is about."))
        if kind == LearningImport.Kind.RESULTS and not (data.get("course") and data.get("quiz")):
            self.add_error("course", _("Choose the course, and which of its quizzes these are the results of."))
        return data


class QuestionForm(forms.Form):
    text = forms.CharField(label=_("Question"), max_length=500, widget=area(2))
    options = Lines(label=_("Answers to choose from"), rows=4, help_text=_("One a line."))
    right = forms.IntegerField(label=_("The right one"), min_value=1, max_value=20, help_text=_("Its number, from 1."))


class AnswersForm(forms.Form):
    """A quiz as people answer it, one choice a question."""

    def __init__(self, questions: list[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[f"q{question.pk}"] = forms.TypedChoiceField(
                label=f"{question.position}. {question.text}", coerce=int, widget=forms.RadioSelect,
                choices=list(enumerate(question.options, 1)),
                error_messages={"required": _("Choose an answer.")},
            )  # fmt: skip

    def answers(self) -> dict[int, int]:
        return {int(name[1:]): chosen for name, chosen in self.cleaned_data.items()}


class AskForm(forms.Form):
    text = forms.CharField(label=_("Your question"), max_length=2000, widget=area())
    course = forms.ModelChoiceField(
        Course.objects.live(), label=_("About"), required=False, empty_label=_("something else")
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), max_length=4000, widget=area(4))
