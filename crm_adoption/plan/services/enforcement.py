"""Saying what enforces a step of a process."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.plan.models import StepRule
from training.models import ProcessVersion


@transaction.atomic
def save_step_rule(rule: StepRule) -> StepRule:
    """Say what enforces a step; a step is enforced by one thing, and one that is no longer written is refused."""
    current = ProcessVersion.objects.filter(process=rule.process_id, number=F("process__version")).first()
    if current is None or rule.step not in current.steps:
        raise Refusal(_("“%(process)s” has no step “%(step)s” in its version in force; choose one it has.")
                      % {"process": rule.process, "step": rule.step})  # fmt: skip
    if StepRule.objects.filter(process=rule.process_id, step=rule.step).exclude(pk=rule.pk).exists():
        raise Refusal(_("What enforces “%(step)s” is said already; change that row.") % {"step": rule.step})
    rule.save()
    return rule
