"""Contact, ContactRole, Lead, role calls, and the ways out of the data.

Nothing in `accounts` points here; people attach through ContactRole.
"""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Case, Opportunity, audited
from crm_adoption.kit.models import Stamped
from dataquality.models import Record, by_beginning


class Naming(Record):
    """The names and addresses that contacts and leads share."""

    full_name = models.TextField(blank=True)
    given_name = models.TextField(blank=True)
    family_name = models.TextField(blank=True)
    email = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    mobile = models.TextField(blank=True)
    job_title = models.TextField(blank=True)
    street = models.TextField(blank=True)
    city = models.TextField(blank=True)
    region = models.TextField(blank=True)
    postcode = models.TextField(blank=True)
    country = models.TextField(blank=True)

    class Meta(Record.Meta):
        abstract = True
        indexes = [*Record.Meta.indexes, by_beginning("full_name")]

    def __str__(self) -> str:
        return self.full_name or f"{self.given_name} {self.family_name}".strip() or self.external_id


@audited("account")
class Contact(Naming):
    """Somebody of a customer."""

    class Standing(models.TextChoices):
        ACTIVE = "active", _("active")
        LEFT = "left", _("left the organisation")
        DECEASED = "deceased", _("deceased")
        UNRESPONSIVE = "unresponsive", _("unresponsive")
        HOSTILE = "hostile", _("hostile")
        UNQUALIFIED = "unqualified", _("not qualified to buy")
        LOST = "lost", _("fell out of the process")

    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="contacts")
    account_ref = models.TextField(blank=True)
    department = models.TextField(blank=True)
    consent = models.TextField(blank=True)
    birthday = models.DateField(null=True, blank=True)
    standing = models.CharField(max_length=12, choices=Standing, default=Standing.ACTIVE, db_default=Standing.ACTIVE)


@audited("converted_to")
class Lead(Naming):
    """Somebody who may become a customer; a fifth of them may be wrong (T8)."""

    company = models.TextField(blank=True)
    status = models.TextField(blank=True)
    rating = models.TextField(blank=True)
    origin = models.TextField(blank=True)
    converted_to = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="leads")
    converted_to_ref = models.TextField(blank=True)


@audited("contact", "account", "opportunity", "case")
class ContactRole(Record):
    """What a contact is to one account, opportunity or case: the pointer that is blank in four CRMs of five (T11)."""

    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="roles")
    contact_ref = models.TextField(blank=True)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="contact_roles")
    opportunity = models.ForeignKey(Opportunity, models.SET_NULL, null=True, blank=True, related_name="contact_roles")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="contact_roles")
    about_ref = models.TextField(blank=True)
    role = models.TextField(blank=True)
    is_primary = models.BooleanField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.role or 'role'} of {self.contact_ref}"


@pghistory.track()
class LifecyclePolicy(Stamped):
    """One of the six ways out of the data: what tells it, what is then done, and who answers for it (P44)."""

    class Trigger(models.TextChoices):
        LEFT = "left", _("the person leaves")
        CLOSED = "organisation_closed", _("the organisation closes")
        DECEASED = "deceased", _("the contact dies")
        SILENT = "unresponsive_or_hostile", _("the contact falls silent or turns hostile")
        UNQUALIFIED = "unqualified_lead", _("the lead cannot or will not buy")
        LOST = "fell_out_of_process", _("the prospect falls out of the process")

    class Action(models.TextChoices):
        FLAG = "flag", _("flag")
        DEACTIVATE = "deactivate", _("deactivate")
        ARCHIVE = "archive", _("archive")
        DELETE = "delete", _("delete")

    trigger = models.CharField(_("when"), max_length=24, choices=Trigger, unique=True)
    rule = models.TextField(_("what tells it"), blank=True, help_text=_("Such as: three mails came back in a month."))
    action = models.CharField(_("what is done"), max_length=10, choices=Action, default=Action.FLAG)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )

    class Meta:
        ordering = ["trigger"]
        verbose_name = _("way out of the data")
        verbose_name_plural = _("ways out of the data")

    def __str__(self) -> str:
        return self.get_trigger_display()


class RoleCall(Stamped):
    """What somebody who owns a deal said of a contact's part in it; only people say it, never a machine (T11).

    The CRM is not touched: it takes the answer from a file, and the next export says whether it did.
    """

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="role_calls")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="role_calls")
    role = models.TextField(blank=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ask_again_on = models.DateField(
        null=True, blank=True, help_text=_("Where nobody is known yet: when the deal is asked about again.")
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="contacts_rolecall_once", fields=["opportunity", "contact"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="contacts_rolecall_names_a_part_or_a_day",
                condition=(Q(contact__isnull=False) & ~Q(role="")) | Q(contact=None, ask_again_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.contact}" if self.contact else str(self.opportunity)
