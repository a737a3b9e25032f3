from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit import shell
from crm_adoption.kit.access import CHAMPION, EVERYBODY, LEAD, SPONSOR, STEWARD, TRAINER

READERS = (LEAD, TRAINER, SPONSOR, CHAMPION)


class TrainingConfig(AppConfig):
    name = "training"
    label = "training"

    def ready(self) -> None:
        # These import models, which exist only from here on.
        from crm_adoption.people.group_permissions import grant  # noqa: PLC0415
        from training import following  # noqa: PLC0415

        following.listen()
        post_migrate.connect(_seed, sender=self, dispatch_uid="training.seed")
        section = _("Training")
        shell.register(shell.Place(_("My training"), "my-training", "certificate", EVERYBODY, 5))
        shell.register(
            shell.Place(_("Overview"), "training", "presentation", (LEAD, TRAINER), 40, section=section),
            shell.Place(_("Courses"), "training-courses", "book", READERS, 41, section=section),
            shell.Place(_("Sessions"), "training-sessions", "calendar", READERS, 42, section=section),
            shell.Place(_("Processes"), "training-processes", "route", READERS, 43, section=section),
            shell.Place(_("Roles and teams"), "training-roles", "briefcase", READERS, 44, section=section),
            shell.Place(_("Gives and gets"), "training-impacts", "equal", READERS, 45, section=section),
            shell.Place(_("Trained and doing"), "training-doing", "activity", READERS, 46, section=section),
            shell.Place(_("Readiness"), "training-readiness", "checklist", READERS, 47, section=section),
        )
        for group in (LEAD, STEWARD):
            grant(group, "training.trainingsetting", may=("view", "change"))
            grant(group, "training.roletarget", "training.roleprofile", may=("view", "add", "change", "delete"))
            grant(group, "training.process", "training.course", "training.completion", may=("view",))


def _seed(**_signal: Any) -> None:
    from training.services import seed  # noqa: PLC0415 - needs the models

    seed()
