"""Wishes about training, made safe."""

from training.forms.courses import CourseForm
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
    "AttendanceForm",
    "ChangeProcessForm",
    "CourseForm",
    "GoLiveForm",
    "ImpactForm",
    "OwnerForm",
    "ProcessForm",
    "RoleForm",
    "SeatForm",
    "SessionForm",
    "StageForm",
    "TeamForm",
]
