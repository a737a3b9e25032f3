"""Put a checked batch into the mirror in one transaction, or leave no trace of it."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.intake.mapping import Layout
from dataquality.intake.reading import Reading
from dataquality.intake.recognise import fingerprint
from dataquality.models import Batch, Finding, HeaderMap
from dataquality.services import applying, corrections, findings, merging, priorities, relations, scores, staging
from dataquality.services.intake.answers import require, require_checked
from dataquality.services.intake.checking import check, layout_of, stored_columns
from dataquality.services.intake.receiving import Report, silent, workspace
from dataquality.services.matching import keeping
from dataquality.subjects import Subject


def apply(
    batch: Batch, *, by: Person | None, now: datetime, effects: AbstractContextManager[None] | None = None,
    report: Report = silent,
) -> Batch:  # fmt: skip
    """Put a checked batch into the mirror: records, versions, findings and scores in one transaction."""
    require_checked(batch)
    if not staging.exists(batch):
        check(batch, now=now, report=report)
    layout = layout_of(batch, Reading.from_json(batch.reading))
    subject, stored = layout.subject, stored_columns(layout)
    with effects or transaction.atomic():
        applying.as_long_work()
        applying.lock(batch)
        batch = Batch.objects.select_for_update(of=("self",)).select_related("source").get(pk=batch.pk)
        require(batch, Batch.State.CHECKED)
        if applying.applied_since(batch, datetime.fromisoformat(batch.recognised["checked_at"])):
            batch.counts |= staging.find_records(batch, subject, stored)
        report(0, 5, _("Writing records"))
        corrections.settle_corrections(
            subject, source=batch.source, batch=batch, ids_table=staging.ids_table(batch),
            staging_table=batch.staging_table, mapped_columns=stored, now=now,
        )  # fmt: skip
        whole = batch.is_full and not _unreadable(batch)
        merging.settle_merges(batch, subject, is_whole=whole, now=now)
        applying.write_records(batch, subject, stored)
        batch.counts["gone"] = applying.mark_gone(batch, subject) if whole else 0
        applying.analyze(subject.db_table)
        failpoint("import.half")
        report(1, 5, _("Resolving pointers"))
        batch.state, batch.applied_by, batch.applied_at = Batch.State.APPLIED, by, now
        batch.save()
        if subject.after_apply:
            subject.after_apply(batch)
        won = [subject.slug, *([subjects.PERSON] if subject.after_apply else [])]
        applying.resolve_waiting(batch.source, slugs=won)
        report(2, 5, _("Writing findings"))
        findings.settle_findings(
            subject, source=batch.source, batch=batch, now=now, faults_table=staging.faults_table(batch),
            ids_table=staging.ids_table(batch), fields=list(layout.fields.values()),
        )  # fmt: skip
        relations.settle_relations(subject, source=batch.source, batch=batch, now=now)
        applying.analyze(Finding._meta.db_table)
        report(3, 5, _("Taking scores"))
        scores.take_scores(subject, source=batch.source, batch=batch, now=now)
        neighbours = relations.settle_neighbours(won, source=batch.source, batch=batch, now=now)
        priorities.weigh_anew([subject.slug, *(each.slug for each in neighbours)], source=batch.source, now=now)
        _remember(batch, layout)
        _keep_keys(batch, subject)
        staging.drop(batch)
        failpoint("import.before_commit")
    shutil.rmtree(workspace(batch), ignore_errors=True)
    return batch


def _keep_keys(batch: Batch, subject: Subject) -> None:
    """What a small import brings is found from now on when somebody checks; that of a large one once its job ran."""
    touched = staging.written(batch, limit=keeping.AT_ONCE)
    if len(touched) < keeping.AT_ONCE:
        keeping.add_keys(subject, touched)


def _unreadable(batch: Batch) -> bool:
    """Some rows had no key we could read, so that what is missing may only be unreadable."""
    return batch.quarantined.exclude(code="key.contradicts").exists()


def _remember(batch: Batch, layout: Layout) -> None:
    HeaderMap.objects.update_or_create(
        fingerprint=fingerprint(layout.headings),
        defaults={"product": batch.product, "table": batch.table, "mapping": batch.mapping, "key": batch.key},
    )


def discard(batch: Batch) -> Batch:
    """Drop everything a batch staged; the mirror is as if the file had never come."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if batch.state == Batch.State.APPLIED:
            raise Refusal(
                _("%(file)s is applied already; import an earlier export to go back.") % {"file": batch.file_name}
            )
        staging.drop(batch)
        batch.quarantined.all().delete()
        batch.state = Batch.State.DISCARDED
        batch.save(update_fields=["state", "updated_at"])
    shutil.rmtree(workspace(batch), ignore_errors=True)
    if not Batch.objects.filter(file=batch.file.name).exclude(state=Batch.State.DISCARDED).exists():
        default_storage.delete(str(batch.file.name))
    return batch
