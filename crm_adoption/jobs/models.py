"""Job: one piece of long work. JobLease: who works on it until when. WorkerBeat: which workers live."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from crm_adoption.jobs import kinds
from crm_adoption.kit.access import INTEGRATION, LEAD, STEWARD, belongs
from crm_adoption.kit.models import Stamped

SEE_ALL = (LEAD, STEWARD, INTEGRATION)
UNFINISHED = ("waiting", "running")


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: Any) -> JobQuerySet:
        """All jobs for those who answer for them, their own for everybody else."""
        return self if belongs(user, SEE_ALL) else self.filter(asked_by=user)

    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=UNFINISHED)


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
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="jobs")
    request_id = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    progress = models.BigIntegerField(default=0, help_text="At its end; while it runs, its lease knows.")
    total = models.BigIntegerField(null=True, blank=True)
    message = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=20, blank=True, help_text="Why it failed, as a class.")
    counts = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Attempts begun; the last one's number fences.")
    spared = models.PositiveSmallIntegerField(default=0, help_text="Attempts that do not count against the limit.")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="jobs_job_unfinished", fields=["queue", "id"], condition=Q(state__in=UNFINISHED)),
            models.Index(name="jobs_job_of_scope", fields=["kind", "scope", "-id"]),
            models.Index(name="jobs_job_of_person", fields=["asked_by", "-id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="jobs_job_one_unfinished_per_kind_and_scope",
                fields=["kind", "scope"],
                condition=Q(state__in=UNFINISHED),
            ),
            models.CheckConstraint(
                name="jobs_job_finished_at_goes_with_its_state",
                condition=Q(state__in=UNFINISHED, finished_at=None)
                | ~Q(state__in=UNFINISHED) & Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope}".strip()

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.pk])

    @property
    def label(self) -> str:
        """The kind as people read it; one that no app registers any more is shown in its own words."""
        known = kinds.find(self.kind)
        return str(known.label) if known else self.kind.replace("_", " ").capitalize()

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def current_lease(self) -> JobLease | None:
        return getattr(self, "lease", None) if self.state == self.State.RUNNING else None

    @property
    def cancel_asked(self) -> bool:
        """Somebody asked to cancel and the worker has not stopped yet."""
        lease = self.current_lease
        return lease is not None and lease.cancel_asked

    @property
    def done_so_far(self) -> int:
        lease = self.current_lease
        return self.progress if lease is None else lease.progress

    @property
    def total_now(self) -> int | None:
        lease = self.current_lease
        return self.total if lease is None else lease.total

    @property
    def message_now(self) -> str:
        lease = self.current_lease
        return (lease.message if lease is not None else "") or self.message

    @property
    def percent(self) -> int | None:
        """Share done, 0 to 100; None while the total is unknown."""
        if self.state == self.State.DONE:
            return 100
        total = self.total_now
        return min(100, 100 * self.done_so_far // total) if total else None

    @property
    def attempt_shown(self) -> int:
        """The attempt as people count it: those that were nobody's fault are left out."""
        return self.attempts - self.spared


class JobLease(models.Model):
    """Heartbeat, progress and wishes beside the job: the job's own row is locked while its effects are written."""

    job = models.OneToOneField(Job, models.CASCADE, primary_key=True, related_name="lease")
    attempt = models.PositiveSmallIntegerField()
    until = models.DateTimeField()
    worker = models.CharField(max_length=100, blank=True)
    task_id = models.CharField(max_length=40, blank=True)
    progress = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True, blank=True)
    message = models.CharField(max_length=500, blank=True)
    cancel_asked = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"attempt {self.attempt} of {self.job_id} until {self.until:%H:%M:%S}"


class WorkerBeat(models.Model):
    """A worker, or the sweep, was alive at `seen_at` (the database's clock)."""

    name = models.CharField(max_length=200, primary_key=True)
    queue = models.CharField(max_length=100, blank=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.seen_at:%H:%M:%S}"
