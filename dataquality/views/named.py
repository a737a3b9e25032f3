"""What an address names, or 404: a mistyped address is a page that is not there, no refused wish."""

from __future__ import annotations

from django.http import Http404

from crm_adoption.kit.errors import Refusal
from dataquality import reports, subjects
from dataquality.reports import Report
from dataquality.subjects import Subject


def table_named(slug: str) -> Subject:
    try:
        return subjects.get(slug)
    except Refusal as refusal:
        raise Http404(refusal.sentence) from None


def report_named(slug: str) -> Report:
    try:
        return reports.get(slug)
    except Refusal as refusal:
        raise Http404(refusal.sentence) from None
