"""What kind of values a column holds, guessed from its heading and from the shape of its data."""

from collections.abc import Callable

import polars as pl

from dataquality.engine.countries import iso2
from dataquality.engine.headings import kinds_of_heading
from dataquality.engine.identifiers import GUID_PATTERN, SALESFORCE_PATTERN
from dataquality.engine.kinds import Kind
from dataquality.engine.parse import NULL_TOKENS, DateTally, NumberTally, parse_booleans
from dataquality.engine.rules.emails import plain_email
from dataquality.engine.rules.links import plain_domain, plain_url

__all__ = ["Kind", "guess_kind"]

_SAMPLE = 2_000  # distinct values looked at; the shape of a column shows in fewer
_STREET_WORDS = (
    r"(?i)\b(?:street|st\.?|road|rd\.?|avenue|ave\.?|lane|drive|blvd|strasse|straße|str\.|weg|platz|allee|gasse|rue|"
    r"boulevard|place|chemin|calle|avenida|plaza|paseo)\b|(?:strasse|straße|str\.|weg|gasse|platz) ?[0-9]|[路街道]"
)


def guess_kind(heading: str, values: pl.Series) -> tuple[Kind, float]:
    """The likeliest kind of a column and how sure that is, 0 to 1.

    A heading counts for much where the data fits it, little where it does not; data of a telling shape (addresses,
    ids, dates, countries) is believed over the heading.
    """
    named = kinds_of_heading(heading)
    text = values.cast(pl.String).str.strip_chars()
    filled = text.filter((text != "").fill_null(value=False))
    filled = filled.filter(~filled.str.to_lowercase().is_in(list(NULL_TOKENS)))
    if not len(filled):
        return (named[0], 0.6) if named else (Kind.TEXT, 0.1)
    shape = _Shape(filled)
    if Kind.IDENTIFIER in named or Kind.POINTER in named:
        guess = _key_or_pointer(named, shape)
        if guess:
            return guess
    scored = [
        (0.45 + 0.5 * shape.fits(kind) - 0.05 * place, kind)
        for place, kind in enumerate(named)
        if shape.fits(kind) >= 0.5
    ]
    if scored:
        sure, kind = max(scored, key=lambda each: each[0])
        telling, fit = shape.telling()
        if telling and telling not in named and _CONTRADICTS.get(telling, frozenset()) & {kind} and fit >= 0.8:
            return telling, 0.7
        return shape.refined(kind), round(sure, 2)
    telling, fit = shape.telling()
    if telling:
        return shape.refined(telling), round((0.85 if not named else 0.65) * fit, 2)
    if named and not shape.figures:  # the heading alone, against data that does not show it
        return (Kind.TEXT, 0.35)
    return shape.plain()


# A telling shape that overrules a heading of these kinds: `office_location` full of countries holds countries.
_CONTRADICTS = {
    Kind.COUNTRY: frozenset({Kind.CHOICE, Kind.TEXT, Kind.REGION, Kind.CITY, Kind.STREET, Kind.COMPANY}),
    Kind.EMAIL: frozenset(
        {Kind.TEXT, Kind.PERSON, Kind.CHOICE, Kind.COMPANY, Kind.IDENTIFIER, Kind.STREET, Kind.POINTER}
    ),
    Kind.URL: frozenset({Kind.TEXT, Kind.COMPANY, Kind.CHOICE}),
    Kind.DATE: frozenset({Kind.TEXT, Kind.CHOICE, Kind.COMPANY}),
    Kind.IDENTIFIER: frozenset({Kind.TEXT, Kind.COMPANY, Kind.CHOICE, Kind.PERSON}),
}


def _key_or_pointer(named: list[Kind], shape: "_Shape") -> tuple[Kind, float] | None:
    """An id column tells rows apart, a pointer repeats; a heading with `id` in it may be either."""
    first = named[0]
    if first not in {Kind.IDENTIFIER, Kind.POINTER} or shape.share(_EMAIL) >= 0.5:
        return None
    if shape.id_shaped:
        return (Kind.IDENTIFIER, 0.95) if shape.all_differ else (Kind.POINTER, 0.9)
    if first is Kind.POINTER:
        return (Kind.POINTER, 0.75)
    return (Kind.IDENTIFIER, 0.85) if shape.all_differ else (Kind.IDENTIFIER, 0.5)


Test = Callable[[pl.Series], pl.Series]


def _matches(pattern: str) -> Test:
    return lambda text: text.str.contains(pattern)


def _by_expression(settled: Callable[[pl.Expr], pl.Expr]) -> Test:
    return lambda text: text.to_frame("text").select(settled(pl.col("text"))).to_series()


_EMAIL = _matches(r"^[^\s@]+@[^\s@]+\.[^\s@]+$")
_URL = _matches(r"(?i)^(?:https?://|www\.)\S+$")
_TESTS: dict[Kind, Test] = {
    Kind.EMAIL: lambda text: _EMAIL(text) | _by_expression(plain_email)(text),
    Kind.URL: lambda text: _URL(text) | _by_expression(plain_url)(text),
    Kind.DOMAIN: _by_expression(plain_domain),
    Kind.PHONE: _matches(r"^(?:\+|00)?[(]?[0-9][0-9 ().\-/]{5,20}(?:\s*(?:x|ext\.?)\s*[0-9]+)?$"),
    Kind.POSTCODE: _matches(
        r"(?i)^(?:[0-9]{3,6}|[0-9]{2,5}[ -][0-9]{2,4}|[0-9]{5}-[0-9]{4}|[a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2}|"
        r"[a-z][0-9][a-z] ?[0-9][a-z][0-9]|[0-9]{4} ?[a-z]{2}|[a-z]{1,2}-?[0-9]{4,5})$"
    ),
    Kind.COUNTRY: lambda text: pl.Series([iso2(value) is not None for value in text.to_list()], dtype=pl.Boolean),
    Kind.CURRENCY: _matches(r"^(?:[A-Za-z]{3}|\p{Sc}|[A-Z]{1,2}\$)$"),
    Kind.STREET: lambda text: text.str.contains(_STREET_WORDS) | text.str.contains(r"\p{L}.*[0-9]|[0-9].*\p{L}"),
    Kind.PERCENT: _matches(r"^[0-9.,]+ ?%?$"),
    Kind.BOOLEAN: lambda text: parse_booleans(text).is_not_null(),
    Kind.IDENTIFIER: _matches(r"^[A-Za-z0-9{][A-Za-z0-9_.:/{}-]{0,63}$"),
    Kind.GIVEN: _matches(r"^[^0-9@/]{1,60}$"),
    Kind.FAMILY: _matches(r"^[^0-9@/]{1,60}$"),
    Kind.PERSON: _matches(r"^[^0-9@/]{2,90}$"),
    Kind.CITY: _matches(r"^[^0-9@]{1,80}$"),
    Kind.REGION: _matches(r"^[^@]{1,60}$"),
    Kind.COMPANY: _matches(r"\p{L}"),
    Kind.CHOICE: _matches(r"^.{1,80}$"),
    Kind.POINTER: _matches(r"^.{1,120}$"),
    Kind.TEXT: _matches(r"(?s)."),
}


class _Shape:
    """What a column's non-blank values look like."""

    def __init__(self, filled: pl.Series) -> None:
        self.n = len(filled)
        self.distinct = filled.unique(maintain_order=True)
        self.all_differ = len(self.distinct) == self.n
        self.sample = self.distinct.head(_SAMPLE)
        self.guid = self.share(_matches(GUID_PATTERN)) >= 0.95
        lettered = (
            self.sample.str.contains(SALESFORCE_PATTERN)
            & self.sample.str.contains("[0-9]")
            & self.sample.str.contains("[A-Za-z]")
        )
        self.id_shaped = self.guid or float(lettered.mean() or 0.0) >= 0.95  # type: ignore[arg-type]
        dates, numbers = DateTally(), NumberTally()
        dates.add(self.sample)
        numbers.add(self.sample)
        self.date_format, self.number_format = dates.decide(), numbers.decide()
        self.figures = self.number_format.share >= 0.9

    def share(self, test: Test) -> float:
        return float(test(self.sample).fill_null(value=False).mean() or 0.0)  # type: ignore[arg-type]

    def fits(self, kind: Kind) -> float:
        if kind in {Kind.DATE, Kind.DATETIME}:
            return self.date_format.share
        if kind in {Kind.NUMBER, Kind.INTEGER, Kind.MONEY}:
            return self.number_format.share
        if kind is Kind.CHOICE and self.all_differ and self.n > 20:
            return 0.4
        return self.share(_TESTS[kind])

    def telling(self) -> tuple[Kind | None, float]:
        """The kind that the data shows by itself, and how many of its values do."""
        if self.id_shaped:
            return (Kind.IDENTIFIER if self.all_differ else Kind.POINTER), 1.0
        for kind in (Kind.EMAIL, Kind.URL, Kind.DATE):
            fit = self.fits(kind)
            if fit >= 0.8 and not (kind is Kind.DATE and self.figures):
                return (Kind.DOMAIN if kind is Kind.URL and self.share(_TESTS[Kind.DOMAIN]) >= 0.9 else kind), fit
        if not self.figures:
            country = self.share(_TESTS[Kind.COUNTRY])
            if country >= 0.8 and (len(self.distinct) > 2 or self.share(_matches(r".{4,}")) > 0.5):
                return Kind.COUNTRY, country
            phone = self.share(_matches(r"^(?:\+|00|\(|0)[0-9 ().\-/]{6,22}$"))
            if phone >= 0.8:
                return Kind.PHONE, phone
        boolean = self.share(_TESTS[Kind.BOOLEAN])
        if boolean == 1.0 and len(self.distinct) <= 2 and self.n > 2:
            return Kind.BOOLEAN, boolean
        return None, 0.0

    def refined(self, kind: Kind) -> Kind:
        """Date or moment, and whole or broken number, as the data has it."""
        if kind in {Kind.DATE, Kind.DATETIME}:
            return Kind.DATETIME if self.date_format.has_time else Kind.DATE
        if kind is Kind.INTEGER and self.sample.str.contains(r"[.,][0-9]{1,2}$").any():
            return Kind.NUMBER
        return kind

    def plain(self) -> tuple[Kind, float]:
        """Without any hint: numbers, a few repeated words, or text."""
        if self.figures:
            broken = self.sample.str.contains(r"[.,][0-9]{1,2}$").any()
            return (Kind.NUMBER if broken else Kind.INTEGER), 0.5
        if len(self.distinct) <= 30 and self.n >= 4 * len(self.distinct):
            return Kind.CHOICE, 0.5
        return Kind.TEXT, 0.3
