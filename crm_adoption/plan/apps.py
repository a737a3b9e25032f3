from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from crm_adoption.kit import shell
from crm_adoption.kit.access import EVERYBODY, LEAD, SPONSOR


class PlanConfig(AppConfig):
    name = "crm_adoption.plan"
    label = "plan"

    def ready(self) -> None:
        # These import models, which exist only from here on.
        from crm_adoption.people.group_permissions import grant  # noqa: PLC0415
        from crm_adoption.plan import after_apply  # noqa: PLC0415

        post_migrate.connect(_seed, sender=self, dispatch_uid="plan.seed")
        after_apply.listen()
        grant(LEAD, "plan.programme", "plan.ingredient", "plan.riskconstant", may=("view", "change"))
        grant(LEAD, "plan.checksetting", may=("view", "add", "change", "delete"))
        shell.register(
            shell.Place("Home", "home", "home", EVERYBODY, order=0),
            shell.Place("Ingredients", "ingredients", "chart-donut", (LEAD, SPONSOR), order=10),
        )


def _seed(**_signal: Any) -> None:
    from crm_adoption.plan.services import seed  # noqa: PLC0415 - needs the models

    seed()
