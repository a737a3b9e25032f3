"""Records as the CRM gives them, one with its findings and its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import django_filters as filters
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from crm_adoption.kit import pages
from crm_adoption.kit.access import ANALYST, LEAD, STEWARD, belongs, for_groups
from crm_adoption.kit.pages import Column, Entry, SavedFilter, listing
from crm_adoption.people.models import Person
from dataquality import queries
from dataquality.engine.columns import Kind
from dataquality.models import Batch, Correction, Finding, Method, Pair, Record, Source
from dataquality.queries import verification as truth
from dataquality.queries.children import children_of
from dataquality.queries.matching import duplicates_of, sides
from dataquality.queries.merging import standing_merges
from dataquality.statements import text_of
from dataquality.subjects import DATES, NUMBERS, Subject
from dataquality.views.named import table_named
from dataquality.views.shown import shown, shown_in_history
from dataquality.views.verification import still_true

READERS = (LEAD, STEWARD, ANALYST)
KEEPERS = (LEAD, STEWARD)
SHOWN, NARROW = 3, 2  # columns beside the title, on a wide page and on a narrow one
KINDS: dict[Kind, Any] = {Kind.EMAIL: "address", Kind.URL: "address", Kind.PHONE: "whole"}
LIKELY = 5  # likely duplicates shown of one record
STANDING = (Finding.State.OPEN, Finding.State.CORRECTED, Finding.State.WAIVED)


class RecordFilter(filters.FilterSet):  # type: ignore[misc]
    """Records by source and state, by what is wrong with them, and by their name."""

    q = filters.CharFilter(method="by_text", label=gettext_lazy("Name or id starts with"))
    source = filters.ModelChoiceFilter(queryset=Source.objects.all(), label=gettext_lazy("Source"))
    state = filters.ChoiceFilter(choices=Record.State.choices, label=gettext_lazy("State"))
    wrong = filters.BooleanFilter(method="by_wrong", label=gettext_lazy("Has an error"))
    field = filters.CharFilter(method="by_finding", label=gettext_lazy("Finding in field"))
    code = filters.CharFilter(method="by_finding", label=gettext_lazy("Finding of kind"))
    value = filters.CharFilter(method="by_finding", label=gettext_lazy("Finding of value"), strip=False)
    due = filters.BooleanFilter(method="by_due", label=gettext_lazy("Due to be verified"))

    def by_text(self, queryset: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        return queryset.filter((self.begins or queries.beginning(self.subject, text)).matches())

    def by_wrong(self, queryset: QuerySet[Any], name: str, wanted: bool) -> QuerySet[Any]:
        errors = Finding.objects.open().errors().filter(table=self.subject.slug, record_id=OuterRef("pk"))
        return queryset.filter(Exists(errors) if wanted else ~Exists(errors))

    def by_finding(self, queryset: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        asked = self.form.cleaned_data
        found = {key: asked[key] for key in ("field", "code", "value") if asked.get(key)}
        return queryset.filter(queries.rows_with(self.subject, **found))

    def by_due(self, queryset: QuerySet[Any], name: str, wanted: bool) -> QuerySet[Any]:
        found = RawSQL(text_of(truth.due_records(self.subject, timezone.localdate())), ())  # noqa: S611 - ours
        return queryset.filter(pk__in=found) if wanted else queryset.exclude(pk__in=found)

    subject: Subject
    begins: queries.Beginning | None  # what the text asked for was found to begin, where the page asked already


def filter_of(subject: Subject, begins: queries.Beginning | None = None) -> type[RecordFilter]:
    meta = type("Meta", (), {"model": subject.model, "fields": []})
    return type("Filter", (RecordFilter,), {"subject": subject, "begins": begins, "Meta": meta})


def columns_of(subject: Subject) -> list[Column]:
    """The record's title, then the first columns that some export has filled; a file holds all of them."""
    columns = [Column("title", subject.label, str, kind="link")]
    filled = queries.exported_fields(subject)
    for name, column in subject.columns.items():
        if name not in filled or name in (subject.title, "given_name", "family_name"):
            continue
        before = len(columns) - 1
        columns.append(
            Column(
                name, column.label, _reader(subject, name), kind=_kind(column.kind), on_page=before < SHOWN,
                wide_only=before >= NARROW,
            )
        )  # fmt: skip
    last = Column("external_id", _("Id"), kind="address", wide_only=True), Column("state", _("State"), kind="badge")
    return [*columns, *last]


def _kind(kind: Kind) -> Any:
    return "date" if kind in DATES else "number" if kind in NUMBERS else KINDS.get(kind, "text")


def _reader(subject: Subject, name: str) -> Any:
    """A pointer is shown as what it points at, else as the text that points nowhere."""
    if not subject.columns[name].pointer:
        return name
    keys = [key for key in subject.pointers[name].targets(name) if _has(subject.model, key)]
    return lambda record: next((str(t) for key in keys if (t := getattr(record, key))), getattr(record, f"{name}_ref"))


def _has(model: type[Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def _keys(subject: Subject) -> list[str]:
    found = [key for name, pointer in subject.pointers.items() for key in pointer.targets(name)]
    return [key for key in found if _has(subject.model, key)]


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*READERS)
def record_list(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The records of one table."""
    subject = table_named(slug)
    text = request.GET.get("q", "").strip()
    begins = queries.beginning(subject, text) if text and "\x00" not in text else None
    records: QuerySet[Any] = subject.model._default_manager.select_related(*_keys(subject))
    ordering = {"newest": ("-id",), "external_id": ("external_id", "id")}
    if begins:
        records, ordering = queries.with_name_key(subject, records), {"found": begins.order} | ordering
    return listing(
        request, records, filter_of(subject, begins), "dataquality/record_list.html", columns=columns_of(subject),
        ordering=ordering, export_name=subject.word.lower(), bulk=[still_true(subject)],
        saved=[
            SavedFilter(_("With an error"), "wrong=true&state=live"),
            SavedFilter(_("Gone from the CRM"), "state=gone"),
            *([SavedFilter(_("Due to be verified"), "due=true")] if truth.verifiable(subject) else []),
        ],
        context={
            "title": subject.label, "subject": subject,
            "may_enter": subject.enter and belongs(request.user, KEEPERS),
        },
    )  # fmt: skip


@require_safe
@for_groups(*READERS)
def record(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One record: what the CRM says, what is wrong with it, what changed and when."""
    subject = table_named(slug)
    found = get_object_or_404(subject.model._default_manager.select_related("source", *_keys(subject)), pk=pk)
    may_mend = belongs(request.user, KEEPERS) and found.state == Record.State.LIVE
    known = truth.attested(found, timezone.localdate())
    asked = set(truth.verifiable(subject))
    pending = {c.field: c.pk for c in queries.corrections_of(found) if c.fate == Correction.Fate.PENDING}
    facts = [
        (
            column.label,
            _fact(subject, name, found)
            | {"pending": pending.get(name), "truth": known.get(name), "is_asked": name in asked},
        )
        for name, column in subject.columns.items()
    ]
    if not belongs(request.user, (LEAD,)):
        facts = [
            (label, {**fact, "url": "" if isinstance(fact["value"], Person) else fact["url"]}) for label, fact in facts
        ]
    told = queries.findings_of(found)
    standing = [one for one in told if one.finding.state in STANDING]
    return pages.detail(
        request, found, "dataquality/record.html",
        facts=[(label, fact) for label, fact in facts if fact["value"] not in (None, "")],
        entries=_history(subject, found, [one for one in told if one.finding.closed_at]), context={
            "subject": subject,
            "findings": standing,
            "extra": sorted(found.extra.items()),
            "blank": [(label, fact["field"]) for label, fact in facts if fact["value"] in (None, "")],
            "may_mend": may_mend,
            "may_attest": may_mend and any(fact["is_asked"] and fact["value"] not in (None, "") for _l, fact in facts),
            "methods": Method.choices,
            "likely": _likely(found),
            "merges": standing_merges(found),
            "children": sorted(children_of(subject, [found.pk])[found.pk].items(), key=lambda one: (-one[1], one[0])),
        },
    )  # fmt: skip


def _likely(record: Record) -> list[tuple[Pair, Any]]:
    """The surest pairs in which a record stands, each with the other record."""
    pairs = list(duplicates_of(record)[:LIKELY]) if record.state == Record.State.LIVE else []
    here = (record._meta.label_lower, record.pk)
    beside = sides(pairs)
    return [
        (pair, beside[pair.pk][1 if (pair.table_a, pair.a) == here else 0])
        for pair in pairs
        if None not in beside[pair.pk]
    ]  # fmt: skip


def _fact(subject: Subject, name: str, record: Record) -> dict[str, Any]:
    """A value, where it leads, and what the CRM still says where we corrected it."""
    stored = subject.stored_name(name)
    value = getattr(record, stored)
    told = "" if value in (None, "") else shown(value)
    fact: dict[str, Any] = {"field": name, "value": told, "url": "", "crm_says": record.corrected.get(stored)}
    if subject.columns[name].pointer:
        for key in subject.pointers[name].targets(name):
            target = getattr(record, key, None) if _has(subject.model, key) else None
            if target is not None:
                fact |= {"value": target, "url": target.get_absolute_url()}
                return fact
        fact["dangling"] = bool(fact["value"])
    return fact


def _history(subject: Subject, record: Record, settled: Sequence[queries.Told]) -> list[Entry]:
    """What batches changed, what was corrected, and which findings ended, the last first."""
    by_batch: dict[int, tuple[datetime, list[pages.Change]]] = {}
    for change in queries.history_of(record):
        by_batch.setdefault(change.batch_id, (change.at, []))[1].append(
            pages.Change(change.label, shown_in_history(change.old), shown_in_history(change.new))
        )
    entries = [
        Entry(at, _("Changed in the CRM"), changes=changes, url=f"/imports/{batch}/")
        for batch, (at, changes) in by_batch.items()
    ]
    entries += [
        Entry(
            c.created_at, _("Corrected here: %(fate)s") % {"fate": c.get_fate_display()}, who=str(c.made_by or ""),
            text=c.reason, changes=[pages.Change(_label(subject, c.field), c.old, c.new)],
        )
        for c in queries.corrections_of(record)
    ]  # fmt: skip
    entries += [
        Entry(one.finding.closed_at, _("No longer wrong"), text=one.sentence)
        for one in settled
        if one.finding.closed_at
    ]
    first = Batch.objects.filter(pk=record.first_batch_id).first()
    if first:
        title = _("First seen in %(file)s") % {"file": first.file_name}
        entries.append(Entry(first.taken_at, title, url=first.get_absolute_url()))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)  # type: ignore[arg-type, return-value]


def _label(subject: Subject, field: str) -> str:
    return subject.columns[field].label if field in subject.columns else field
