"""Is somebody working on an import just now?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from crm_adoption.jobs.models import Job
from crm_adoption.kit.errors import Refusal
from dataquality.models import Batch

KINDS = ("stage_batch", "check_batch", "apply_batch")


def job_of(batch: Batch) -> Job | None:
    """The last job of an import, finished or not."""
    return Job.objects.filter(kind__in=KINDS, scope=str(batch.pk)).select_related("lease").order_by("-pk").first()


def idle(batch: Batch) -> Batch:
    """The batch, refused while a job works on it: what it becomes is not decided yet."""
    job = job_of(batch)
    if job is not None and not job.is_finished:
        sentence = _("%(file)s is being worked on; wait until that has ended, or cancel it first.")
        links = ((_("See how far it is"), batch.get_absolute_url()),)
        raise Refusal(sentence % {"file": batch.file_name}, code="working", links=links)
    return batch
