"""Record ids as the three products write them."""

from __future__ import annotations

import uuid

from crm_adoption.plan.sample.chance import Chance

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
PREFIX = {
    "account": "001", "contact": "003", "user": "005", "opportunity": "006", "lead": "00Q", "case": "500",
    "activity": "00T", "product": "01t", "contact_role": "00K",
}  # fmt: skip


def salesforce_id(table: str, number: int) -> str:
    """A 15-character id: key prefix of the table, an instance, and the number in base 62."""
    tail = ""
    rest = 14_000_000 + number * 37
    while rest:
        rest, place = divmod(rest, 62)
        tail = ALPHABET[place] + tail
    return PREFIX[table] + "4W0000" + tail.rjust(6, "0")


def eighteen(short: str) -> str:
    """The same id safe for programs that ignore case: three letters say which of the 15 are capitals."""
    groups = (short[start : start + 5] for start in (0, 5, 10))
    return short + "".join(
        CHECKSUM[sum(1 << place for place, letter in enumerate(group) if "A" <= letter <= "Z")] for group in groups
    )


def guid(chance: Chance, table: str, number: int) -> str:
    """A version 4 GUID, lower case with dashes, as Dynamics 365 writes it."""
    return str(uuid.UUID(int=chance.stream("guid", table, number).getrandbits(128), version=4))


def record_id(table: str, number: int) -> str:
    """A HubSpot Record ID: digits only."""
    return str({"account": 8_801_000_000, "contact": 51_230_000_000, "user": 70_100_000}[table] + number * 113)
