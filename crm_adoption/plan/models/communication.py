"""Message, Promise, Feedback: what was said, what was promised, and what people say."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models import JobRole, Seat, Team
from crm_adoption.plan.models.leadership import Moment
from crm_adoption.plan.models.phases import Phase
from crm_adoption.plan.models.programme import Objective


@pghistory.track()
class Message(Stamped):
    """What is said to whom at which moment; four things it should hold (P26-P28)."""

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", _("everybody")
        EXECUTIVES = "executives", _("executives")
        USERS = "users", _("end-users")
        ROLE = "role", _("one job role")
        TEAM = "team", _("one team")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        SENT = "sent", _("sent")

    class Channel(models.TextChoices):
        MAIL = "mail", _("e-mail")
        COPIED = "copied", _("copied elsewhere")
        SPOKEN = "spoken", _("spoken")

    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="en")
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.USERS)
    job_role = models.ForeignKey(JobRole, models.SET_NULL, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="+")
    moment = models.CharField(max_length=14, choices=Moment)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="messages_led"
    )
    objective = models.ForeignKey(Objective, models.SET_NULL, null=True, blank=True, related_name="messages")
    phase = models.ForeignKey(Phase, models.SET_NULL, null=True, blank=True, related_name="messages")
    has_timeline = models.BooleanField(_("timeline and its risks"), default=False)
    has_roles = models.BooleanField(_("roles and responsibilities"), default=False)
    has_deliverables = models.BooleanField(_("deliverables"), default=False)
    has_vision = models.BooleanField(_("vision"), default=False)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED, editable=False)
    channel = models.CharField(max_length=10, choices=Channel, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reach = models.PositiveIntegerField(null=True, blank=True, help_text=_("People it reached."))

    class Meta:
        ordering = ["-sent_at", "due_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="plan_message_names_its_role", condition=~Q(audience="role") | Q(job_role__isnull=False)
            ),
            models.CheckConstraint(
                name="plan_message_names_its_team", condition=~Q(audience="team") | Q(team__isnull=False)
            ),
            models.CheckConstraint(name="plan_message_sent_has_a_time", condition=~Q(state="sent") | ~Q(sent_at=None)),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("message", args=[self.pk])


class Delivery(models.Model):
    """One letter of a message to one reader: when the mail server took it, or why it did not."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True, help_text="What the mail server said the last time.")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(name="plan_delivery_once_each", fields=["message", "person"]),
            models.CheckConstraint(
                name="plan_delivery_taken_has_no_trouble", condition=Q(taken_at=None) | Q(trouble="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} to {self.person}"


@pghistory.track()
class Promise(Stamped):
    """A sentence that was said to people, the check that decides it and the day by which it must be true."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        KEPT = "kept", _("kept")
        BROKEN = "broken", _("broken")

    class Comparator(models.TextChoices):
        AT_LEAST = "ge", _("at least")
        AT_MOST = "le", _("at most")

    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="promises")
    text = models.TextField()
    check_slug = models.CharField(_("check"), max_length=80, blank=True, help_text=_("Empty: somebody decides it."))
    comparator = models.CharField(max_length=2, choices=Comparator, default=Comparator.AT_LEAST)
    threshold = models.FloatField(null=True, blank=True)
    due_on = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN, editable=False)
    settled_on = models.DateField(null=True, blank=True, editable=False)
    settled_value = models.FloatField(null=True, blank=True, editable=False)
    settled_note = models.TextField(blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="plan_promise_check_has_a_threshold", condition=Q(check_slug="") | Q(threshold__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


@pghistory.track()
class Feedback(Stamped):
    """What somebody says: it is answered, and those who raised it see the answer (P29, M16, M18)."""

    class Kind(models.TextChoices):
        EXPECTATION = "expectation", _("expectation")
        REQUEST = "request", _("request")
        ROADBLOCK = "roadblock", _("roadblock")
        ISSUE = "issue", _("issue")
        LESSON = "lesson", _("lesson")
        PRAISE = "praise", _("praise")
        OUTDATED = "outdated", _("it is outdated")

    class Area(models.TextChoices):
        BUSINESS = "business", _("business")
        TECHNOLOGY = "technology", _("technology")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        RESOLVED = "resolved", _("resolved")

    kind = models.CharField(max_length=12, choices=Kind)
    area = models.CharField(max_length=12, choices=Area, default=Area.BUSINESS)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feedback")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="+")
    job_role = models.ForeignKey(JobRole, models.SET_NULL, null=True, blank=True, related_name="+")
    phase = models.ForeignKey(Phase, models.SET_NULL, null=True, blank=True, related_name="feedback")
    text = models.TextField()
    measure = models.CharField(max_length=200, blank=True, help_text=_("How an expectation will be measured (T1)."))
    check_slug = models.CharField(_("check"), max_length=80, blank=True, editable=False)
    figure = models.CharField(
        max_length=200, blank=True, editable=False,
        help_text=_("A figure of the check, by its way in the reading's detail; empty: its value."),
    )  # fmt: skip
    comparator = models.CharField(
        max_length=2, choices=Promise.Comparator, default=Promise.Comparator.AT_LEAST, editable=False
    )
    threshold = models.FloatField(null=True, blank=True, editable=False)
    due_on = models.DateField(null=True, blank=True, editable=False)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    agreed_on = models.DateField(null=True, blank=True, editable=False)
    is_incident = models.BooleanField(default=False, help_text=_("An error or slowness that stopped work (P37)."))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, editable=False)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    work_item = models.ForeignKey("plan.WorkItem", models.SET_NULL, null=True, blank=True, related_name="feedback")

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "feedback"
        indexes = [models.Index(name="plan_feedback_open", fields=["kind", "-id"], condition=Q(state="open"))]
        constraints = [
            models.CheckConstraint(
                name="plan_feedback_answer_has_a_time", condition=Q(answer="") | Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(
                name="plan_feedback_resolved_has_a_time", condition=~Q(state="resolved") | Q(resolved_at__isnull=False)
            ),
            models.CheckConstraint(
                name="plan_feedback_agreed_measure_is_whole",
                condition=Q(check_slug="")
                | Q(kind="expectation", threshold__isnull=False, due_on__isnull=False, agreed_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return reverse("feedback-one", args=[self.pk])


class Vote(models.Model):
    """One person's voice for a piece of feedback."""

    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="votes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="plan_vote_one_each", fields=["feedback", "by"])]

    def __str__(self) -> str:
        return f"{self.by} for {self.feedback_id}"


class Escalation(models.Model):
    """One rung of the ladder: to which seat it was passed, by when it must be answered, when it was (P24)."""

    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="escalations")
    level = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(Seat, models.SET_NULL, null=True, related_name="+")
    seat_kind = models.CharField(max_length=24, choices=Seat.Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    answer_due = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["feedback", "level"]
        constraints = [models.UniqueConstraint(name="plan_escalation_once_a_level", fields=["feedback", "level"])]

    def __str__(self) -> str:
        return f"{self.feedback_id} to {self.get_seat_kind_display()}"
