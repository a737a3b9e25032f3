"""Single identifiers, choices, texts and days: what `standardise.values` does to columns."""

from datetime import date

from dataquality.engine.standardise.few.signs import has, replaced
from dataquality.engine.standardise.few.text import Cell, plain, stripped, without
from dataquality.engine.standardise.values import ISO, NO_DAY, NOTHING

_FIRST = date(1970, 1, 1).toordinal()


def identifier(value: Cell) -> Cell:
    """As `values.identifier_parts`."""
    text = without(plain(value), NOTHING)
    code = None if text is None else replaced(text, r"[^\p{L}\p{N}]+", "").upper()
    return code if code and code.strip("0") else None


def choice(value: Cell) -> Cell:
    """As `values.choice_parts`."""
    text = without(plain(value), NOTHING)
    return None if text is None else replaced(text, r"[\s_-]+", " ").strip(" ")


def text_parts(value: Cell) -> dict[str, Cell]:
    """As `values.text_parts`."""
    text = without(plain(value), NOTHING)
    text = None if text is None else replaced(replaced(text, "['’]", ""), r"[^\p{L}\p{M}\p{N}]+", " ").strip(" ")
    return {"text": text or None, "tokens": " ".join(sorted(set(text.split(" ")))) if text else None}


class NotPlain(ValueError):
    """A day that needs its whole column to be read."""


def day_parts(value: Cell) -> dict[str, int | str | None]:
    """As `values.day_parts`, of days that are written year first."""
    text = stripped(value)
    if text is None:
        return {"day": None, "ymd": None}
    figures = text[:10].replace("-", "") if has(text, ISO) else text if has(text, "^[0-9]{8}$") else ""
    try:
        day = date(int(figures[:4]), int(figures[4:6]), int(figures[6:]))
    except ValueError as error:
        raise NotPlain from error
    if day.isoformat() in NO_DAY:
        return {"day": None, "ymd": None}
    return {"day": day.toordinal() - _FIRST, "ymd": figures}
