"""Ingredient, Reading, Claim, and the constants a lead may change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped


@pghistory.track()
class Ingredient(Stamped):
    """One of the ten that adoption needs (P3); name and meaning may be re-worded, the slug names its file."""

    slug = models.SlugField(max_length=40, unique=True, editable=False)
    order = models.PositiveSmallIntegerField(unique=True, editable=False)
    name = models.CharField(max_length=80)
    meaning = models.TextField()
    weight = models.FloatField(
        default=1.0,
        validators=[MinValueValidator(0)],
        help_text=_("Beside the others; the risk scales the ten weights to sum to ten."),
    )

    class Meta:
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(name="plan_ingredient_weight_is_not_negative", condition=Q(weight__gte=0))
        ]

    def __str__(self) -> str:
        """Its name in the reader's language, where it is still that of the authors."""
        return gettext(self.name)

    @property
    def said_meaning(self) -> str:
        """What it means, likewise."""
        return gettext(self.meaning)

    def get_absolute_url(self) -> str:
        return reverse("ingredient", args=[self.slug])


class ReadingQuerySet(models.QuerySet["Reading"]):
    def latest_until(self, now: datetime) -> ReadingQuerySet:
        """The newest reading of every check and scope taken until then."""
        return self.filter(taken_on__lte=now.date()).order_by("check_slug", "scope", "-taken_on").distinct(
            "check_slug", "scope"
        )  # fmt: skip

    def newest_of(self, slugs: Sequence[str], now: datetime) -> ReadingQuerySet:
        """The newest reading of each of these checks, taken on everything until then: one step in the index each."""
        newest = RawSQL(
            "SELECT r.id FROM unnest(%s::text[]) c (slug), LATERAL (SELECT id FROM plan_reading"
            " WHERE check_slug = c.slug AND scope = '' AND taken_on <= %s ORDER BY taken_on DESC LIMIT 1) r",
            (list(slugs), now.date()),
        )
        return self.filter(pk__in=newest)


class Reading(models.Model):
    """What a check measured from records, never from opinions: one row a check, scope and day."""

    check_slug = models.CharField("check", max_length=80)
    scope = models.CharField(max_length=200, blank=True, help_text=_("What it was measured on; empty for everything."))
    value = models.FloatField()
    n = models.BigIntegerField(help_text=_("How many things it was measured on."))
    at = models.DateTimeField(help_text=_("When the records it was measured on were taken."))
    taken_on = models.DateField(help_text=_("The day it was measured."))
    detail = models.JSONField(default=dict, blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_on", "check_slug"]
        constraints = [
            models.UniqueConstraint(name="plan_reading_once_a_day", fields=["check_slug", "scope", "taken_on"])
        ]

    def __str__(self) -> str:
        return f"{self.check_slug}: {self.value:g} on {self.taken_on}"


@pghistory.track()
class Claim(Stamped):
    """What somebody says of an ingredient, 1 to 5; it never shares a column with what records say."""

    ingredient = models.ForeignKey(Ingredient, models.CASCADE, related_name="claims")
    respondent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="claims")
    score = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(name="plan_claim_one_each", fields=["ingredient", "respondent"]),
            models.CheckConstraint(name="plan_claim_is_1_to_5", condition=Q(score__range=(1, 5))),
        ]

    def __str__(self) -> str:
        return f"{self.ingredient}: {self.score} of 5"


@pghistory.track()
class RiskConstant(Stamped):
    """A prior of the risk model; every change is kept with who and when."""

    slug = models.SlugField(max_length=40, unique=True, editable=False)
    value = models.FloatField()
    meaning = models.TextField(editable=False)

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="plan_riskconstant_softness_is_positive", condition=~Q(slug="softness") | Q(value__gt=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.slug} = {self.value:g}"


@pghistory.track()
class CheckSetting(Stamped):
    """What a lead sets over what the ingredient's file declares for a check; empty means as declared."""

    check_slug = models.CharField("check", max_length=80, unique=True)
    floor = models.FloatField(null=True, blank=True)
    target = models.FloatField(null=True, blank=True)
    weight = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0)])
    fresh_days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["check_slug"]
        constraints = [
            models.CheckConstraint(
                name="plan_checksetting_target_is_not_the_floor",
                condition=Q(floor=None) | Q(target=None) | ~Q(floor=F("target")),
            )
        ]

    def __str__(self) -> str:
        return self.check_slug
