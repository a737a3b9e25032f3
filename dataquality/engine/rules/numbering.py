"""Numbering plans compiled from the phonenumbers library's own metadata, to settle plainly written numbers fast.

`settle` answers only where the library is bound to give the same answer; every doubt (carrier codes, transformed
prefixes, numbers of no country) is left to it.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata, PhoneNumberDesc

NORTH_AMERICAN = "1"
INVALID = ""  # settled: not a number of any region of its calling code
_TYPES = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)


def settle(digits: str, region: str | None, *, plus: bool) -> str | None:
    """The E.164 form of a valid number, `INVALID` where it certainly is none, null where the library must say.

    `digits` are the ASCII digits of a number written without letters; `plus` says that a plus sign stood before them.
    """
    plan = plan_of(region) if region else None
    if not plus and plan and plan.dials_out_with_00 and digits[:2] == "00" and digits[2:3] != "0":
        digits, plus = digits[2:], True
    if plus:
        calling = calling_code(digits)
        plan = plan_of(phonenumbers.region_code_for_country_code(int(calling))) if calling else None
        if not plan:
            return None
        digits = digits[len(plan.calling) :]
    elif not plan or plan.dial_out.match(digits) or _starts_with_calling_code(digits, plan):
        return None
    return _settle_national(digits, plan) if 4 <= len(digits) <= 15 else None


def _starts_with_calling_code(digits: str, plan: "Plan") -> bool:
    """A national number that may also be an international one without its plus sign."""
    return digits.startswith(plan.calling) and plan.calling != NORTH_AMERICAN


def _settle_national(digits: str, plan: "Plan") -> str | None:
    numbering = numbering_of(int(plan.calling))
    written = plan.prefix.match(digits) if plan.prefix else None
    if not plan.prefix or not written:
        if numbering.has(digits):
            return f"+{plan.calling}{digits}"
        return None if numbering.may_have(digits) else INVALID
    if plan.transforms and written.lastindex is not None and written.group(written.re.groups) is not None:
        return None
    bare = digits[written.end() :]
    if plan.calling == NORTH_AMERICAN and plan.prefix.match(bare):
        return None  # its trunk prefix and calling code are the same 1, and the library may strip both
    if plan.general.fits(bare) and numbering.has(bare):
        return f"+{plan.calling}{bare}"
    return None if numbering.may_have(bare) or numbering.may_have(digits) else INVALID


@dataclass(frozen=True)
class Pattern:
    """Digits that match, of lengths that are possible."""

    digits: re.Pattern[str]
    lengths: frozenset[int]

    def fits(self, nsn: str) -> bool:
        return len(nsn) in self.lengths and self.digits.fullmatch(nsn) is not None


@dataclass(frozen=True)
class Plan:
    """How one region writes its numbers."""

    calling: str
    prefix: re.Pattern[str] | None  # what may stand before a national number and is taken off
    transforms: bool  # where its last group matched, the library rewrites the number instead
    dial_out: re.Pattern[str]
    dials_out_with_00: bool
    general: Pattern


@dataclass(frozen=True)
class _Region:
    """The types of number of one region; `leading` where the region is told by its first digits alone."""

    leading: re.Pattern[str] | None
    general: Pattern
    types: tuple[Pattern, ...]

    def has(self, nsn: str) -> bool:
        return self.general.fits(nsn) and any(kind.fits(nsn) for kind in self.types)


@dataclass(frozen=True)
class Numbering:
    """The regions that share one calling code."""

    led: tuple[_Region, ...]
    free: tuple[_Region, ...]
    leading: re.Pattern[str]
    any_type: re.Pattern[str]

    def has(self, nsn: str) -> bool:
        """Valid in the region the library looks at, in whatever order it asks them."""
        if self.leading.match(nsn):
            leaders = [region for region in self.led if region.leading and region.leading.match(nsn)]
            return len(leaders) == 1 and leaders[0].has(nsn)
        return any(region.has(nsn) for region in self.free)

    def may_have(self, nsn: str) -> bool:
        """Some region has such numbers, whichever the library would ask."""
        if not self.any_type.fullmatch(nsn):
            return False
        return any(kind.fits(nsn) for region in (*self.free, *self.led) for kind in region.types)


@cache
def plan_of(region: str) -> Plan | None:
    metadata = _metadata(region)
    if metadata is None or metadata.country_code is None:
        return None
    prefix, dial_out = metadata.national_prefix_for_parsing, metadata.international_prefix
    return Plan(
        calling=str(metadata.country_code),
        prefix=re.compile(prefix) if prefix else None,
        transforms=bool(metadata.national_prefix_transform_rule),
        dial_out=re.compile(dial_out or r"(?!)"),
        dials_out_with_00=dial_out == "00",
        general=_general(metadata),
    )


@cache
def numbering_of(calling: int) -> Numbering:
    plans = [
        metadata for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[calling] if (metadata := _metadata(region))
    ]
    several = len(plans) > 1
    regions = [_region(metadata, led=several and metadata.leading_digits is not None) for metadata in plans]
    patterns = {desc.national_number_pattern or r"(?!)" for metadata in plans for desc in _descriptions(metadata)}
    return Numbering(
        led=tuple(region for region in regions if region.leading),
        free=tuple(region for region in regions if not region.leading),
        leading=_any([region.leading.pattern for region in regions if region.leading]),
        any_type=_any(sorted(patterns)),
    )


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")


def _region(metadata: PhoneMetadata, *, led: bool) -> _Region:
    by_lengths: dict[frozenset[int], list[PhoneNumberDesc]] = defaultdict(list)
    for desc in _descriptions(metadata):
        by_lengths[_lengths(desc) or _general(metadata).lengths].append(desc)
    return _Region(
        leading=re.compile(metadata.leading_digits) if led and metadata.leading_digits else None,
        general=_general(metadata),
        types=tuple(_pattern(descriptions, lengths) for lengths, descriptions in by_lengths.items()),
    )


def _general(metadata: PhoneMetadata) -> Pattern:
    desc = metadata.general_desc
    return _pattern([desc], _lengths(desc)) if desc else Pattern(_any([]), frozenset())


def _descriptions(metadata: PhoneMetadata) -> list[PhoneNumberDesc]:
    described = (getattr(metadata, kind) for kind in _TYPES)
    return [desc for desc in described if desc is not None and desc.national_number_pattern]


def _lengths(desc: PhoneNumberDesc) -> frozenset[int]:
    return frozenset(length for length in desc.possible_length if length > 0)


def _pattern(descriptions: list[PhoneNumberDesc], lengths: frozenset[int]) -> Pattern:
    return Pattern(_any([desc.national_number_pattern or r"(?!)" for desc in descriptions]), lengths)


@cache
def _metadata(region: str) -> PhoneMetadata | None:
    return PhoneMetadata.metadata_for_region(region, None)


def calling_code(digits: str) -> str | None:
    """The calling code of a country at the beginning; codes of no country (800, 870 …) are not settled here."""
    if digits.startswith("0"):
        return None
    for length in (1, 2, 3):
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length] or 0))
        if regions:
            return digits[:length] if regions != ("001",) else None
    return None
