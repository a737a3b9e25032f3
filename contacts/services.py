"""A role call: one tap says who plays which part on one's own deal (T11)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Opportunity
from contacts.models import Contact, RoleCall
from contacts.queries import candidates_of, roles_offered
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person

LATER = timedelta(days=14)


@transaction.atomic
def call_role(deal: Opportunity, contact: Contact, *, role: str, by: Person) -> RoleCall:
    """Say that this contact plays this part on one's own open deal; said again it is replaced."""
    _require_own(deal, by)
    if not candidates_of(deal).filter(pk=contact.pk).exists():
        raise Refusal(
            _("%(contact)s does not belong to %(account)s; choose one of its contacts.")
            % {"contact": contact, "account": deal.account or deal}
        )
    if role not in roles_offered():
        raise Refusal(_("“%(role)s” is no part that the CRM knows; choose one from the list.") % {"role": role})
    RoleCall.objects.filter(opportunity=deal, contact=None).delete()
    said, _made = RoleCall.objects.update_or_create(
        opportunity=deal, contact=contact, defaults={"role": role, "said_by": by, "ask_again_on": None}
    )
    return said


@transaction.atomic
def nobody_yet(deal: Opportunity, *, by: Person, today: date) -> RoleCall:
    """Say that nobody is known on this deal yet; it is asked about again in two weeks."""
    _require_own(deal, by)
    said, _made = RoleCall.objects.update_or_create(
        opportunity=deal, contact=None, defaults={"said_by": by, "ask_again_on": today + LATER}
    )
    return said


def _require_own(deal: Opportunity, by: Person) -> None:
    if deal.owner_id != by.pk:
        raise Refusal(_("“%(deal)s” is not yours; only who owns a deal says who plays which part.") % {"deal": deal})
    if deal.state != Opportunity.State.LIVE or deal.outcome != Opportunity.Outcome.OPEN:
        raise Refusal(_("“%(deal)s” is no longer open.") % {"deal": deal})
