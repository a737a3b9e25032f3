"""Invitation: the only way in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from crm_adoption.kit.models import Stamped

SALT = "people.invitation"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Neither accepted nor revoked; it may have expired."""
        return self.filter(accepted_at=None, revoked_at=None)

    def with_key(self, key: str) -> InvitationQuerySet:
        """The open invitation a signed link stands for: none where the signature is not ours."""
        try:
            pk = signing.loads(key, salt=SALT)
        except signing.BadSignature:
            return self.none()
        return self.open().filter(pk=pk)


class Invitation(Stamped):
    """One letter to one person: signed, single-use, expiring. A new one takes the place of the one before."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="invitations_sent"
    )
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="people_invitation_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="people_invitation_ends_once"
            ),
        ]

    def __str__(self) -> str:
        return gettext("Invitation of %(person)s") % {"person": self.person}

    @property
    def key(self) -> str:
        """What stands in the link; it says nothing without our signature."""
        return signing.dumps(self.pk, salt=SALT)

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at <= now
