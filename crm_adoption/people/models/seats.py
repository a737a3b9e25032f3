"""Seat: who answers for what."""

from __future__ import annotations

from django.db import models
from django.db.models import BooleanField, Case, Q, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.asked import name_of
from crm_adoption.people.models.persons import Person

VACANT = Q(holder=None) | Q(holder__left_on__isnull=False)


class SeatQuerySet(models.QuerySet["Seat"]):
    def vacant(self) -> SeatQuerySet:
        return self.filter(VACANT)

    def vacancies_first(self) -> SeatQuerySet:
        vacant = Case(When(VACANT, then=Value(True)), default=Value(False), output_field=BooleanField())
        return self.order_by(vacant.desc(), "kind", "scope", "scope_key", "pk")


class Seat(Stamped):
    """Who answers for what (P17-P25, P49)."""

    class Kind(models.TextChoices):
        EXECUTIVE_SPONSOR = "executive_sponsor", _("Executive sponsor")
        BUSINESS_OWNER = "business_owner", _("Business owner")
        TECHNOLOGY_OWNER = "technology_owner", _("Technology owner")
        IT_BUSINESS_ANALYST = "it_business_analyst", _("IT business analyst")
        CHAMPION = "champion", _("Champion")
        TRAINER = "trainer", _("Trainer")
        STEWARD = "steward", _("Data steward")
        ANALYST = "analyst", _("Analyst")
        PARTNER = "partner", _("Implementation partner")
        ADOPTION_LEAD = "adoption_lead", _("Adoption lead")

    class Scope(models.TextChoices):
        PROGRAMME = "programme", _("the programme")
        TEAM = "team", _("a team")
        PROCESS = "process", _("a process")
        TABLE = "table", _("a CRM table")
        SOURCE = "source", _("a source")

    kind = models.CharField(max_length=24, choices=Kind)
    scope = models.CharField(max_length=12, choices=Scope, default=Scope.PROGRAMME)
    scope_key = models.CharField(
        max_length=200, blank=True, help_text=_("Which team, process, table or source; empty for the programme.")
    )
    holder = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="seats")
    deputy = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="deputy_seats")
    since = models.DateField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "scope", "scope_key"]
        constraints = [
            models.CheckConstraint(
                name="people_seat_programme_has_no_key",
                condition=Q(scope="programme", scope_key="") | ~Q(scope="programme") & ~Q(scope_key=""),
            ),
            models.CheckConstraint(
                name="people_seat_deputy_is_somebody_else",
                condition=Q(deputy=None) | Q(holder=None) | ~Q(deputy=models.F("holder")),
            ),
        ]

    def __str__(self) -> str:
        said = {
            self.Scope.PROGRAMME: gettext("%(kind)s of the programme"),
            self.Scope.TEAM: gettext("%(kind)s of the team “%(of)s”"),
            self.Scope.PROCESS: gettext("%(kind)s of the process “%(of)s”"),
            self.Scope.TABLE: gettext("%(kind)s of the CRM table “%(of)s”"),
            self.Scope.SOURCE: gettext("%(kind)s of the source “%(of)s”"),
        }[self.Scope(self.scope)]
        return said % {"kind": self.get_kind_display(), "of": name_of(self.scope, self.scope_key)}

    @property
    def is_vacant(self) -> bool:
        """Nobody answers: no holder, or one who left."""
        return self.holder is None or self.holder.left_on is not None
