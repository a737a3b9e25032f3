"""What a list shows of each record, and what of it goes into a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from crm_adoption.kit import words
from crm_adoption.kit.templatetags.kit import ago, badge, breakable

Kind = Literal["text", "sentence", "address", "whole", "number", "money", "percent", "date", "moment", "badge", "link"]
RIGHT = ("number", "money", "percent")
LOOKS = {"date": "date", "moment": "date", "whole": "whole", "address": "address", "sentence": "says-it"}


@dataclass(frozen=True)
class Column:
    """One column. `accessor` is a path ("account.name") or a function of the record; empty means `name`.

    `template` is a partial given `record` and `value`; without one, `kind` says how the value is shown. A `link` goes
    to the record's `get_absolute_url`, or where `url` says. `currency` is the path of a money column's currency.
    An `address` goes on in the next line after its signs, a `whole` value stays in one line, a `sentence` gets the
    width of a card. A column that is not `on_page` is only in files; one `wide_only` needs a wide page, or a card.
    """

    name: str
    label: str | Promise
    accessor: str | Callable[[Any], Any] = ""
    kind: Kind = "text"
    template: str = ""
    align: Literal["", "right", "centre"] = ""
    url: Callable[[Any], str] | None = None
    currency: str = ""
    exported: bool = True
    on_page: bool = True
    wide_only: bool = False

    @property
    def css(self) -> str:
        align = self.align or ("right" if self.kind in RIGHT else "")
        looks = {"right": "number", "centre": "centre"}.get(align, LOOKS.get(self.kind, ""))
        return f"{looks} wide-only".strip() if self.wide_only else looks

    def value(self, record: Any) -> Any:
        """What the record says here; None where the path breaks off."""
        return self.accessor(record) if callable(self.accessor) else follow(record, self.accessor or self.name)

    def exported_value(self, record: Any) -> Any:
        """The value for a file: numbers and dates as such, everything else as text."""
        value = self.value(record)
        return value if value is None or isinstance(value, (int, float, Decimal, date, datetime)) else str(value)

    def cell(self, record: Any) -> str | SafeString:
        """The value for a page."""
        value = self.value(record)
        if self.template:
            return render_to_string(self.template, {"record": record, "value": value})
        if value is None or value == "":
            return mark_safe('<span class="muted">–</span>')
        return self._said(record, value)

    def _said(self, record: Any, value: Any) -> str | SafeString:
        if self.kind == "badge":
            shown = getattr(record, f"get_{self.accessor or self.name}_display", None)
            return badge(value, shown() if shown else "")
        if self.kind == "link":
            return format_html('<a href="{}">{}</a>', (self.url or _own_address)(record), value)
        if self.kind == "number":
            return words.number(value)
        if self.kind == "money":
            currency = follow(record, self.currency) if self.currency else ""
            return f"{words.number(value)} {currency}".strip()
        if self.kind == "percent":
            return words.percent(value)
        if self.kind == "address":
            return breakable(value)
        if self.kind == "date":
            return words.exact(value)
        return ago(value) if self.kind == "moment" else str(value)


def follow(record: Any, path: str) -> Any:
    """Walk "account.name" or "account__name" from a record; None where a step is missing."""
    for step in path.replace("__", ".").split("."):
        if record is None:
            return None
        record = record.get(step) if isinstance(record, dict) else getattr(record, step)
    return record() if callable(record) else record


def _own_address(record: Any) -> str:
    return str(record.get_absolute_url())
