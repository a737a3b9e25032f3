"""How far the systems agree about the accounts that more than one of them holds (T9)."""

from __future__ import annotations

from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from dataquality.models import Source

SHARE = [MinValueValidator(0), MaxValueValidator(1)]


@pghistory.track()
class AgreementSetting(Stamped):
    """One row: when accounts agree well enough, how rarely they change, and what tells that two are the same."""

    class Key(models.TextChoices):
        EXTERNAL_ID = "external_id", _("the same id")
        NAME = "name", _("the same name")
        WEBSITE = "website", _("the same website")
        PHONE = "phone", _("the same phone")

    target = models.FloatField(
        _("Agreement wanted"), default=0.95, validators=SHARE,
        help_text=_("Of the cells that two systems or more fill, the share in which they say the same: 0 to 1."),
    )  # fmt: skip
    most_changes = models.FloatField(
        _("Changes tolerated in a month"), default=0.01, validators=SHARE,
        help_text=_("The share of accounts whose name, parent or owner another export may change: 0 to 1."),
    )  # fmt: skip
    keys = ArrayField(
        models.CharField(max_length=20, choices=Key), default=list, blank=True, verbose_name=_("Also the same by"),
        help_text=_("Besides confirmed duplicates and merges; a value that a system gives to two accounts tells none."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("agreement about accounts")
        verbose_name_plural = _("agreement about accounts")
        constraints = [
            models.CheckConstraint(name="accounts_agreementsetting_is_one_row", condition=Q(pk=1)),
            models.CheckConstraint(
                name="accounts_agreementsetting_shares",
                condition=Q(target__range=(0, 1)) & Q(most_changes__range=(0, 1)),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def now(cls) -> Self:
        """The row in force; what is usual where nobody has set it."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Agreement(models.Model):
    """What one comparison found: how many accounts stand in two systems or more, and in how many cells they agree."""

    taken_at = models.DateTimeField()
    linked = models.BigIntegerField(help_text="Accounts that two sources or more hold.")
    cells = models.BigIntegerField(help_text="Cells of these that two sources or more fill.")
    agreed = models.BigIntegerField(help_text="Of them, those in which all say the same, or the same as the master.")
    figures = models.JSONField(default=list, help_text="[{field, source, compared, agreed, blank}]")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.agreed} of {self.cells} cells agree"

    @property
    def rate(self) -> float | None:
        return self.agreed / self.cells if self.cells else None


class Disagreement(models.Model):
    """One cell of one account in which two systems say different things, as the last comparison found it.

    Where a source is master of the field, `against` is its record. Told by numbers, not by foreign keys: a merge does
    not move it, the next comparison says it anew.
    """

    account = models.TextField(blank=True, help_text="How the other source calls the account, else this one.")
    record_id = models.BigIntegerField(help_text="The account that differs.")
    external_id = models.CharField(max_length=255, blank=True)
    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    field = models.CharField(max_length=80)
    value = models.TextField()
    against_id = models.BigIntegerField(help_text="The same account in another source.")
    against_external_id = models.CharField(max_length=255, blank=True)
    against_source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    against_value = models.TextField()
    by_master = models.BooleanField(default=False, help_text="The other source is declared the master of this field.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="accounts_disagreement_once", fields=["record_id", "against_id", "field"])
        ]
        indexes = [models.Index(name="accounts_disagreement_field", fields=["field", "id"])]

    def __str__(self) -> str:
        return f"{self.field}: {self.value} and {self.against_value}"

    def get_absolute_url(self) -> str:
        return reverse("record", args=["accounts.account", self.record_id])
