"""A chart as data: what `{% chart %}` draws, and the table twin that says the same in figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from crm_adoption.kit import words

Kind = Literal["bar", "line", "stacked", "wheel"]
KINDS = ("bar", "line", "stacked", "wheel")
Value = float | int | None


@dataclass(frozen=True)
class Series:
    """One named row of values, as long as the categories; `line` makes it a line among bars, `dashed` a target."""

    name: str
    values: Sequence[Value]
    line: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class Chart:
    """A small declarative chart. `unit` "%" means that values are rates from 0 to 1; `limit` draws a dashed line.

    `wheel` draws one spoke per category from 0 to `maximum`; its second series is drawn as a line on each spoke.
    """

    kind: Kind
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    limit: float | None = None
    limit_label: str = ""
    horizontal: bool = False
    maximum: float | None = None
    head: str = ""
    links: Sequence[str] = field(default=())

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"A chart is one of {', '.join(KINDS)}, not {self.kind!r}.")
        for series in self.series:
            if len(series.values) != len(self.categories):
                raise ValueError(f"Series {series.name!r} has {len(series.values)} values for {len(self.categories)}.")

    def options(self) -> dict[str, Any]:
        """What charts.js reads, in JSON's types."""
        return {
            "kind": self.kind,
            "categories": [str(category) for category in self.categories],
            "series": [
                {"name": str(s.name), "values": [self._plain(v) for v in s.values], "line": s.line, "dashed": s.dashed}
                for s in self.series
            ],
            "unit": self.unit,
            "limit": self._plain(self.limit),
            "limitLabel": str(self.limit_label),
            "horizontal": self.horizontal,
            "maximum": self._plain(self.maximum),
            "links": [str(link) for link in self.links],
        }

    def rows(self) -> list[tuple[str, str, list[str]]]:
        """The table twin: category, its link, and the values as they are said."""
        links = list(self.links) or [""] * len(self.categories)
        return [
            (str(category), links[place], [self.say(series.values[place]) for series in self.series])
            for place, category in enumerate(self.categories)
        ]

    def say(self, value: Value) -> str:
        if self.unit == "%":
            return words.percent(value)
        said = words.number(value)
        return f"{said} {self.unit}" if self.unit and value is not None else said

    def _plain(self, value: Any) -> float | int | None:
        return value if value is None or isinstance(value, int) else float(value)


def chart_of(spec: Mapping[str, Any]) -> Chart:
    """The same from a dictionary: {type, categories, series: [{name, values}], unit, limit, ...}."""
    known = dict(spec)
    known["kind"] = known.pop("type", known.get("kind"))
    known["series"] = [s if isinstance(s, Series) else Series(**s) for s in known["series"]]
    return Chart(**known)
