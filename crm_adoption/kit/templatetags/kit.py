"""`{% load kit %}`: the parts pages are made of. docs/how-to/pages.md shows each in use."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm_adoption.kit import drawing, words
from crm_adoption.kit.charts import Chart, chart_of

register = template.Library()
SIGNS = re.compile(r"(?<=[@_/.\-])(?=\w)")


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A Tabler icon of the sprite; silent unless it has a label."""
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    extra = f" {css}" if css else ""
    return format_html(
        '<svg class="icon{}" {} focusable="false"><use href="{}#{}"></use></svg>',
        extra, voice, static("vendor/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def badge(state: object, text: object = "") -> SafeString:
    """A state as colour, icon and text: `{% badge "failed" %}`, `{% badge job.state job.get_state_display %}`."""
    tone = words.tone_of(state)
    said = text or str(state).replace("_", " ")
    return format_html('<span class="state state-{}">{}{}</span>', tone.name, icon(tone.icon), said)


@register.inclusion_tag("kit/_meter.html")
def meter(
    value: float | None,
    limit: float | None = None,
    label: str = "",
    *,
    sample: int | None = None,
    maximum: float | None = None,
    more_is_better: bool = False,
) -> dict[str, Any]:
    """A rate from 0 to 1 against its limit. None says "no evidence yet"."""
    if value is None:
        return {"none": True, "label": label}
    drawn = drawing.meter(float(value), None if limit is None else float(limit), maximum=maximum,
                          more_is_better=more_is_better)  # fmt: skip
    says = words.percent(value)
    if sample is not None:
        says = _("%(rate)s of %(sample)s") % {"rate": says, "sample": words.number(sample)}
    allowed = ""
    if limit is not None:
        word = _("target %(rate)s") if more_is_better else _("limit %(rate)s")
        allowed = word % {"rate": words.percent(limit)}
    return {"drawn": drawn, "says": says, "allowed": allowed, "label": label}


@register.inclusion_tag("kit/_trend.html")
def trend(values: Sequence[float | None], label: str, limit: float | None = None) -> dict[str, Any]:
    """A sparkline; its label says in words what the line shows."""
    return {"drawn": drawing.trend(list(values), limit), "label": label}


@register.inclusion_tag("kit/_chart.html")
def chart(question: str, spec: Chart | Mapping[str, Any], *, key: str = "chart", size: str = "") -> dict[str, Any]:
    """A chart under the question it answers, with the same figures as a table. `key` is unique on the page."""
    known = spec if isinstance(spec, Chart) else chart_of(spec)
    drawn = json.dumps(known.options(), ensure_ascii=False)  # for an attribute: htmx swaps in no scripts
    return {"question": question, "chart": known, "key": key, "size": size, "options": drawn,
            "said_limit": known.say(known.limit)}  # fmt: skip


@register.inclusion_tag("kit/_sealed.html")
def sealed(
    title: object,
    shape: str = "bars",
    *,
    reasons: Sequence[object] = (),
    links: Sequence[tuple[str, str]] = (),
    says: str = "",
) -> dict[str, Any]:
    """A report that may not be shown: its shape without any figure, what locks it, and the way to open it.

    `reasons` are sentences or (sentence, url); `links` are (label, url); `shape` is bars, line, table or ring.
    """
    told = [(r[0], r[1]) if isinstance(r, (tuple, list)) else (r, "") for r in reasons]
    return {"title": title, "shape": shape, "reasons": told, "links": links, "says": says,
            "shelves": (6, 24, 42, 60)}  # fmt: skip


@register.inclusion_tag("kit/_figure_n.html")
def figure_n(
    value: Any,
    unit: str = "",
    *,
    label: str = "",
    sample: int | None = None,
    of: str = "",
    on: date | datetime | None = None,
    digits: int | None = None,
    change: str = "",
) -> dict[str, Any]:
    """A figure with its unit, its sample ("n = 8,800 `of`") and its day; a dash and the words where there is none.

    With the unit "%" the value is a rate from 0 to 1.
    """
    if unit == "%":
        said, unit = words.percent(value, 1 if digits is None else digits), ""
    else:
        said = value if isinstance(value, str) else words.number(value, digits)
    return {"said": said, "none": value is None, "unit": unit, "label": label, "of": of, "on": on, "change": change,
            "sample": None if sample is None else words.number(sample)}  # fmt: skip


@register.inclusion_tag("kit/_empty.html")
def empty(title: str, sentence: str = "", *, icon: str = "inbox", url: str = "", action: str = "") -> dict[str, Any]:
    """An empty page teaches: what belongs here, why it matters, one button."""
    return {"title": title, "sentence": sentence, "icon": icon, "url": url, "action": action}


@register.inclusion_tag("kit/_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One form field: label, control in our look, hint, errors."""
    widget = bound.field.widget
    single_tick = isinstance(widget, forms.CheckboxInput)
    ticks = isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    grouped = ticks or isinstance(widget, forms.MultiWidget)
    css = "form-control"
    if single_tick or ticks:
        css = "form-check-input"
    elif isinstance(widget, forms.Select):
        css = "form-select"
    if bound.errors:
        css += " is-invalid"
    had = f"{widget.attrs['class']} " if widget.attrs.get("class") else ""
    context = {"field": bound, "single_tick": single_tick, "grouped": grouped}
    if ticks:
        return context | {"choices": _choices(bound, had + css)}
    return context | {"widget": bound.as_widget(attrs={"class": had + css})}


def _choices(bound: BoundField, css: str) -> list[BoundWidget]:
    """One control for each choice; Django's own rendering would give their look to the list around them as well."""
    widget = bound.field.widget
    attrs = bound.build_widget_attrs({"id": bound.auto_id, "class": css}, widget)
    made = widget.subwidgets(bound.html_name, bound.value(), attrs=attrs)
    return [BoundWidget(widget, data, bound.form.renderer) for data in made]


@register.inclusion_tag("kit/_timeline.html")
def timeline(entries: Sequence[Any]) -> dict[str, Any]:
    """What happened, newest first: a sequence of `kit.pages.Entry`."""
    return {"entries": entries}


@register.inclusion_tag("kit/_sortable.html", takes_context=True)
def sortable(context: Mapping[str, Any], name: str, label: object, css: str = "") -> dict[str, Any]:
    """A heading that sorts, for pages that offer `?sort=`: first click up, second down."""
    request: HttpRequest = context["request"]
    now = context.get("sort") or request.GET.get("sort", "")
    query = request.GET.copy()
    query.pop("cursor", None)
    query["sort"] = f"-{name}" if now == name else name
    way = {name: "ascending", f"-{name}": "descending"}.get(now, "")
    return {"label": label, "url": f"?{query.urlencode()}", "way": way, "css": css}


@register.filter
def percent(rate: float | None, digits: int = 1) -> str:
    """0.0731 -> "7.3 %"."""
    return words.percent(rate, digits)


@register.filter
def number(value: Any, digits: int | None = None) -> str:
    """8800 -> "8,800" in the reader's language."""
    return words.number(value, digits)


@register.filter
def ago(moment: date | datetime | None) -> SafeString | str:
    """Relative, exact on hover; a dash for never."""
    if moment is None:
        return "–"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', moment.isoformat(), words.exact(moment), words.ago(moment)
    )


@register.filter
def breakable(text: object) -> SafeString:
    """A long name or address that may go on in the next line after its signs, and not in the middle of a word."""
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in SIGNS.split(str(text))))


@register.filter
def initials(person: object) -> str:
    """At most two letters that stand for a name."""
    parts = str(person).replace("@", " ").split()
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()


@register.filter
def same_site(address: str | None, request: HttpRequest) -> str:
    """The page somebody came from, if it is one of ours; else the first page."""
    parts = urlsplit(address or "")
    if parts.netloc == request.get_host() and parts.path.startswith("/"):
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return "/"
