"""Job: one piece of long work, and JobLease: who works on it until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from crm_adoption.kit.models import Stamped


class Job(Stamped):
    """The truth about a piece of long work; the broker only rings for it."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    kind = models.CharField(max_length=60)
    scope = models.CharField(max_length=200, blank=True, help_text="What it works on, as its kind understands it.")
    queue = models.CharField(max_length=20, default="interactive")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    progress = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True, blank=True)
    message = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=20, blank=True, help_text="Why it failed, as a class.")
    counts = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                name="jobs_job_unfinished", fields=["queue", "id"], condition=Q(state__in=["waiting", "running"])
            ),
            models.Index(name="jobs_job_of_scope", fields=["kind", "scope", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope}".strip()

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)


class JobLease(models.Model):
    """Heartbeat beside the job, so that a long transaction on the job's row never looks dead."""

    job = models.OneToOneField(Job, models.CASCADE, primary_key=True, related_name="lease")
    attempt = models.PositiveSmallIntegerField()
    until = models.DateTimeField()
    worker = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return f"attempt {self.attempt} of {self.job_id} until {self.until:%H:%M:%S}"
