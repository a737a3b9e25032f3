"""The books of effort: what a release takes has to be answered for."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.kit.errors import Refusal
from crm_adoption.usage.models import EffortEntry, EffortRelease, UseCase
from crm_adoption.usage.queries.effort import balance_of


@transaction.atomic
def save_entry(entry: EffortEntry) -> EffortEntry:
    """Write down what a release adds to a use case and takes out of it; a settled book stays as it is."""
    release = EffortRelease.objects.select_for_update().get(pk=entry.release_id)
    _still_open(release)
    if not any((entry.clicks_added, entry.clicks_removed, entry.fields_added, entry.fields_removed)):
        raise Refusal(_("Say which clicks or fields “%(release)s” adds or removes.") % {"release": release})
    if release.entries.filter(use_case=entry.use_case).exclude(pk=entry.pk).exists():
        raise Refusal(_("“%(use_case)s” stands in this book already; change that line.") % {"use_case": entry.use_case})
    entry.save()
    return entry


@transaction.atomic
def remove_entry(entry: EffortEntry) -> None:
    _still_open(entry.release)
    entry.delete()


def save_release(release: EffortRelease) -> EffortRelease:
    """Open the book of a release, or change what is said of it."""
    if release.pk:
        _still_open(EffortRelease.objects.get(pk=release.pk))
    release.save()
    return release


@transaction.atomic
def settle_release(release: EffortRelease, *, now: datetime) -> EffortRelease:
    """Close the book: the use cases take from now on the clicks it says.

    A release that takes more than it gives, from everybody or from one role, is refused until it says why and a
    sponsor answers for it (M10).
    """
    release = EffortRelease.objects.select_for_update().get(pk=release.pk)
    _still_open(release)
    balance = balance_of(release)
    if not balance.entries:
        raise Refusal(_("The book of “%(release)s” is empty; write down what it changes.") % {"release": release})
    if balance.owes and not (release.why.strip() and release.answered_by):
        most = balance.roles[0]
        raise Refusal(
            _("“%(release)s” takes %(hours)s hours a week from %(role)s; say why, and who answers for it.")
            % {"release": release, "hours": words.number(-most.seconds / 3600, 1), "role": most.role},
            code="unbalanced",
        )
    for entry in balance.entries:
        case = UseCase.objects.select_for_update().get(pk=entry.entry.use_case_id)
        if case.actual_clicks is not None:
            case.actual_clicks = max(0, case.actual_clicks - entry.entry.clicks)
        if case.inputs is not None:
            case.inputs = max(case.prefilled or 0, case.inputs - entry.entry.fields)
        case.save(update_fields=["actual_clicks", "inputs", "updated_at"])
    release.settled_at = now
    release.save(update_fields=["settled_at", "updated_at"])
    return release


def _still_open(release: EffortRelease) -> None:
    if release.settled_at is not None:
        raise Refusal(_("The book of “%(release)s” was closed on %(day)s; open one for the next release.")
                      % {"release": release, "day": words.exact(release.settled_at.date())})  # fmt: skip
