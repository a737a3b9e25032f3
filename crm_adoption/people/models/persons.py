"""Person, Team, JobRole: who works how."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.access import LEAD, STEWARD
from crm_adoption.kit.models import Stamped


class Team(Stamped):
    """A group of people who work together; its culture decides the pace of change (M6)."""

    name = models.CharField(max_length=200, unique=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    culture = models.PositiveSmallIntegerField(
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("From 1, structured, to 5, free."),
    )

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(name="people_team_culture_is_1_to_5", condition=Q(culture__range=(1, 5)))]

    def __str__(self) -> str:
        return self.name


class JobRole(Stamped):
    """How somebody works: the five fields of U12 and the four clauses of the goal of U11."""

    name = models.CharField(max_length=200, unique=True)
    tasks = models.TextField(blank=True)
    content_needs = models.TextField(blank=True)
    devices = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    expectations = models.TextField(blank=True)
    in_the_field = models.BooleanField(default=False)
    offline = models.BooleanField(default=False)
    goal_experience = models.TextField(_("the right experience"), blank=True)
    goal_user = models.TextField(_("to the right user"), blank=True)
    goal_time = models.TextField(_("at the right time"), blank=True)
    goal_device = models.TextField(_("on the right device"), blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> PersonQuerySet:
        return self.filter(is_active=True)

    def in_group(self, *names: str) -> PersonQuerySet:
        return self.filter(groups__name__in=names).distinct()


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> Person:
        person: Person = self.model(email=self.normalize_email(email).lower() if email else None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
        found: Person = self.get(email__iexact=username)
        return found


class Person(AbstractBaseUser, PermissionsMixin, Stamped):  # type: ignore[django-manager-missing]
    """Somebody of the company; an e-mail address signs in. People the CRM names may have none and not sign in."""

    name = models.CharField(max_length=200)
    email = models.EmailField(null=True, blank=True, unique=True)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="members")
    job_role = models.ForeignKey(JobRole, models.SET_NULL, null=True, blank=True, related_name="people")
    manager = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="reports")
    started_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    is_active = models.BooleanField(_("may sign in"), default=True)
    left_on = models.DateField(null=True, blank=True)

    objects = PersonManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="people_person_email_is_unique_in_any_case"),
            models.CheckConstraint(
                name="people_person_who_left_cannot_sign_in", condition=Q(left_on=None) | Q(is_active=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.pk])

    @cached_property
    def group_names(self) -> set[str]:
        return set(self.groups.values_list("name", flat=True))

    @property
    def state(self) -> str:
        """`active`, `invited` (has not accepted yet), `left`, or `known` (named by the CRM, cannot sign in)."""
        if self.is_active:
            return "active" if self.has_usable_password() or self.last_login else "known"
        return "left" if self.left_on else "invited"

    @property
    def needs_second_factor(self) -> bool:
        """Do the settings ask this person for a second factor?"""
        asked = set(settings.MFA_REQUIRED_FOR)
        if not asked:
            return False
        return bool(self.group_names & asked) or (self.is_superuser and "superuser" in asked)

    @cached_property
    def owes_second_factor(self) -> bool:
        enrolled = self.authenticator_set.filter(type="totp")  # type: ignore[attr-defined]
        return self.needs_second_factor and not enrolled.exists()

    @property
    def is_staff(self) -> bool:
        """May this person open the admin site?"""
        return self.is_active and (self.is_superuser or bool(self.group_names & {STEWARD, LEAD}))
