"""Groups, profile and the end of an account."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm_adoption.kit.access import GROUPS, LEAD
from crm_adoption.kit.errors import Refusal
from crm_adoption.people import queries
from crm_adoption.people.models import ApiToken, Person


def require_another_lead(person: Person) -> None:
    """Refuse to lose the last person who can invite others; the lock makes two such acts wait for each other."""
    Group.objects.select_for_update().get(name=LEAD)
    if not queries.other_leads(person).exists():
        raise Refusal(_("%(person)s is the last adoption lead; name another one first.") % {"person": person})


def _require_rank(person: Person, by: Person) -> None:
    if person.is_superuser and not by.is_superuser:
        raise Refusal(
            _("%(person)s administers this site; only another administrator may change that account.")
            % {"person": person}
        )


@transaction.atomic
def change_groups(person: Person, *, groups: Collection[str], by: Person) -> Person:
    """Put somebody in exactly these groups."""
    unknown = sorted(set(groups) - set(GROUPS))
    if unknown:
        raise Refusal(
            _("There is no group “%(group)s”; choose from %(groups)s.")
            % {"group": unknown[0], "groups": ", ".join(GROUPS)}
        )
    _require_rank(person, by)
    if LEAD not in groups and person.is_active and LEAD in person.group_names:
        require_another_lead(person)
    person.groups.set(Group.objects.filter(name__in=groups))
    person.__dict__.pop("group_names", None)
    return person


@transaction.atomic
def deactivate_person(person: Person, *, by: Person, now: datetime) -> Person:
    """End an account at once: sessions, tokens, password and open invitations; the record of their work stays."""
    if person == by:
        raise Refusal(_("You cannot end your own account; ask another adoption lead."))
    _require_rank(person, by)
    if person.is_active and LEAD in person.group_names:
        require_another_lead(person)
    person.is_active, person.left_on = False, timezone.localdate(now)
    person.set_unusable_password()  # every session carries a hash of the password: all of them are void now
    person.save(update_fields=["is_active", "left_on", "password", "updated_at"])
    for session in UserSession.objects.filter(user=person):
        session.end()
    ApiToken.objects.filter(user=person).delete()
    person.invitations.open().update(revoked_at=now)
    return person


@transaction.atomic
def change_email(person: Person, *, email: str, by: Person) -> Person:
    """Another address signs in from now on; the one before no longer does."""
    email = email.strip().lower()
    _require_rank(person, by)
    if Person.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise Refusal(
            _("%(email)s belongs to somebody else; each person signs in with an address of their own.")
            % {"email": email}
        )
    person.email = email
    person.save(update_fields=["email", "updated_at"])
    EmailAddress.objects.filter(user_id=person.pk).exclude(email=email).delete()
    return person


def update_profile(person: Person, *, language: str, time_zone: str) -> Person:
    """How pages are written for this person."""
    if language not in dict(settings.LANGUAGES):
        raise Refusal(_("There is no language “%(language)s” here; choose one of the list.") % {"language": language})
    if time_zone not in available_timezones():
        raise Refusal(_("There is no time zone “%(zone)s”; write one such as Europe/Berlin.") % {"zone": time_zone})
    person.language, person.time_zone = language, time_zone
    person.save(update_fields=["language", "time_zone", "updated_at"])
    return person
