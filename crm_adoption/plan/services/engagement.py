"""What may change about leaders' acts, recognitions, ways of access and trials."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from crm_adoption.plan.models import AccessPath, LeaderAct, Recognition, Trial


@transaction.atomic
def recognise(recognition: Recognition, *, by: Person, today: date) -> Recognition:
    """Thank somebody for what their work contributed to; it is a visible act of the one who thanks (P14, P16)."""
    if recognition.pk is None:
        recognition.given_by, recognition.on = by, today
        if recognition.to_id == by.pk:
            raise Refusal(_("Thank somebody else; your own work is for others to see."))
        LeaderAct.objects.create(
            kind=LeaderAct.Kind.RECOGNISED, leader=by, on=today, evidence=recognition.contributed_to[:200]
        )
    elif recognition.given_by_id != by.pk:
        raise Refusal(_("Only %(person)s may change these words.") % {"person": recognition.given_by})
    recognition.save()
    return recognition


@transaction.atomic
def save_access_path(path: AccessPath, *, by: Person) -> AccessPath:
    """Keep a way to the CRM; who decided that it is open or prohibited stands with it."""
    taken = AccessPath.objects.filter(
        job_role=path.job_role, client=path.client, device=path.device, network=path.network
    ).exclude(pk=path.pk)
    if taken.exists():
        raise Refusal(_("“%(path)s” is recorded already; change that one.") % {"path": path})
    path.decided_by = by if path.state != AccessPath.State.TO_DO else None
    path.save()
    return path


@transaction.atomic
def save_trial(trial: Trial, *, by: Person) -> Trial:
    """Keep a trial and who made it; one use case is tried once by each role before a release."""
    same = Trial.objects.filter(phase=trial.phase, use_case=trial.use_case, job_role=trial.job_role)
    if same.exclude(pk=trial.pk).exists():
        raise Refusal(_("“%(trial)s” is on the list of this release already; change that one.") % {"trial": trial})
    if trial.passed is not None:
        trial.by = by
    trial.save()
    return trial
