"""UseCase, what matters on its screen, and what people say of it by one tap."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import JobRole
from crm_adoption.usage.models.capabilities import ONE_TO_FIVE, Capability


class Dimension(models.TextChoices):
    """The seven by which a screen may be made one's own (U16)."""

    SETTINGS = "settings", _("settings and preferences")
    ROLE = "role", _("role")
    SEGMENT = "segment", _("structure or segment")
    RECENT = "recent", _("recent use")
    CHANNEL = "channel", _("channel")
    DEVICE = "device", _("device")
    LOCATION = "location", _("location")


class UseCase(Stamped):
    """Something people of a job role want to get done, how often, and what it costs them (U4, U12)."""

    job_role = models.ForeignKey(JobRole, models.CASCADE, related_name="use_cases", verbose_name=_("job role"))
    name = models.CharField(_("use case"), max_length=200)
    goal = models.TextField(_("what people want to reach by it"), blank=True)
    learned_from = models.CharField(
        _("asked of"), max_length=300, blank=True, help_text=_("With whom it was found out, and how (U4).")
    )
    learned_on = models.DateField(_("asked on"), null=True, blank=True)
    capability = models.ForeignKey(
        Capability, models.SET_NULL, null=True, blank=True, related_name="use_cases", verbose_name=_("capability"),
        help_text=_("By whose use it shows; empty: it cannot be counted."),
    )  # fmt: skip
    is_core = models.BooleanField(_("core"), default=True, help_text=_("Counts in the adoption of its role."))
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=ONE_TO_FIVE, default=3, help_text=_("From 1 to 5, the most important.")
    )
    per_28_days = models.PositiveSmallIntegerField(_("times expected of a person in 28 days"), default=4)
    ideal_clicks = models.PositiveSmallIntegerField(_("clicks it needs"), null=True, blank=True)
    actual_clicks = models.PositiveSmallIntegerField(_("clicks it takes"), null=True, blank=True)
    inputs = models.PositiveSmallIntegerField(_("fields to fill"), null=True, blank=True)
    prefilled = models.PositiveSmallIntegerField(_("of which filled in advance"), null=True, blank=True)
    seconds_target = models.PositiveSmallIntegerField(_("seconds it may take"), null=True, blank=True)
    minutes = models.FloatField(
        _("minutes of input each time"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    serves = models.ManyToManyField(
        JobRole, verbose_name=_("whom the input serves"), related_name="served_by", blank=True,
        help_text=_("Job roles that use what is put in; its own among them where it helps those who type."),
    )  # fmt: skip
    dimensions = ArrayField(
        models.CharField(max_length=8, choices=Dimension), verbose_name=_("dimensions honoured"), default=list,
        blank=True,
    )  # fmt: skip
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    class Meta:
        ordering = ["job_role__name", "-priority", "name"]
        constraints = [
            models.UniqueConstraint(name="usage_usecase_once", fields=["job_role", "name"]),
            models.CheckConstraint(name="usage_usecase_priority_is_1_to_5", condition=Q(priority__range=(1, 5))),
            models.CheckConstraint(name="usage_usecase_is_expected", condition=Q(per_28_days__gte=1)),
            models.CheckConstraint(
                name="usage_usecase_prefills_what_there_is",
                condition=Q(prefilled=None) | Q(inputs__isnull=False, prefilled__lte=F("inputs")),
            ),
            models.CheckConstraint(
                name="usage_usecase_minutes_are_not_negative", condition=Q(minutes=None) | Q(minutes__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("use-case", args=[self.pk])

    @property
    def personalization(self) -> float:
        """P of 3.9: honoured of the seven dimensions."""
        return len(set(self.dimensions)) / len(Dimension)

    @property
    def context(self) -> float | None:
        """C of 3.9: half min(1, ideal clicks / actual clicks), half the share of input filled in advance."""
        if self.ideal_clicks is None or self.actual_clicks is None or self.inputs is None:
            return None
        clicks = min(1.0, self.ideal_clicks / self.actual_clicks) if self.actual_clicks else 1.0
        filled = (self.prefilled or 0) / self.inputs if self.inputs else 1.0
        return (clicks + filled) / 2


class Element(Stamped):
    """Something people look for on the screen of a use case: how much it matters, and whether it is there (U15)."""

    use_case = models.ForeignKey(UseCase, models.CASCADE, related_name="elements")
    name = models.CharField(_("what"), max_length=200)
    importance = models.PositiveSmallIntegerField(_("importance"), choices=ONE_TO_FIVE, default=3)
    on_screen = models.BooleanField(_("on the screen"), default=False)

    class Meta:
        ordering = ["use_case", "-importance", "name"]
        constraints = [
            models.UniqueConstraint(name="usage_element_once", fields=["use_case", "name"]),
            models.CheckConstraint(name="usage_element_importance_is_1_to_5", condition=Q(importance__range=(1, 5))),
        ]

    def __str__(self) -> str:
        return self.name


class Opinion(Stamped):
    """How somebody finds a use case that day, 1 to 5 (U2, U19); shown to others only as a mean of five or more."""

    use_case = models.ForeignKey(UseCase, models.CASCADE, related_name="opinions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    on = models.DateField()
    feels = models.PositiveSmallIntegerField(_("It feels good"), choices=ONE_TO_FIVE)
    predictable = models.PositiveSmallIntegerField(
        _("It does what I expect"), choices=ONE_TO_FIVE, null=True, blank=True
    )
    convenient = models.PositiveSmallIntegerField(_("It is easy on me"), choices=ONE_TO_FIVE, null=True, blank=True)
    timely = models.PositiveSmallIntegerField(
        _("It is there when I need it"), choices=ONE_TO_FIVE, null=True, blank=True
    )

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(name="usage_opinion_one_a_day", fields=["use_case", "person", "on"]),
            models.CheckConstraint(
                name="usage_opinion_is_1_to_5",
                condition=Q(feels__range=(1, 5))
                & (Q(predictable=None) | Q(predictable__range=(1, 5)))
                & (Q(convenient=None) | Q(convenient__range=(1, 5)))
                & (Q(timely=None) | Q(timely__range=(1, 5))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use_case}: {self.feels} of 5"
