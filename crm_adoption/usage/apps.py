from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit import shell
from crm_adoption.kit.access import ANALYST, CHAMPION, EVERYBODY, LEAD, SPONSOR, STEWARD, TRAINER

READERS = (LEAD, CHAMPION, SPONSOR, TRAINER, ANALYST)


class UsageConfig(AppConfig):
    name = "crm_adoption.usage"
    label = "usage"

    def ready(self) -> None:
        # These import models, which exist only from here on.
        from crm_adoption.people.group_permissions import grant  # noqa: PLC0415
        from crm_adoption.usage import after_apply  # noqa: PLC0415
        from crm_adoption.usage.queries.adoption import use_cases_done  # noqa: PLC0415
        from training import doings  # noqa: PLC0415

        after_apply.listen()
        doings.register("use-cases", use_cases_done)
        post_migrate.connect(_seed, sender=self, dispatch_uid="usage.seed")
        section = _("Use")
        shell.register(
            shell.Place(_("Overview of use"), "usage", "chart-bar", READERS, 50, section=section),
            shell.Place(_("Capabilities"), "capabilities", "puzzle", READERS, 51, section=section),
            shell.Place(_("Use cases"), "use-cases", "target", READERS, 52, section=section),
            shell.Place(_("Shadow systems"), "shadow-systems", "table", READERS, 53, section=section),
            shell.Place(_("Click ledger"), "effort", "stack", READERS, 54, section=section),
            shell.Place(_("Return"), "returns", "receipt", (LEAD, SPONSOR), 55, section=section),
        )
        shell.register(shell.Place(_("My use"), "my-use", "activity", EVERYBODY, 6))
        for group in (LEAD, STEWARD):
            grant(group, "usage.usagesetting", may=("view", "change"))
            grant(group, "usage.capability", "usage.usecase", "usage.shadowsystem", may=("view",))
            grant(group, "usage.effortrelease", "usage.ledgerline", may=("view",))


def _seed(**_signal: Any) -> None:
    from crm_adoption.usage.services import seed  # noqa: PLC0415 - needs the models

    seed()
