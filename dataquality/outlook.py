"""When a locked report will open (M1, M3): a floor above that follows the scores tells it; the gate itself never asks.

What may be mended is said in cells: k wrong values of a field are k of the field's errors; how many records of the
table come clean by it is what their other errors leave. Of the errors of a field any k are as likely to be mended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import prod

from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.kit import words
from dataquality import subjects
from dataquality.queries import field_name
from dataquality.reports import Report
from dataquality.services.gates import GateState, Reason
from dataquality.statements import fetch
from dataquality.subjects import Subject

Cell = tuple[str, str]  # table, field; "" is the table itself
Foretelling = Callable[[Report, datetime, Mapping[Cell, float]], "Outlook | None"]


@dataclass(frozen=True)
class Outlook:
    """From which days on a report is open as likely as not, and with 80 %, if it goes on as it has been going."""

    likely: date | None
    nearly_sure: date | None
    last_day: date  # how far was looked
    short: Sequence[str] = field(default=())  # what has too few readings for a trend; then no day is told

    @property
    def sentence(self) -> str:
        last = words.exact(self.last_day)
        if self.short:
            return _("When it opens cannot be told yet; a trend needs three measured days of: %(what)s.") % {
                "what": ", ".join(self.short)
            }
        if self.likely is None:
            return _("As it has been going, it is not likely to open before %(last)s.") % {"last": last}
        if self.nearly_sure is None:
            return _("As likely as not it opens on %(day)s; with 80 %% not before %(last)s.") % {
                "day": words.exact(self.likely), "last": last
            }  # fmt: skip
        return _("As likely as not it opens on %(day)s; with 80 %% by %(sure)s.") % {
            "day": words.exact(self.likely), "sure": words.exact(self.nearly_sure)
        }  # fmt: skip


_tellers: list[Foretelling] = []


def tell_with(teller: Foretelling) -> None:
    """Say who continues the scores; the newest teller counts."""
    _tellers[:] = [teller]


def of(state: GateState, *, now: datetime, mended: Mapping[Cell, int] | None = None) -> Outlook | None:
    """For a report whose gate is shut, over all sources; nothing where its data let it open or nobody tells.

    `mended` is how many wrong values of each cell would be mended today. What was never judged has no day.
    """
    about_data = [one for one in state.reasons if one.about == "data"]
    if not about_data or not _tellers:
        return None
    unmeasured = [_name(one) for one in about_data if one.rate is None]
    if unmeasured:
        return Outlook(None, None, timezone.localdate(now), unmeasured)
    return _tellers[0](state.report, now, _falls(mended or {}))


def _name(reason: Reason) -> str:
    subject = subjects.get(reason.table)
    return field_name(subject, reason.field) if reason.field else str(subject.label)


def _falls(mended: Mapping[Cell, int]) -> dict[Cell, float]:
    """By how much each rate falls, of fields and of their tables."""
    by_table: dict[str, dict[str, int]] = {}
    for (table, name), n in mended.items():
        if n > 0:
            by_table.setdefault(table, {})[name] = n
    found: dict[Cell, float] = {}
    for table, wished in by_table.items():
        subject = subjects.get(table)
        rows = subject.model.objects.live().count()
        if not rows:
            continue
        groups = _errors(subject)
        wrong = {name: sum(n for fields, n in groups if name in fields) for name in wished}
        share = {name: min(1.0, n / wrong[name]) for name, n in wished.items() if wrong[name]}
        found |= {(table, name): part * wrong[name] / rows for name, part in share.items()}
        clean = sum(n * prod(share.get(name, 0.0) for name in fields) for fields, n in groups)
        whole = min(sum(n for _fields, n in groups) - clean, wished.get("", 0))  # of the table, whichever field it is
        found[table, ""] = (clean + whole) / rows
    return found


def _errors(subject: Subject) -> list[tuple[frozenset[str], int]]:
    """How many live records have open errors in exactly these fields."""
    rows = fetch(
        sql.SQL(
            "SELECT fields, count(*) FROM (SELECT array_agg(DISTINCT f.field) AS fields FROM dataquality_finding f"
            " JOIN {t} t ON t.id = f.record_id AND t.state = 'live'"
            " WHERE f.\"table\" = %s AND f.state = 'open' AND f.severity = 'error' GROUP BY f.record_id) wrong"
            " GROUP BY fields"
        ).format(t=sql.Identifier(subject.db_table)),
        [subject.slug],
    )
    return [(frozenset(fields), n) for fields, n in rows]
