"""Files of use: an audit log, an export of logins, or days of use counted elsewhere."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import IO
from zoneinfo import ZoneInfo

import polars as pl
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from crm_adoption.usage.models import Capability, UsageImport, Via
from crm_adoption.usage.services.using import Use, record_use
from dataquality.engine.parse import NumberTally, parse_numbers
from dataquality.models import Identity
from training import tables
from training.tables import Table

WHO = (*tables.EMAIL, "user name", "username", "user", "user id", "login", "login name", "changed by", "modified by",
       "benutzer", "utilisateur", "usuario", "用户", "用户名")  # fmt: skip
WHEN = ("day", "date", "login time", "login date", "time", "timestamp", "created on", "created date", "changed date",
        "event date", "event time", "date time", "last login", "datum", "zeitpunkt", "fecha", "日期", "时间",
        "登录时间")  # fmt: skip
WHAT = ("capability", "feature", "action", "event", "event type", "operation", "activity", "event name", "function",
        "module", "page", "entity", "object", "merkmal", "funktion", "fonction", "操作", "功能")  # fmt: skip
THROUGH = ("channel", "client", "client app", "client application", "client type", "application", "app",
           "access channel", "kanal", "anwendung", "canal", "客户端", "渠道", "应用")  # fmt: skip
HOW_OFTEN = ("count", "times", "number", "events", "total", "quantity", "anzahl", "nombre", "numero", "次数", "数量")
FAULTS_KEPT = 1000
AHEAD = timedelta(days=1)


@transaction.atomic
def import_use(
    file: IO[bytes], *, name: str, by: Person | None, now: datetime, zone: ZoneInfo, dates: str = "",
    capability: Capability | None = None, logins: bool = False,
) -> UsageImport:  # fmt: skip
    """Read who used what on which day; a file that says no capability is of the one named, or of logins.

    Rows of one person, capability and day are summed; a column of clients says beside it through which it came. Read
    twice, nothing counts twice.
    """
    table = tables.read_table(file, name=name)
    who, when, what = (_column(table, names) for names in (WHO, WHEN, WHAT))
    if who is None or when is None:
        missing = _("who it was") if who is None else _("which day it was")
        raise Refusal(
            _("%(name)s has no column that says %(what)s; its headings are %(headings)s. Export it with that.")
            % {"name": name, "what": missing, "headings": ", ".join(table.headings[:20])},
            code="no_column",
        )
    if what is None and capability is None and not logins:
        raise Refusal(
            _("%(name)s has no column that says what was used; say which capability it is about, or that it lists "
              "logins.") % {"name": name},
            code="no_capability",
        )  # fmt: skip
    known = capability.pk if capability else None
    reading = _Reading(table, name)
    used = reading.rows(who, when, None if capability or logins else what, known, now=now, zone=zone, dates=dates)
    reading.counts["changed"] = record_use(used, via=Via.LOG)
    return reading.keep(by)


def _column(table: Table, names: tuple[str, ...]) -> str | None:
    return table.column(names)


class _Reading:
    """The rows of a file as days of use; what cannot be used is noted with its sentence."""

    def __init__(self, table: Table, name: str) -> None:
        self.table, self.name = table, name
        self.counts: Counter[str] = Counter(rows=table.frame.height)
        self.unknown: Counter[str] = Counter()
        self.faults: list[tuple[int, str, str]] = list(table.unreadable)
        self.numbers = table.rows()

    def rows(
        self, who: str, when: str, what: str | None, capability: int | None, *, now: datetime, zone: ZoneInfo,
        dates: str,
    ) -> list[Use]:  # fmt: skip
        people, words = _people(self.table.texts(who)), _words()
        moments = tables.moments(self.table, when, order=dates, zone=zone)
        counts = self._counts()
        through = self.table.column(THROUGH)
        channels = self.table.texts(through) if through else None
        found: list[Use] = []
        whats, whos, whens = self.table.texts(what), self.table.texts(who), self.table.texts(when)
        for place, at in enumerate(moments):
            person, word = people.get(whos[place].casefold()), whats[place]
            used = words.get(word.casefold()) if what else capability
            if person is None:
                self._fault(place, whos[place], _("Nobody here goes by “%(who)s”; invite the person, or correct it.")
                            % {"who": whos[place]} if whos[place] else _("The row names nobody."))  # fmt: skip
            elif at is None:
                self._fault(place, whens[place], _("“%(text)s” is no day.") % {"text": whens[place]})
            elif at > now + AHEAD:
                self._fault(place, whens[place], _("“%(text)s” lies in the future.") % {"text": whens[place]})
            elif what and used is None:
                self.unknown[word[:200]] += 1
            elif counts[place] is None:
                self._fault(place, "", _("The count is no whole number from 1 on."))
            else:
                self.counts["used"] += 1
                channel = channels[place] if channels else ""
                found.append(Use(person, used, timezone.localdate(at, zone), counts[place] or 1, channel))
        return found

    def _counts(self) -> list[int | None]:
        column = _column(self.table, HOW_OFTEN)
        if column is None:
            return [1] * self.table.frame.height
        series = pl.Series("counts", self.table.texts(column), dtype=pl.String)
        tally = NumberTally()
        tally.add(series)
        read = parse_numbers(series, tally.decide())
        return [int(one) if one is not None and 1 <= one < 10**6 and one == int(one) else None for one in read]

    def _fault(self, place: int, value: str, sentence: str) -> None:
        self.faults.append((self.numbers[place], value[:200], sentence))

    def keep(self, by: Person | None) -> UsageImport:
        self.counts["faulty"] = len({row for row, _value, _sentence in self.faults})
        self.counts["unknown"] = sum(self.unknown.values())
        return UsageImport.objects.create(
            file_name=self.name[:255], sha256=self.table.sha256, read_by=by, counts=dict(self.counts),
            faults=sorted(self.faults)[:FAULTS_KEPT], unknown=dict(self.unknown.most_common(50)),
        )  # fmt: skip


def _people(texts: list[str]) -> dict[str, int]:
    """By what a log calls somebody, their key: an address, or an id or name of a CRM; two of a name are none."""
    wanted = {text.casefold().replace("\x00", "") for text in texts if text}
    found: dict[str, set[int]] = {}
    for external_id, name, person in Identity.objects.values_list("external_id", "name", "person_id"):
        for word in (external_id.casefold(), name.casefold()):
            if word in wanted:
                found.setdefault(word, set()).add(person)
    known = {word: people.pop() for word, people in found.items() if len(people) == 1}
    return known | dict(Person.objects.filter(email__in=wanted).values_list("email", "pk"))


def _words() -> dict[str, int]:
    """What logs call each capability, by its key."""
    found: dict[str, int] = {}
    for one in Capability.objects.order_by("-retired_on", "pk"):
        found |= {word.casefold(): one.pk for word in (one.name, one.code, *one.aliases)}
    return found
