"""What may change about hand-outs: secret calendar links, and who gets the weekly letter."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from crm_adoption.kit.access import LEAD, SPONSOR
from crm_adoption.people.middleware import zone_named
from crm_adoption.people.models import Person
from crm_adoption.plan.handouts.digest import Week, letter, week
from crm_adoption.plan.models import CalendarLink, DigestSetting

Effects = Callable[[], AbstractContextManager[None]]
KEY_BYTES = 32
LONGEST_KEY = 200


@transaction.atomic
def make_calendar_link(person: Person, *, now: datetime) -> str:
    """A new key, which takes the place of the one before; nobody can read it again."""
    Person.objects.select_for_update().get(pk=person.pk)  # of two clicks the second waits
    revoke_calendar_link(person, now=now)
    key = token_urlsafe(KEY_BYTES)
    CalendarLink.objects.create(person=person, digest=_digest(key), made_at=now)
    return key


def revoke_calendar_link(person: Person, *, now: datetime) -> bool:
    """The link opens nothing from now on; False where there was none."""
    return bool(person.calendar_links.filter(revoked_at=None).update(revoked_at=now, updated_at=now))


def person_of_key(key: str) -> Person | None:
    """Whose calendar a key opens; nobody's once it was revoked or its person may not sign in any more."""
    if not key or len(key) > LONGEST_KEY:
        return None
    link = (
        CalendarLink.objects.filter(digest=_digest(key), revoked_at=None, person__is_active=True)
        .select_related("person")
        .first()
    )
    return link.person if link else None


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def wants_digest(person: Person) -> bool:
    return not DigestSetting.objects.filter(person=person, is_wanted=False).exists()


def set_digest(person: Person, *, wanted: bool) -> DigestSetting:
    """Switch the weekly letter on or off for oneself."""
    setting, _made = DigestSetting.objects.update_or_create(person=person, defaults={"is_wanted": wanted})
    return setting


def digest_readers() -> QuerySet[Person]:
    """Leads and sponsors who can be written to and have not switched it off."""
    people: QuerySet[Person] = Person.objects.active().in_group(LEAD, SPONSOR)
    return people.exclude(email=None).exclude(email="").exclude(digest_setting__is_wanted=False).order_by("pk")


def send_digests(*, now: datetime, today: date, site: str, effects: Effects = transaction.atomic) -> int:
    """One letter a week each, in the reader's language; returns how many went out.

    A letter and the note that it was sent are one transaction: broken off and begun again, nobody gets it twice.
    """
    monday, sent = today - timedelta(days=today.weekday()), 0
    weeks: dict[str, Week] = {}
    for person in digest_readers().exclude(digest_setting__week_of=monday):
        with translation.override(person.language), timezone.override(zone_named(person.time_zone)):
            found = weeks.get(person.language) or weeks.setdefault(person.language, week(now=now, today=today))
            subject, body = letter(found, site=site)
        with effects():
            sent += _send(person, subject, body, monday)
    return sent


def _send(person: Person, subject: str, body: str, monday: date) -> bool:
    setting, _made = DigestSetting.objects.select_for_update().get_or_create(person=person)
    if setting.week_of == monday or not setting.is_wanted:
        return False
    setting.week_of = monday
    setting.save(update_fields=["week_of", "updated_at"])
    EmailMessage(subject, body, to=[str(person.email)]).send()
    return True
