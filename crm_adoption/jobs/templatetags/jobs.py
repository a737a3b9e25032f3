"""`{% load jobs %}`: how long a job has been running, read from the clock when the page is made."""

from __future__ import annotations

from django import template
from django.utils import timezone

from crm_adoption.jobs.models import Job

register = template.Library()


@register.filter
def elapsed(job: Job) -> str:
    """The time of the current or last attempt: `8 s`, `3 min 20 s`, `2 h 5 min`; empty before the first one."""
    if job.started_at is None:
        return ""
    seconds = max(0, int(((job.finished_at or timezone.now()) - job.started_at).total_seconds()))
    minutes, hours = seconds // 60, seconds // 3600
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"
