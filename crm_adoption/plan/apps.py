from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit import shell
from crm_adoption.kit.access import ANALYST, CHAMPION, EVERYBODY, LEAD, SPONSOR, STEWARD, TRAINER

PLANNERS = (LEAD, SPONSOR, CHAMPION)


class PlanConfig(AppConfig):
    name = "crm_adoption.plan"
    label = "plan"

    def ready(self) -> None:
        # These import models, which exist only from here on.
        from crm_adoption.people.group_permissions import grant  # noqa: PLC0415
        from crm_adoption.plan import after_apply, foretelling, owning, shown_gains  # noqa: PLC0415
        from crm_adoption.usage import evidence  # noqa: PLC0415
        from dataquality import outlook  # noqa: PLC0415

        post_migrate.connect(_seed, sender=self, dispatch_uid="plan.seed")
        after_apply.listen()
        outlook.tell_with(foretelling.tell)
        owning.listen()
        evidence.register(shown_gains.find, shown_gains.choices)
        grant(LEAD, "plan.programme", "plan.ingredient", "plan.riskconstant", may=("view", "change"))
        grant(LEAD, "plan.checksetting", "plan.rolevalue", may=("view", "add", "change", "delete"))
        section, people = _("Plan"), _("People and words")
        shell.register(
            shell.Place(_("Home"), "home", "home", EVERYBODY, order=0),
            shell.Place(_("Ingredients"), "ingredients", "chart-donut", (LEAD, SPONSOR), 10, section=section),
            shell.Place(_("The programme"), "programme", "compass", EVERYBODY, 9, section=section),
            shell.Place(_("Risk"), "risk", "gauge", (LEAD, SPONSOR), 10, section=section),
            shell.Place(_("Phases"), "phases", "calendar-event", EVERYBODY, 12, section=section),
            shell.Place(_("Objectives"), "objectives", "flag", (LEAD, SPONSOR), 11, section=section),
            shell.Place(_("Work items"), "work-items", "list-check", (LEAD, SPONSOR), 13, section=section),
            shell.Place(_("For the sponsor"), "sponsor", "award", (SPONSOR,), 1),
            shell.Place(_("For me"), "for-me", "heart", EVERYBODY, 2),
            shell.Place(_("Feedback"), "feedback", "message-circle", EVERYBODY, 30, section=people),
            shell.Place(_("Messages"), "messages", "send", PLANNERS, 31, section=people),
            shell.Place(_("Promises"), "promises", "checks", PLANNERS, 32, section=people),
            shell.Place(_("Leaders"), "leader-acts", "award", PLANNERS, 33, section=people),
            shell.Place(_("Motivation"), "motivators", "bulb", PLANNERS, 34, section=people),
            shell.Place(_("Pulses"), "pulses", "activity", (LEAD, SPONSOR), 35, section=people),
            shell.Place(_("Access"), "access-paths", "device-mobile", (LEAD, STEWARD, CHAMPION), 14, section=section),
            shell.Place(_("Trials"), "trials", "clipboard-check", (LEAD, TRAINER, CHAMPION), 15, section=section),
            shell.Place(_("Reviews"), "reviews", "history", (LEAD, SPONSOR), 16, section=section),
            shell.Place(
                _("What CRM brings"), "brought", "target", (LEAD, SPONSOR, STEWARD, ANALYST), 10, section=section
            ),
            shell.Place(_("Committee of champions"), "committee", "users-group", PLANNERS, 18, section=section),
            shell.Place(_("Hand out"), "handouts", "presentation", (LEAD, SPONSOR), 17, section=section),
        )
        shell.register_own(_("Calendar and weekly letter"), "my-calendar", "calendar", order=30)


def _seed(**_signal: Any) -> None:
    from crm_adoption.plan.services import seed  # noqa: PLC0415 - needs the models

    seed()
