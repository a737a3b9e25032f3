"""Dates with month names, East Asian signs, other digits or a named time zone, brought to plain figures."""

import re
import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MONTH_NAMES = (
    "jan january januar janvier janv enero ene jän jänner jaenner",
    "feb february februar février fevrier févr fév febrero",
    "mar march märz maerz mär mrz mars marzo",
    "apr april avril avr abril abr",
    "may mai mayo",
    "jun june juni juin junio",
    "jul july juli juillet juil julio",
    "aug august août aout agosto ago",
    "sep sept september septembre septiembre",
    "oct october oktober okt octobre octubre",
    "nov november novembre noviembre",
    "dec december dezember dez décembre decembre déc diciembre dic",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_WEEKDAY = re.compile(
    r"^(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|dom)"
    r"[^\W\d]*\.?,?\s+(?=\S*\d)",
    re.IGNORECASE,
)
_EAST_ASIAN = re.compile(r"^(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号일]?\s*")
_DAY_NAME_YEAR = re.compile(
    r"^(\d{1,2})(?:\.|st|nd|rd|th)?[\s/-]*(?:de )?([^\W\d]+)\.?,?[\s/-]*(?:de )?(\d{4}|\d{2})(?=$|[\sT,])"
)
_NAME_DAY_YEAR = re.compile(r"^([^\W\d]+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?=$|[\sT,])")
_NAMED_ZONE = re.compile(r"^(.*\d)\s+([A-Z][A-Za-z]+/[A-Za-z_/+-]+)$")
_LOCAL = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{2})(?::(\d{2}))?$")


def plain_date(text: str) -> tuple[str, bool]:
    """The same date in ASCII figures, year first where it was worded; and whether its hour occurs twice that day.

    Text that is no date comes back as it was, normalised.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    text = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    text = _WEEKDAY.sub("", text)
    text = _EAST_ASIAN.sub(r"\1-\2-\3 ", text).rstrip()
    if match := _DAY_NAME_YEAR.match(text):
        day, name, year = match.groups()
    elif match := _NAME_DAY_YEAR.match(text):
        name, day, year = match.groups()
    else:
        return _in_utc(text)
    month = _MONTHS.get(name.casefold())
    if month is None:
        return text, False
    if len(year) == 2:
        year = ("19" if int(year) >= 70 else "20") + year
    return _in_utc(f"{year}-{month:02}-{int(day):02}{text[match.end() :]}")


def _in_utc(text: str) -> tuple[str, bool]:
    """A local time with a named zone as UTC; of an hour that the clock change repeats, the first is taken."""
    zoned = _NAMED_ZONE.match(text)
    local = zoned and _LOCAL.match(zoned[1])
    if not zoned or not local:
        return text, False
    try:
        zone = ZoneInfo(zoned[2])
        moment = datetime(*(int(part or 0) for part in local.groups()), tzinfo=zone)  # type: ignore[arg-type,misc]
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return text, False
    first, second = moment.utcoffset(), moment.replace(fold=1).utcoffset()
    twice = first is not None and second is not None and first > second
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") + "Z", twice
