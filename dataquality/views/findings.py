"""Findings one by one, those that are waived, and what we proposed to the CRM: lists with what can be done to many."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from crm_adoption.kit import words
from crm_adoption.kit.access import ANALYST, LEAD, SPONSOR, STEWARD, for_groups
from crm_adoption.kit.pages import BulkAction, Column, SavedFilter, listing
from crm_adoption.people.models import Person
from dataquality import queries, subjects
from dataquality.filters import CorrectionFilter, FindingFilter, WaivedFilter
from dataquality.forms import WaiveForm
from dataquality.models import Correction, Finding
from dataquality.services import accepting, corrections, waivers

KEEPERS = (LEAD, STEWARD)
READERS = (LEAD, SPONSOR, STEWARD, ANALYST)


def _by(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def _record_link(row: Finding | Correction) -> str:
    return reverse("record", args=[row.table, row.record_id])


def _table(row: Finding | Correction) -> str:
    return subjects.get(row.table).label


def _record(row: Finding) -> str:
    return f"{_table(row)} {row.record_id}"


def _field(row: Correction) -> str:
    if row.kind == Correction.Kind.MERGE:
        return _("merged into")
    columns = subjects.get(row.table).columns
    return columns[row.field].label if row.field in columns else row.field


def _where(row: Correction) -> str:
    return _("%(table)s: %(field)s") % {"table": _table(row), "field": _field(row)}


def _waive(request: HttpRequest, chosen: QuerySet[Finding], **said: Any) -> str:
    n = waivers.waive(chosen, by=_by(request), now=timezone.now(), **said)
    return ngettext("%(n)s finding waived.", "%(n)s findings waived.", n) % {"n": words.number(n)}


def _accept(request: HttpRequest, chosen: QuerySet[Finding]) -> str:
    n = accepting.accept_suggestions(chosen, by=_by(request), now=timezone.now())
    return ngettext(
        "%(n)s cell corrected as suggested; it waits for its export to the CRM.",
        "%(n)s cells corrected as suggested; they wait for their export to the CRM.",
        n,
    ) % {"n": words.number(n)}


def _end(request: HttpRequest, chosen: QuerySet[Finding]) -> str:
    n = waivers.end_waivers(chosen, now=timezone.now())
    return ngettext("%(n)s finding is open again.", "%(n)s findings are open again.", n) % {"n": words.number(n)}


def _withdraw(request: HttpRequest, chosen: QuerySet[Correction]) -> str:
    n = corrections.withdraw_corrections(chosen, by=_by(request), now=timezone.now())
    return ngettext(
        "%(n)s correction withdrawn; the cell shows again what the CRM says.",
        "%(n)s corrections withdrawn; the cells show again what the CRM says.",
        n,
    ) % {"n": words.number(n)}


ACCEPT = BulkAction(
    "accept", gettext_lazy("Accept the suggestion"), _accept, KEEPERS, shows=queries.said_of,
    row_label=gettext_lazy("Accept"),
    warning=gettext_lazy("Each record gets what is suggested for it. The CRM is not touched until you export."),
    on_row=lambda finding: finding.state == Finding.State.OPEN and bool(finding.suggestion),
)  # fmt: skip
WAIVE = BulkAction(
    "waive", gettext_lazy("Waive"), _waive, KEEPERS, icon="eye-off", asks=WaiveForm, shows=queries.said_of,
    warning=gettext_lazy("A waived finding does not count until the day you name."),
    on_row=lambda finding: finding.state == Finding.State.OPEN and not finding.suggestion,
)  # fmt: skip
END = BulkAction(
    "end", gettext_lazy("End the waiver"), _end, KEEPERS, icon="eye", shows=queries.said_of,
    row_label=gettext_lazy("End"),
    warning=gettext_lazy("The findings count again at once."), on_row=lambda finding: True,
)  # fmt: skip
WITHDRAW = BulkAction(
    "withdraw", gettext_lazy("Withdraw"), _withdraw, KEEPERS, icon="arrow-back-up",
    warning=gettext_lazy("The cells show again what the CRM says, and their findings are open again."),
    on_row=lambda correction: correction.fate == Correction.Fate.PENDING,
    shows=lambda c: f"{_table(c)} {c.external_id}, {_field(c)}: {c.old} → {c.new}",
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*READERS)
def finding_list(request: HttpRequest) -> HttpResponseBase:
    """Findings one by one, each with its record, field and value; what helps most stands first."""
    return listing(
        request, Finding.objects.select_related("source", "rule"), FindingFilter, "dataquality/finding_list.html",
        columns=(
            Column("record", _("Record"), _record, kind="link", url=_record_link, exported=False),
            Column("sentence", _("What is wrong"), queries.said_of, kind="sentence"),
            Column("table", _("Table"), _table, on_page=False),
            Column("record_id", _("Record"), on_page=False),
            Column("field", _("Field"), on_page=False),
            Column("code", _("Kind"), on_page=False),
            Column("value", _("Value"), on_page=False),
            Column("suggestion", _("Suggestion"), on_page=False),
            Column("severity", _("Severity"), kind="badge", wide_only=True),
            Column("state", _("State"), kind="badge"),
            Column("opened_at", _("Since"), kind="moment", wide_only=True),
        ),
        ordering={"priority": queries.BY_PRIORITY, "newest": ("-id",)}, export_name="findings", bulk=(ACCEPT, WAIVE),
        saved=[
            SavedFilter(_("Open errors"), "state=open&severity=error"),
            SavedFilter(_("With a suggestion"), "state=open&suggested=true"),
            SavedFilter(_("Corrected, pending export"), "state=corrected"),
        ],
        context={"title": _("Findings")},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*READERS)
def waiver_list(request: HttpRequest) -> HttpResponseBase:
    """What is known and borne: by whom, why and until when; a waiver can be ended before its day."""
    return listing(
        request, Finding.objects.filter(state=Finding.State.WAIVED).select_related("source", "rule", "waived_by"),
        WaivedFilter, "dataquality/waiver_list.html",
        columns=(
            Column("record", _("Record"), _record, kind="link", url=_record_link),
            Column("sentence", _("What is wrong"), queries.said_of, kind="sentence"),
            Column("waived_by", _("Who"), "waived_by.name"),
            Column("waiver_reason", _("Why"), kind="sentence"),
            Column("waived_until", _("Until"), kind="date"),
        ),
        ordering={"waived_until": ("waived_until", "id")}, export_name="waivers", bulk=(END,),
        context={
            "title": _("Waivers"), "empty_icon": "eye-off", "empty_title": _("Nothing is waived"),
            "empty_sentence": _(
                "A finding that is known and borne is waived, with a reason and until a day; it does not count before."
            ),
        },
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*READERS)
def correction_list(request: HttpRequest) -> HttpResponseBase:
    """What we propose to the CRM, and what became of it; what is pending can be withdrawn."""
    return listing(
        request, Correction.objects.select_related("source", "made_by"), CorrectionFilter,
        "dataquality/correction_list.html",
        columns=(
            Column("external_id", _("Record"), kind="link", url=_record_link),
            Column("where", _("Where"), _where, exported=False),
            Column("table", _("Table"), _table, on_page=False),
            Column("field", _("Field"), _field, on_page=False),
            Column("old", _("The CRM says"), kind="address"),
            Column("new", _("It should be"), kind="address", template="dataquality/_should.html"),
            Column("made_by", _("Who"), "made_by.name", on_page=False),
            Column("reason", _("Why"), on_page=False),
            Column("fate", _("State"), kind="badge"),
            Column("created_at", _("Made"), kind="moment", wide_only=True),
        ),
        ordering={"newest": ("-id",)}, export_name="corrections", bulk=(WITHDRAW,),
        saved=[
            SavedFilter(_("Pending export"), "fate=pending"),
            SavedFilter(_("Came back wrong"), "fate=overwritten"),
        ],
        context={
            "title": _("Corrections"), "empty_icon": "edit", "empty_title": _("Nothing is corrected yet"),
            "empty_sentence": _(
                "Accept a suggestion on the page of a table, or correct a cell on the page of its record; it is kept "
                "here until an export of the CRM agrees."
            ),
            "empty_url": reverse("scoreboard"), "empty_action": _("See what is wrong"),
        },
    )  # fmt: skip
