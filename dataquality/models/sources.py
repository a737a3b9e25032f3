"""Where records come from, and what happened to those systems."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped


class Product(models.TextChoices):
    """The CRM products whose exports we know by their headings (formats.md)."""

    DYNAMICS = "dynamics", "Dynamics 365"
    SALESFORCE = "salesforce", "Salesforce"
    HUBSPOT = "hubspot", "HubSpot"
    ODOO = "odoo", "Odoo"
    SUITECRM = "suitecrm", "SuiteCRM"
    ESPOCRM = "espocrm", "EspoCRM"
    FRAPPE = "frappe", "Frappe CRM"
    TWENTY = "twenty", "Twenty"
    DJANGO_CRM = "django_crm", "Django-CRM"
    GENERIC = "generic", _("Another CRM or a spreadsheet")


class Source(Stamped):
    """A system whose exports we read: the CRM itself, or one connected to it (T20-T22)."""

    class Kind(models.TextChoices):
        CRM = "crm", _("the CRM")
        CONNECTED = "connected", _("a connected system")

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CRM)
    product = models.CharField(max_length=12, choices=Product, default=Product.GENERIC)
    label_language = models.CharField(max_length=10, default="en")
    default_country = models.CharField(
        max_length=2, blank=True, help_text=_("ISO code; phones and postcodes without a country are read as its.")
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    transaction_workflow = models.BooleanField(null=True, blank=True)
    handles_timeouts = models.BooleanField(null=True, blank=True)
    two_phase = models.BooleanField(null=True, blank=True)
    compensates = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.pk])


class ChangeEvent(Stamped):
    """A patch, upgrade or migration of a source, so that what changed in the data can be seen beside it (T23, M9)."""

    class Kind(models.TextChoices):
        PATCH = "patch", _("patch")
        UPGRADE = "upgrade", _("upgrade")
        MIGRATION = "migration", _("migration")

    source = models.ForeignKey(Source, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.source} on {self.on}"


class Identity(models.Model):
    """How one source names a person: its user id and the name it writes in owner columns."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="identities")
    external_id = models.CharField(max_length=255)
    name = models.CharField(max_length=255, db_index=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="identities")

    class Meta:
        verbose_name_plural = "identities"
        constraints = [models.UniqueConstraint(name="dataquality_identity_is_unique", fields=["source", "external_id"])]

    def __str__(self) -> str:
        return f"{self.name} in {self.source}"
