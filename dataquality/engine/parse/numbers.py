"""Amounts as exports write them: decimal comma or point decided for the whole column, exact decimals out."""

import json
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Literal, Self, cast

import polars as pl

EXACT = pl.Decimal(18, 4)  # fourteen digits before the point: any amount, count or rate of a CRM

_SPACES = " \u00a0\u2009\u202f"
_POINT = r"^[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3})(?:\.[0-9]*)?$|^[+-]?\.[0-9]+$"
_COMMA = r"^[+-]?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,[0-9]*)?$|^[+-]?,[0-9]+$"
_EXPONENT = r"^[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{1,3}$"
_SETTLES_POINT = r"\.[0-9]*$"
_EITHER = r"^[+-]?[0-9]{1,3}[.,][0-9]{3}$"


@dataclass(frozen=True)
class NumberFormat:
    """How a column of numbers is to be read; `ambiguous` when no value settles what `1,234` means, or values clash."""

    decimal: Literal[".", ","]
    group: str
    share: float  # of the non-blank values that parse
    ambiguous: bool

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls(**json.loads(text))


@dataclass
class NumberTally:
    """What a column's numbers look like so far, chunk by chunk; tallies of two parts of a file can be merged."""

    filled: int = 0
    point: int = 0  # readable with a decimal point
    comma: int = 0  # readable with a decimal comma
    only_point: int = 0
    only_comma: int = 0
    either: int = 0  # readable both ways, to different amounts
    groups: dict[str, int] = field(default_factory=dict)

    def add(self, values: pl.Series) -> None:
        text = values.cast(pl.String).str.strip_chars()
        counted = text.filter((text != "").fill_null(value=False)).value_counts(name="n")
        original = counted.to_series(0)
        read = _bare(original).alias("bare").to_frame().hstack([counted.get_column("n")])
        point = pl.col("bare").str.contains(_POINT) | pl.col("bare").str.contains(_EXPONENT)
        comma = pl.col("bare").str.contains(_COMMA)
        marked = pl.col("bare").str.contains("[.,]")
        sums = read.select(
            filled=pl.col("n").sum(),
            point=pl.col("n").filter(point).sum(),
            comma=pl.col("n").filter(comma).sum(),
            only_point=pl.col("n").filter(point & ~comma & marked).sum(),
            only_comma=pl.col("n").filter(comma & ~point & marked).sum(),
            either=pl.col("n").filter(pl.col("bare").str.contains(_EITHER)).sum(),
        ).row(0, named=True)
        for name, value in sums.items():
            setattr(self, name, getattr(self, name) + int(value or 0))
        for sign, n in _groups_seen(original, counted.get_column("n")).items():
            self.groups[sign] = self.groups.get(sign, 0) + n

    def merge(self, other: "NumberTally") -> None:
        for name in ("filled", "point", "comma", "only_point", "only_comma", "either"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for sign, n in other.groups.items():
            self.groups[sign] = self.groups.get(sign, 0) + n

    def decide(self) -> NumberFormat:
        """The reading that most values support; the point where nothing settles it, and that is said."""
        decimal: Literal[".", ","] = "," if self.only_comma > self.only_point else "."
        clash = self.only_point > 0 and self.only_comma > 0
        unsettled = not self.only_point and not self.only_comma and self.either > 0
        fitting = {sign: n for sign, n in self.groups.items() if sign != decimal}
        parsed = self.point if decimal == "." else self.comma
        return NumberFormat(
            decimal=decimal,
            group=max(fitting, key=lambda sign: fitting[sign]) if fitting else "",
            share=parsed / self.filled if self.filled else 0.0,
            ambiguous=clash or unsettled,
        )


def parse_numbers(values: pl.Series, fmt: NumberFormat) -> pl.Series:
    """Exact decimals with four places; null where blank, unreadable, infinite, not a number or too large."""
    return _read(values, fmt).get_column("number")


def number_codes(values: pl.Series, fmt: NumberFormat) -> pl.DataFrame:
    """`code` and `suggestion` per cell, null where blank or readable.

    Codes: number_other_format (reads only with the other decimal sign), number_too_large, number_unreadable.
    """
    return _read(values, fmt).select(
        code=pl.when(pl.col("filled") & pl.col("number").is_null()).then(
            pl.when(pl.col("fits"))
            .then(pl.lit("number_too_large"))
            .when(pl.col("fits_other"))
            .then(pl.lit("number_other_format"))
            .otherwise(pl.lit("number_unreadable"))
        ),
        suggestion=pl.lit(None, dtype=pl.String),
    )


def _read(values: pl.Series, fmt: NumberFormat) -> pl.DataFrame:
    text = values.cast(pl.String).str.strip_chars()
    bare = _bare(text)
    here, there = (_POINT, _COMMA) if fmt.decimal == "." else (_COMMA, _POINT)
    exponent = bare.str.contains(_EXPONENT).fill_null(value=False)
    if exponent.any():
        spelled = {value: _spelled_out(value) for value in bare.filter(exponent).unique().to_list()}
        bare = bare.replace_strict(spelled, default=bare, return_dtype=pl.String)
    frame = pl.DataFrame({"text": text, "bare": bare, "exponent": exponent}).with_columns(
        filled=(pl.col("text") != "").fill_null(value=False),
        fits=(pl.col("bare").str.contains(here) | pl.col("exponent")).fill_null(value=False),
        fits_other=pl.col("bare").str.contains(there).fill_null(value=False),
    )
    spelled_out = pl.when(pl.col("exponent")).then(pl.col("bare"))
    if fmt.decimal == ".":
        plain = spelled_out.otherwise(pl.col("bare").str.replace_all(",", "", literal=True))
    else:
        marked = pl.col("bare").str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        plain = spelled_out.otherwise(marked)
    padded = plain.str.replace(r"\.$", "").str.replace(r"^([+-]?)\.", "${1}0.").str.replace(r"^\+", "")
    return frame.with_columns(number=pl.when("fits").then(padded).cast(EXACT, strict=False))


def _bare(text: pl.Series) -> pl.Series:
    """The figure without currency, percent sign, spaces between groups or bracketed minus; digits of any script."""
    spacing = text.str.strip_chars()
    foreign = spacing.str.contains(r"[^\x00-\x7f]").fill_null(value=False)
    if foreign.any():
        spacing = pl.select(pl.when(foreign).then(spacing.str.normalize("NFKC")).otherwise(spacing)).to_series()
        spacing = spacing.str.replace_many(
            {chr(base + digit): str(digit) for base in (0x660, 0x6F0, 0x966) for digit in range(10)}
            | {"٫": ".", "٬": ",", "−": "-", "’": "'"}
        )
    bare = spacing.str.replace(r"^([+-]?)\s*(?:[A-Z]{1,3}\$|[A-Z]{3}|\p{Sc}|Fr\.|kr\.?)\s*", "$1")
    bare = bare.str.replace(r"\s*(?:[A-Z]{3}|\p{Sc}|kr\.?|%|元|円)$", "")
    bare = bare.str.replace(r"^\(\s*([0-9.,' ]+)\s*\)$", "-$1").str.replace(r"^([0-9.,' ]*[0-9])-$", "-$1")
    for _ in range(2):  # neighbouring groups share a digit, and there is no looking ahead
        bare = bare.str.replace_all(r"([0-9])[ '\u2009\u202f\u00a0]([0-9]{3})", "$1$2")
    return bare.str.replace(r"^([+-])\s+", "$1")


def _groups_seen(text: pl.Series, n: pl.Series) -> dict[str, int]:
    sign = text.str.extract(r"[0-9]([,.'’" + _SPACES + r"])[0-9]{3}(?:[^0-9]|$)")
    seen = pl.DataFrame({"sign": sign, "n": n}).drop_nulls().group_by("sign").agg(pl.col("n").sum())
    return {cast(str, name): int(count) for name, count in seen.iter_rows()}


def _spelled_out(text: str) -> str | None:
    """`1.5E+3` as `1500`; null past what a column can hold, so that `1e400` never reaches a chart."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return format(number, "f") if number.is_finite() and abs(number) < 10**14 else None
