"""Account, Opportunity, Case, Activity, Product, and the users whom the CRM names as owners."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dataquality.models import Record, by_beginning

Model = TypeVar("Model", bound=Record)


def audited(*found: str) -> Callable[[type[Model]], type[Model]]:
    """Keep the old row of every update and delete, bulk ones and raw SQL included; inserts are told by their batch.

    `found` are the foreign keys that are found from the text beside them, not said by anybody.
    """
    ours = ["first_batch", "last_batch", "row_number", "owner", *found]
    update = pghistory.UpdateEvent(row=pghistory.Old, condition=pghistory.AnyChange(exclude=ours))
    return pghistory.track(update, pghistory.DeleteEvent())  # type: ignore[no-any-return]


@audited("parent")
class Account(Record):
    """A company we deal with: the top of the pyramid that other tables point at (T9)."""

    name = models.TextField(blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    parent_ref = models.TextField(blank=True)
    website = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    street = models.TextField(blank=True)
    city = models.TextField(blank=True)
    region = models.TextField(blank=True)
    postcode = models.TextField(blank=True)
    country = models.TextField(blank=True)
    industry = models.TextField(blank=True)
    segment = models.TextField(blank=True)
    employees = models.BigIntegerField(null=True, blank=True)
    revenue = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)

    class Meta(Record.Meta):
        indexes = [
            *Record.Meta.indexes,
            by_beginning("name"),
            models.Index(name="accounts_account_by_name", fields=["source", "name"]),
        ]


@audited()
class Product(Record):
    """What is sold: a lookup that opportunities point at."""

    name = models.TextField(blank=True)
    family = models.TextField(blank=True)
    price = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)

    class Meta(Record.Meta):
        indexes = [
            *Record.Meta.indexes,
            by_beginning("name"),
            models.Index(name="accounts_product_by_name", fields=["source", "name"]),
        ]


@audited("account", "product")
class Opportunity(Record):
    """A deal on its way: the key transactional data (T12)."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("open")
        WON = "won", _("won")
        LOST = "lost", _("lost")

    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="opportunities")
    account_ref = models.TextField(blank=True)
    product = models.ForeignKey(Product, models.SET_NULL, null=True, blank=True, related_name="opportunities")
    product_ref = models.TextField(blank=True)
    name = models.TextField(blank=True)
    stage = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    currency = models.TextField(blank=True)
    probability = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True, help_text="Percent.")
    opened_on = models.DateField(null=True, blank=True)
    close_on = models.DateField(null=True, blank=True)
    forecast_category = models.TextField(blank=True)
    outcome = models.CharField(max_length=4, choices=Outcome, default=Outcome.OPEN, db_default=Outcome.OPEN)

    class Meta(Record.Meta):
        verbose_name_plural = "opportunities"
        indexes = [
            *Record.Meta.indexes,
            by_beginning("name"),
            models.Index(name="accounts_opportunity_closing", fields=["outcome", "close_on"]),
        ]


@audited("account")
class Case(Record):
    """Somebody of a customer asked for help (T18)."""

    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="cases")
    account_ref = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    status = models.TextField(blank=True)
    priority = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened = models.BooleanField(null=True, blank=True)

    class Meta(Record.Meta):
        indexes = [*Record.Meta.indexes, by_beginning("subject")]

    def __str__(self) -> str:
        return self.subject or self.external_id


@audited("account", "opportunity", "case")
class Activity(Record):
    """A call, visit, mail, meeting or task about exactly one thing, or about nothing yet (T19)."""

    kind = models.TextField(blank=True)
    regarding_ref = models.TextField(blank=True)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="activities")
    opportunity = models.ForeignKey(Opportunity, models.SET_NULL, null=True, blank=True, related_name="activities")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="activities")
    subject = models.TextField(blank=True)
    happened_at = models.DateTimeField(null=True, blank=True)
    minutes = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name_plural = "activities"
        indexes = [*Record.Meta.indexes, by_beginning("subject")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="accounts_activity_regards_one_thing",
                condition=Q(account=None, opportunity=None)
                | Q(account=None, case=None)
                | Q(opportunity=None, case=None),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.external_id


@audited("person")
class CrmUser(Record):
    """A user as the CRM lists it: the seller, agent or manager whom owner columns name."""

    name = models.TextField(blank=True)
    email = models.TextField(blank=True)
    job_title = models.TextField(blank=True)
    team = models.TextField(blank=True)
    manager_ref = models.TextField(blank=True)
    is_enabled = models.BooleanField(null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="crm_users"
    )

    class Meta(Record.Meta):
        verbose_name = "CRM user"
        indexes = [*Record.Meta.indexes, by_beginning("name")]
