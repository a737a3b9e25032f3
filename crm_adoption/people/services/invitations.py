"""The way in: a letter with a link."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Invitation, Person, Team

USED_UP = gettext_lazy(
    "This invitation was used, taken back or replaced; ask the person who invited you for a new one."
)


@transaction.atomic
def invite_person(
    *, email: str, name: str, groups: Collection[str], by: Person, now: datetime, team: Team | None = None
) -> Invitation:
    """Make somebody known, in these groups, who may sign in once the invitation is accepted.

    Somebody the CRM already named, and somebody who left, keep their record.
    """
    email = email.strip().lower()
    person = Person.objects.select_for_update().filter(email__iexact=email).first()
    if person is not None and person.state == "active":
        raise Refusal(
            _("%(email)s can sign in already, as %(person)s; change the groups on that person's page.")
            % {"email": email, "person": person}
        )
    if person is None:
        person = Person.objects.create_user(email, name=name, is_active=False, team=team)
    else:
        if person.is_superuser and not by.is_superuser:
            raise Refusal(
                _("%(person)s administers this site; only another administrator may change that account.")
                % {"person": person}
            )
        person.name, person.is_active, person.left_on = name, False, None
        person.team = team or person.team
        person.save(update_fields=["name", "is_active", "left_on", "team", "updated_at"])
    person.groups.set(Group.objects.filter(name__in=groups))
    return _open_invitation(person, by=by, now=now)


def _open_invitation(person: Person, *, by: Person, now: datetime) -> Invitation:
    person.invitations.open().update(revoked_at=now)
    return Invitation.objects.create(
        person=person, invited_by=by, expires_at=now + timedelta(days=settings.INVITATION_DAYS)
    )


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: Person, now: datetime) -> Invitation:
    """Take the letter back and open a new one with its full time."""
    _locked_open(invitation)
    return _open_invitation(invitation.person, by=by, now=now)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, now: datetime) -> Invitation:
    """The link no longer works; the person stays known, without a way in."""
    invitation = _locked_open(invitation)
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at", "updated_at"])
    return invitation


@transaction.atomic
def accept_invitation(invitation: Invitation, *, password: str, now: datetime, language: str = "") -> Person:
    """Choose a password and get in; the link has proved the address, and works this once.

    The language in which the invitation was accepted becomes the person's.

    Raises django's ValidationError where the password is too weak.
    """
    invitation = _locked_open(invitation)
    if invitation.has_expired(now):
        raise Refusal(_("This invitation has expired; ask the person who invited you for a new one."))
    person = invitation.person
    validate_password(password, person)
    person.is_active, person.left_on = True, None
    person.set_password(password)
    if language in dict(settings.LANGUAGES):
        person.language = language
    person.save(update_fields=["is_active", "left_on", "password", "language", "updated_at"])
    EmailAddress.objects.update_or_create(
        user_id=person.pk, email=person.email, defaults={"verified": True, "primary": True}
    )
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at", "updated_at"])
    return person


def _locked_open(invitation: Invitation) -> Invitation:
    """The invitation, held until commit, so that of two clicks one wins."""
    found = Invitation.objects.select_for_update(of=("self",)).open().select_related("person")
    still = found.filter(pk=invitation.pk).first()
    if still is None:
        raise Refusal(str(USED_UP))
    return still


def send_invitation(invitation: Invitation, *, link: str) -> None:
    """Write the letter; raises OSError or SMTPException where the post is away."""
    words = {"invitation": invitation, "link": link, "days": settings.INVITATION_DAYS}
    send_mail(
        subject=" ".join(render_to_string("people/email/invitation_subject.txt", words).split()),
        message=render_to_string("people/email/invitation.txt", words),
        from_email=None,
        recipient_list=[str(invitation.person.email)],
    )
