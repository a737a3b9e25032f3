"""API tokens: made, shown once, revoked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.permissions import SCOPES
from crm_adoption.people.models import ApiToken, Person
from crm_adoption.people.models.tokens import LONGEST


def make_token(person: Person, *, name: str, scopes: Collection[str], days: int) -> tuple[ApiToken, str]:
    """A token for this person and its text, which nobody can read again."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        wrong = (
            _("There is no scope “%(scope)s”; choose from %(scopes)s.")
            if unknown
            else _("A token needs a scope; choose from %(scopes)s.")
        )
        raise Refusal(wrong % {"scope": next(iter(unknown), ""), "scopes": ", ".join(SCOPES)})
    if not 1 <= days <= LONGEST.days:
        raise Refusal(
            _("A token lives from 1 to %(longest)s days, not %(days)s.") % {"longest": LONGEST.days, "days": days}
        )
    if not person.is_active:
        raise Refusal(
            _("%(person)s cannot sign in, so a token would open nothing; invite them first.") % {"person": person}
        )
    token, text = ApiToken.objects.create(
        user=person, expiry=timedelta(days=days), name=name.strip(), scopes=sorted(set(scopes), key=SCOPES.index)
    )
    return token, text


def revoke_token(token: ApiToken) -> None:
    """The token opens nothing from now on."""
    token.delete()
