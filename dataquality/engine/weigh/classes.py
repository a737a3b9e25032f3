"""What kinds of pair there are: which classes a table can tell apart follows from the columns it has."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.compare import Comparison
from dataquality.engine.kinds import Kind
from dataquality.engine.weigh.em import Bound

SAME, MOVED, OTHER = "same", "moved", "other"
NAMESAKE, NEIGHBOUR, HOUSEHOLD, LOCAL, BRANCH = "namesake", "neighbour", "household", "local", "branch"
MATCHES = (SAME, MOVED)
NAME_RULES = ("given", "family", "namesakes", "surname")
# Levels that strangers hardly ever have: a rare address, number or code in common.
PROOF: dict[str, tuple[tuple[int, ...], float]] = {
    "email": ((1,), 0.004),
    "phone": ((1,), 0.02),
    "code": ((1,), 0.003),
    "day": ((1,), 0.03),
}
CONTRARY = {"day": 0.1}  # people do not change their dates as they change employers
ELSEWHERE = 0.04  # of firms told by name, phone and address that have another address altogether: it may be a branch
WEAK_AGAINST = ("place", "postcode", "street", "company", "phone", "email", "host", "text", "number")
PERSONAL = ("day", "code")
CONTACT = (Kind.EMAIL, Kind.PHONE, Kind.COMPANY, Kind.DOMAIN, Kind.URL, Kind.STREET)
SHARED = (*CONTACT, Kind.CITY, Kind.POSTCODE)
LINES = (Kind.EMAIL, Kind.PHONE, Kind.DOMAIN, Kind.URL)  # what all sites of one firm may share
PLACES = (Kind.CITY, Kind.POSTCODE, Kind.REGION, Kind.STREET)


@dataclass(frozen=True)
class Role:
    """How a comparison is weighed before the table has said anything: a key of the prior."""

    prior: str
    is_name: bool


def roles(comparisons: Sequence[Comparison]) -> tuple[Role, ...]:
    """The role of each comparison. Without a person, the first company (or else the first text) is the name."""
    has_person = any(one.rule == "given" for one in comparisons)
    name = None
    if not has_person:
        names = [one.name for one in comparisons if one.kind == Kind.COMPANY]
        names += [one.name for one in comparisons if one.kind == Kind.TEXT]
        name = names[0] if names else None
    bare = not any(one.kind in SHARED for one in comparisons)
    first_person = next((one.slot for one in comparisons if one.rule == "given"), None)
    found = []
    for one in comparisons:
        if one.rule in NAME_RULES:
            mine = one.slot == first_person
            own = f"{one.rule}.bare" if bare and one.rule == "namesakes" else one.rule
            found.append(Role(own if mine else f"{one.rule}.further", mine))
        elif one.name == name:
            found.append(Role(f"{one.rule}.entity" if len(comparisons) > 1 else f"{one.rule}.alone", True))
        elif one.rule == "place":
            found.append(Role(f"place.{_place(one.kind)}", False))
        else:
            found.append(Role(one.rule, False))
    return tuple(found)


def fixed_levels(comparisons: Sequence[Comparison], classes: Sequence[str]) -> NDArray[np.bool_]:
    """(class, comparison) that a table may not teach: what belongs to one person agrees by chance alone among people
    who share a name, a place or a work; else a class of strangers turns into one of duplicates."""
    alike = np.array([name not in (*MATCHES, OTHER) for name in classes])
    personal = np.array([one.rule in PERSONAL for one in comparisons], dtype=np.bool_)
    return alike[:, None] & personal[None, :]


def bounds_for(comparisons: Sequence[Comparison]) -> tuple[Bound, ...]:
    """What each comparison may come to say, whatever a table seems to teach."""
    branches = BRANCH in classes_for(comparisons)
    found = []
    for one in comparisons:
        proof, most = PROOF.get(one.rule, ((), 1.0))
        if branches and one.rule == "street":
            found.append(Bound(proof, most, 7.0, ELSEWHERE))
        else:
            found.append(Bound(proof, most, 4.0 if one.rule in WEAK_AGAINST else 7.0, CONTRARY.get(one.rule, 1.0)))
    return tuple(found)


def _place(kind: Kind) -> str:
    return kind.value if kind in (Kind.CITY, Kind.REGION, Kind.COUNTRY) else "choice"


def classes_for(comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    """The classes these columns can tell apart, matches first.

    Someone who moved shows only where there is more to a person than names; neighbours and households only where
    something can be shared; branches of one firm only where a single line is all that they share besides its name.
    """
    weighed = roles(comparisons)
    besides = [one for one, role in zip(comparisons, weighed, strict=True) if not role.is_name]
    kinds = [one.kind for one in besides if one.rule not in NAME_RULES]
    has_person = any(one.rule == "given" for one in comparisons)
    has_name = any(role.is_name for role in weighed)
    contact = sum(kind in CONTACT for kind in kinds)
    shared = sum(kind in SHARED for kind in kinds)
    found = [SAME]
    if has_person and contact >= 2:
        found.append(MOVED)
    found.append(OTHER)
    if has_name and len(kinds) >= 1:
        found.append(NAMESAKE)
    if has_name and shared >= 1:
        found.append(NEIGHBOUR)
    if has_person and shared >= 2:
        found.append(HOUSEHOLD)
    if has_person and any(kind in PLACES for kind in kinds):
        found.append(LOCAL)
    lines = sum(kind in LINES for kind in kinds)
    if has_name and not has_person and lines == 1 and any(kind in PLACES for kind in kinds):
        found.append(BRANCH)
    return tuple(found)
