"""Work of data quality that runs later: each a call into `services`, safe to run twice."""

from __future__ import annotations

from django.utils import timezone

from crm_adoption.jobs.work import Running, work
from dataquality import subjects
from dataquality.models import Source
from dataquality.services import expire_waivers, recheck


@work("check_table", queue="bulk")
def check_table(job: Running) -> dict[str, int]:
    """Judge a stored table anew; the scope is `<table> <number of the source>`."""
    table, source = job.scope.split()
    with job.effects(last=True):
        counts = recheck(
            subjects.get(table), source=Source.objects.get(pk=source), now=timezone.now(), report=job.advance
        )
        job.counts.update(counts)
    return counts


@work("expire_waivers", queue="interactive")
def end_expired_waivers(job: Running) -> dict[str, int]:
    """Open the findings again whose waiver ran out."""
    with job.effects(last=True):
        counts = {"opened": expire_waivers(timezone.now())}
        job.counts.update(counts)
    return counts
