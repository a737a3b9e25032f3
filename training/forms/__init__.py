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

__all__ = [
    "ChangeProcessForm",
    "CourseForm",
    "GoLiveForm",
    "ImpactForm",
    "OwnerForm",
    "ProcessForm",
    "RoleForm",
    "StageForm",
    "TeamForm",
]
