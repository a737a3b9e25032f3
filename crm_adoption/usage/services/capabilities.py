"""What the CRM can do for people, kept so that its use can be counted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import JobRole
from crm_adoption.usage.models import Capability, UsageSetting, Via
from dataquality import subjects


def seed() -> None:
    """The one row of priors, where there is none yet."""
    UsageSetting.objects.get_or_create(pk=1)


@transaction.atomic
def save_capability(capability: Capability, *, job_roles: Collection[JobRole] | None = None) -> Capability:
    """Keep a capability whose tables and fields there are, and whose words no other goes by."""
    _known_places(capability)
    words = {word.casefold() for word in (capability.name, capability.code, *capability.aliases)}
    for other in Capability.objects.exclude(pk=capability.pk):
        shared = words & {word.casefold() for word in (other.name, other.code, *other.aliases)}
        if shared:
            raise Refusal(
                _("“%(word)s” stands for “%(other)s” already; a word in a log can mean only one capability.")
                % {"word": min(shared), "other": other},
                links=((str(other), other.get_absolute_url()),),
            )
    capability.save()
    if job_roles is not None:
        capability.job_roles.set(job_roles)
    if not capability.derived:
        capability.days.filter(via=Via.MIRROR).delete()
    return capability


def _known_places(capability: Capability) -> None:
    known = {subject.slug: subject for subject in subjects.every()}
    for table in capability.tables:
        if table not in known:
            raise Refusal(_("There is no table “%(table)s”; known tables are %(all)s.")
                          % {"table": table, "all": ", ".join(sorted(known))})  # fmt: skip
    for place in capability.fields:
        table, _dot, field = place.rpartition(".")
        if table not in capability.tables or field not in known[table].columns:
            raise Refusal(_("“%(field)s” is no field of the capability's tables; write it as table.field.")
                          % {"field": place})  # fmt: skip
    if capability.derived and not capability.tables:
        raise Refusal(_("Say in which tables the use of “%(name)s” shows, or let only logs tell.")
                      % {"name": capability})  # fmt: skip


def retire_capability(capability: Capability, *, on: date) -> Capability:
    """It is no longer offered; what it was used for stays in the history."""
    capability.retired_on = on
    capability.save(update_fields=["retired_on", "updated_at"])
    return capability
