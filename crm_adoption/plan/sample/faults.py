"""What goes wrong in the exports, how often at the first and at the last one.

Each record keeps its faults from export to export until the rate has fallen below its own chance: that is a repair.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from crm_adoption.plan.sample.chance import Chance
from crm_adoption.plan.sample.ids import salesforce_id
from crm_adoption.plan.sample.spelling import broken_email, broken_phone, misspelt, mojibake, odd_phone

Row = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """One kind of fault in one column; rates are shares of the rows where it can happen."""

    table: str
    column: str
    kind: str
    first: float
    last: float

    def rate(self, part: float) -> float:
        """The rate when this part of the story is over, 0 to 1."""
        return self.first + (self.last - self.first) * part


FAULTS = (
    Fault("account", "name", "mojibake", 0.020, 0.002),
    Fault("account", "parent", "dangling", 0.060, 0.000),
    Fault("account", "country", "misspelt", 0.030, 0.006),
    Fault("account", "industry", "misspelt", 0.025, 0.004),
    Fault("account", "phone", "odd form", 0.400, 0.400),
    Fault("account", "phone", "broken phone", 0.030, 0.008),
    Fault("account", "postcode", "blank", 0.040, 0.015),
    Fault("contact", "family", "blank", 0.004, 0.002),
    Fault("contact", "family", "mojibake", 0.040, 0.040),
    Fault("contact", "email", "broken e-mail", 0.045, 0.040),
    Fault("contact", "email", "blank", 0.110, 0.100),
    Fault("contact", "phone", "odd form", 0.450, 0.450),
    Fault("contact", "phone", "broken phone", 0.035, 0.035),
    Fault("contact", "account", "dangling", 0.022, 0.018),
    Fault("contact", "account", "blank", 0.015, 0.012),
    Fault("opportunity", "account", "blank", 0.034, 0.010),
    Fault("opportunity", "account", "dangling", 0.012, 0.004),
    Fault("opportunity", "close_on", "out of order", 0.028, 0.009),
    Fault("opportunity", "amount", "blank", 0.030, 0.018),
    Fault("opportunity", "stage", "misspelt", 0.012, 0.003),
    Fault("opportunity", "product", "misspelt", 0.060, 0.012),
    Fault("contact_role", "role", "blank", 0.400, 0.250),
    Fault("contact_role", "contact", "dangling", 0.020, 0.020),
    Fault("case", "account", "blank", 0.030, 0.032),
    Fault("case", "closed_at", "out of order", 0.050, 0.055),
    Fault("case", "subject", "junk", 0.030, 0.030),
    Fault("case", "priority", "misspelt", 0.012, 0.012),
    Fault("activity", "regarding", "blank", 0.090, 0.090),
    Fault("activity", "regarding", "dangling", 0.008, 0.008),
    Fault("activity", "subject", "junk", 0.010, 0.010),
    Fault("lead", "family", "junk", 0.040, 0.025),
    Fault("lead", "company", "blank", 0.060, 0.040),
    Fault("lead", "email", "broken e-mail", 0.080, 0.055),
    Fault("lead", "phone", "broken phone", 0.090, 0.060),
    Fault("lead", "country", "misspelt", 0.050, 0.030),
)
JUNK = ("test", "xxx", "asdf", ".", "n/a", "???")


def _blank(row: Row, column: str, dice: Random) -> None:
    for name in (column, f"{column}_id", f"{column}_name"):
        if name in row:
            row[name] = ""


def _dangling(row: Row, column: str, dice: Random) -> None:
    """The id is well formed, and nobody has it; where the export names the record, the name is a former one."""
    table = "contact" if column == "contact" else "opportunity" if column == "regarding" else "account"
    row[f"{column}_id"] = salesforce_id(table, 900_000 + dice.randrange(9_000))
    if row.get(f"{column}_name"):
        row[f"{column}_name"] += " (old)"


def _out_of_order(row: Row, column: str, dice: Random) -> None:
    """An end before its beginning."""
    start: date | datetime = row["created"]
    earlier = start - timedelta(days=dice.randrange(3, 90))
    row[column] = earlier if isinstance(row[column], datetime) else earlier.date()  # type: ignore[attr-defined]


def _on_value(change: Callable[[str, Random], str]) -> Callable[[Row, str, Random], None]:
    def wear(row: Row, column: str, dice: Random) -> None:
        row[column] = change(row[column], dice)

    return wear


WAYS: dict[str, Callable[[Row, str, Random], None]] = {
    "blank": _blank,
    "dangling": _dangling,
    "out of order": _out_of_order,
    "misspelt": _on_value(misspelt),
    "mojibake": _on_value(lambda text, dice: mojibake(text)),
    "broken e-mail": _on_value(broken_email),
    "broken phone": _on_value(broken_phone),
    "odd form": _on_value(odd_phone),
    "junk": _on_value(lambda text, dice: dice.choice(JUNK)),
}


def can_happen(fault: Fault, row: Row) -> bool:
    """Is there a value that can go wrong this way?"""
    value = row.get(fault.column) or row.get(f"{fault.column}_id") or row.get(f"{fault.column}_name")
    if not value:
        return False
    return fault.kind != "mojibake" or any(ord(letter) > 191 for letter in value)


class Wear:
    """Applies the faults to the rows of one export."""

    def __init__(self, chance: Chance, taken: list[date]) -> None:
        self.chance, self.taken = chance, taken
        self._due: dict[tuple[str, str], list[tuple[Fault, float]]] = {}

    def apply(self, table: str, row: Row, month: int) -> list[Fault]:
        """Spoil one row as it stands in this month's export; a repair since the last one moves its modified date."""
        due = self._due.get((table, row["id"]))
        if due is None:
            due = [(fault, self._chance(fault, row)) for fault in FAULTS if fault.table == table]
            due = [(fault, share) for fault, share in due if share < max(fault.first, fault.last)]
            self._due[table, row["id"]] = due
        steps = len(self.taken) - 1
        done = []
        for fault, share in due:
            present = [share < fault.rate(place / steps) for place in range(month + 1)]
            if present[-1] and can_happen(fault, row):
                WAYS[fault.kind](row, fault.column, self.chance.stream("how", *self._words(fault, row)))
                done.append(fault)
            changed = [place for place in range(1, month + 1) if present[place] != present[place - 1]]
            if changed:
                touched = datetime.combine(self.taken[changed[-1]] - timedelta(days=2), time(11, 20))
                row["modified"] = max(row["modified"], touched)
        return done

    def _chance(self, fault: Fault, row: Row) -> float:
        return self.chance.share("fault", *self._words(fault, row))

    def _words(self, fault: Fault, row: Row) -> tuple[str, ...]:
        return fault.table, fault.column, fault.kind, row["id"]
