"""Lines of cost and gain."""

from __future__ import annotations

from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.usage.models import LedgerLine


def save_line(line: LedgerLine) -> LedgerLine:
    """Keep a line; a check needs the days of its two readings, in their order."""
    if line.check_slug and (line.baseline_on is None or line.after_on is None):
        raise Refusal(_("Say of which days the readings before and after “%(name)s” are.") % {"name": line})
    if line.baseline_on and line.after_on and line.after_on <= line.baseline_on:
        raise Refusal(_("The reading after “%(name)s” must lie behind the one before.") % {"name": line})
    line.save()
    return line
