"""Wishes about training, made safe."""

from training.forms.courses import CourseForm
from training.forms.learning import AnswerForm, AnswersForm, AskForm, CompletionForm, LearningFileForm, QuestionForm
from training.forms.processes import (
    ChangeProcessForm,
    GoLiveForm,
    ImpactForm,
    OwnerForm,
    ProcessForm,
    RoleForm,
    StageForm,
    TeamForm,
)
from training.forms.sessions import AttendanceForm, SeatForm, SessionForm

__all__ = [
    "AnswerForm",
    "AnswersForm",
    "AskForm",
    "AttendanceForm",
    "ChangeProcessForm",
    "CompletionForm",
    "CourseForm",
    "GoLiveForm",
    "ImpactForm",
    "LearningFileForm",
    "OwnerForm",
    "ProcessForm",
    "QuestionForm",
    "RoleForm",
    "SeatForm",
    "SessionForm",
    "StageForm",
    "TeamForm",
]
