"""What a steward may set over what quality.py declares."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped


class TableSetting(Stamped):
    """Limit, weight, cut-off and steward of one table; empty means as declared."""

    table = models.CharField(max_length=80, unique=True)
    limit = models.DecimalField(max_digits=6, decimal_places=4, null=True, blank=True)
    weight = models.PositiveSmallIntegerField(null=True, blank=True)
    cutoff_months = models.PositiveSmallIntegerField(default=24, help_text=_("12 to 36 (P41)."))
    needs_steward = models.BooleanField(
        _("Its gate asks for a data steward"), default=False, db_default=False,
        help_text=_("Reports and phases on this table stay shut while nobody holds its seat (P49)."),
    )  # fmt: skip
    detect_after_import = models.BooleanField(
        _("Look for duplicates after every import"), default=True, db_default=True
    )

    def __str__(self) -> str:
        return self.table


class FieldSetting(Stamped):
    """The four questions of a field review (P46) and its verdict; the limit of one field, and its list of choices."""

    class Verdict(models.TextChoices):
        KEEP = "keep", _("keep")
        RESTRICT = "restrict", _("restrict")
        RETIRE = "retire", _("retire")

    table = models.CharField(max_length=80)
    field = models.CharField(max_length=80)
    critical = models.BooleanField(null=True, blank=True)
    limit = models.DecimalField(max_digits=6, decimal_places=4, null=True, blank=True)
    definition = models.TextField(blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    misuse = models.TextField(_("Can people misuse it?"), blank=True)
    consequence = models.TextField(_("What would follow?"), blank=True)
    prevention = models.TextField(_("Would a check or a forced choice prevent it?"), blank=True)
    checks = models.TextField(_("Which checks find and repair it?"), blank=True)
    choices = models.TextField(
        _("Closed list"), blank=True,
        help_text=_("One value a line; anything else in this field is then an error. Empty: the list stays open."),
    )  # fmt: skip
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    next_review_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="dataquality_fieldsetting_once", fields=["table", "field"])]

    def __str__(self) -> str:
        return f"{self.table}.{self.field}"

    @classmethod
    def question(cls, name: str) -> str:
        """One of the four questions, as people are asked it."""
        said = cls._meta.get_field(name)
        return str(getattr(said, "verbose_name", name))

    @property
    def listed(self) -> list[str]:
        """The values of the closed list, each once, in the order in which they were written."""
        return list(dict.fromkeys(line.strip() for line in self.choices.splitlines() if line.strip()))
