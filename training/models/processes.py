"""Process and its versions, and the day on which a change goes live."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import JobRole, Person, Seat


class ProcessQuerySet(models.QuerySet["Process"]):
    def live(self) -> ProcessQuerySet:
        return self.filter(retired_on=None)

    def without_owner(self) -> ProcessQuerySet:
        """Live processes that nobody answers for."""
        return self.live().filter(Q(owner=None) | Q(owner__holder=None) | Q(owner__holder__left_on__isnull=False))


class Process(Stamped):
    """How a piece of work is done; what it says stands in its versions, the newest of which is in force (M2)."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    owner = models.ForeignKey(Seat, models.SET_NULL, null=True, blank=True, related_name="processes")
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = _("processes")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("training-process", args=[self.pk])

    @property
    def holder(self) -> Person | None:
        """Who answers for it."""
        return self.owner.holder if self.owner and not self.owner.is_vacant else None


class ProcessVersion(Stamped):
    """What a process is from a day on: its steps, how the work was done before, how after, and why."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    steps = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"))
    why = models.TextField(_("why"))
    from_on = models.DateField(_("in force from"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["process", "-number"]
        constraints = [
            models.UniqueConstraint(name="training_processversion_once", fields=["process", "number"]),
            models.CheckConstraint(name="training_processversion_says_why", condition=~Q(why="")),
        ]

    def __str__(self) -> str:
        return f"{self.process}, version {self.number}"


class GoLiveQuerySet(models.QuerySet["GoLive"]):
    def of_role(self, role: JobRole) -> GoLiveQuerySet:
        return self.filter(job_roles=role)


class GoLive(Stamped):
    """The day a release reaches people, from which reinforcement counts; `release` is the key the plan knows it by."""

    release = models.SlugField(_("release"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    on = models.DateField(_("goes live on"))
    job_roles = models.ManyToManyField(JobRole, verbose_name=_("job roles it reaches"), related_name="go_lives")
    processes = models.ManyToManyField(
        Process, verbose_name=_("processes it changes"), related_name="go_lives", blank=True
    )

    objects = GoLiveQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "release"]
        verbose_name = _("go-live")
        verbose_name_plural = _("go-lives")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("training-go-live", args=[self.pk])


class Reminder(models.Model):
    """A reminder of reinforcement that was sent, so that nobody gets it twice."""

    class Step(models.TextChoices):
        DUE = "due", _("when it became due")
        LAST = "last", _("before the window closes")

    go_live = models.ForeignKey(GoLive, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    step = models.CharField(max_length=4, choices=Step)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at"]
        constraints = [models.UniqueConstraint(name="training_reminder_once", fields=["go_live", "person", "step"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.go_live} ({self.get_step_display()})"


class Impact(Stamped):
    """What a change asks of a role and gives to it (M9, M11), with the benefit chain in numbers (M15)."""

    process = models.ForeignKey(
        Process, models.CASCADE, null=True, blank=True, related_name="impacts", verbose_name=_("process")
    )
    release = models.SlugField(
        _("release"), max_length=80, blank=True, help_text=_("The key of the release, where it is one.")
    )
    job_role = models.ForeignKey(JobRole, models.CASCADE, related_name="impacts", verbose_name=_("job role"))
    size = models.PositiveSmallIntegerField(
        _("size"), choices=[(n, str(n)) for n in range(1, 6)], help_text=_("From 1, hardly felt, to 5, a new job.")
    )
    lands_on = models.DateField(_("lands on"), help_text=_("The day people feel it; it counts in that quarter."))
    gives = models.TextField(_("gives"), help_text=_("What this role has to let go of, learn or do more."))
    gets = models.TextField(_("gets"), help_text=_("What this role gets that is better."))
    metric = models.CharField(_("metric"), max_length=200, blank=True)
    metric_before = models.DecimalField(_("before"), max_digits=14, decimal_places=2, null=True, blank=True)
    metric_after = models.DecimalField(_("after"), max_digits=14, decimal_places=2, null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)
    pay_off = models.CharField(_("personal pay-off"), max_length=300, blank=True)
    pay_off_amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    pay_off_unit = models.CharField(_("unit"), max_length=60, blank=True)
    told_on = models.DateField(_("told to the role on"), null=True, blank=True)

    class Meta:
        ordering = ["lands_on", "job_role__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="training_impact_once", fields=["process", "release", "job_role"], nulls_distinct=False
            ),
            models.CheckConstraint(name="training_impact_is_1_to_5", condition=Q(size__range=(1, 5))),
            models.CheckConstraint(name="training_impact_is_of_something", condition=~Q(process=None, release="")),
        ]
        indexes = [models.Index(F("job_role"), F("lands_on"), name="training_impact_by_quarter")]

    def __str__(self) -> str:
        return f"{self.process or self.release} · {self.job_role}"

    def get_absolute_url(self) -> str:
        return reverse("training-impact", args=[self.pk])

    @property
    def is_quantified(self) -> bool:
        """Does the chain from metric to personal pay-off have its numbers?"""
        numbers = (self.metric_before, self.metric_after, self.pay_off_amount)
        return bool(self.metric and self.outcome and self.pay_off) and None not in numbers
