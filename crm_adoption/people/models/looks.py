"""Look: somebody was shown the figures of somebody else."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit import looking
from crm_adoption.people.models.persons import Person


class LookQuerySet(models.QuerySet["Look"]):
    def kept(self, today: date) -> LookQuerySet:
        """Lines of the days for which the ledger is kept, whether the older ones are deleted yet or not."""
        return self.filter(on__gt=today - timedelta(days=settings.LOOKS_KEPT_DAYS))

    def past(self, today: date) -> LookQuerySet:
        return self.filter(on__lte=today - timedelta(days=settings.LOOKS_KEPT_DAYS))


class Look(models.Model):
    """On one day, in one role, one person saw one kind of another's figures, so many times.

    Read only by the person who was looked at; there is no page, filter, file or admin page that asks by viewer.
    """

    class Via(models.TextChoices):
        PAGE = looking.PAGE, _("a page")
        FILE = looking.FILE, _("a file")
        API = looking.API, _("a program")
        ADMIN = looking.ADMIN, _("the admin site")

    person = models.ForeignKey(Person, models.CASCADE, related_name="looks")
    viewer = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=looking.LONGEST)
    role = models.CharField(max_length=40, help_text=_("The group by which the viewer may."))
    via = models.CharField(max_length=10, choices=Via)
    on = models.DateField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    objects = LookQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-last_at"], name="people_look_of_person"),
            models.Index(fields=["on"], name="people_look_on"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "person", "what", "role", "via", "on"], name="people_look_once_a_day"
            ),
            models.CheckConstraint(name="people_look_at_somebody_else", condition=~Q(viewer=F("person"))),
        ]

    def __str__(self) -> str:
        return f"{self.viewer} · {self.person} · {self.what} · {self.on}"

    @property
    def kind(self) -> str | Promise:
        """What was seen, in people's words."""
        return looking.name_of(self.what)
