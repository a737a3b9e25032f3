"""The programme as slides: native tables and a native chart, so that whoever presents may edit them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches, Length, Pt

from crm_adoption.kit import words
from crm_adoption.plan.handouts.facts import (
    Facts,
    action_words,
    clipped,
    day,
    effort_words,
    evidence_words,
    removes_words,
    status_words,
)

from_hex: Any = RGBColor.from_string  # pptx leaves these two without types
new_chart_data: Any = CategoryChartData
GREEN, INK, SOFT, RED, WHITE, SUNK = map(from_hex, ("0F5C4A", "1A2521", "4D5B55", "C0322B", "FFFFFF", "EFF2EF"))
WIDE, HIGH = Inches(13.333), Inches(7.5)
LEFT, TOP, WIDTH = Inches(0.6), Inches(1.45), Inches(12.13)
TITLE_ONLY = 5  # of the layouts python-pptx comes with
ROWS_SHOWN = 7
Cell = str | tuple[str, RGBColor]


def deck(facts: Facts) -> bytes:
    """Seven slides: title and risk, ingredients, their table, gates, reports, next actions, promises."""
    made = Presentation()
    made.slide_width, made.slide_height = WIDE, HIGH
    made.core_properties.title = facts.programme.name
    made.core_properties.author = "crm_adoption"
    _opening(made, facts)
    _wheel(made, facts)
    _ingredients(made, facts)
    _gates(made, facts)
    _reports(made, facts)
    _actions(made, facts)
    _promises(made, facts)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def _opening(made: Any, facts: Facts) -> None:
    slide = _slide(made, facts.programme.name)
    _text(slide, _("Risk that the programme fails"), TOP, Inches(0.5), size=18, colour=SOFT)
    _text(slide, facts.risk_words, Inches(1.95), Inches(1.3), size=66, colour=RED, bold=True)
    _text(slide, facts.risk_sentence, Inches(3.5), Inches(1.2), size=22)
    _text(slide, facts.programme.purpose, Inches(4.8), Inches(1.2), size=18, colour=SOFT)
    _text(slide, day(facts.today), Inches(6.7), Inches(0.4), size=12, colour=SOFT)


def _wheel(made: Any, facts: Facts) -> None:
    """Evidence beside claim as a radar; an ingredient without evidence leaves its place empty."""
    slide = _slide(made, _("What records say beside what people say"))
    states = facts.standing.ingredients
    chart_data = new_chart_data(number_format="0%")
    chart_data.categories = [str(state.ingredient) for state in states]
    chart_data.add_series(_("Evidence"), [state.score for state in states])
    chart_data.add_series(_("Claim"), [state.claim for state in states])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.RADAR_MARKERS, LEFT, TOP, WIDTH, Inches(5.6), chart_data)
    chart = frame.chart
    chart.has_title = False
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.RIGHT, False
    chart.font.size = Pt(12)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, 1
    for series, colour in zip(chart.plots[0].series, (GREEN, INK), strict=True):
        series.format.line.color.rgb = colour
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = colour
    frame._element.nvGraphicFramePr.cNvPr.set("descr", facts.risk_sentence)


def _ingredients(made: Any, facts: Facts) -> None:
    slide = _slide(made, _("The ten ingredients"))
    rows = [
        (str(one.ingredient), evidence_words(one), words.percent(one.claim, 0), status_words(one),
         f"{one.measured} / {len(one.checks)}")
        for one in facts.standing.ingredients
    ]  # fmt: skip
    head = (_("Ingredient"), _("Evidence"), _("Claim"), _("Status"), _("Checks measured"))
    _table(slide, head, rows, (4.2, 2.2, 1.6, 2.2, 1.93))


def _gates(made: Any, facts: Facts) -> None:
    slide = _slide(made, _("Gates: what is still missing"))
    rows: list[tuple[Cell, ...]] = []
    for one in facts.phases[:ROWS_SHOWN]:
        planned = [_("planned for %(day)s") % {"day": day(one.phase.planned_end)}] if one.phase.planned_end else []
        missing = [clipped(each.sentence, 120) for each in one.gate.missing[:2]]
        if len(one.gate.missing) > 2:
            missing.append(_("and %(n)s more") % {"n": len(one.gate.missing) - 2})
        rows.append((
            clipped(str(one.phase), 60), (one.state, GREEN if one.gate.may_open else RED),
            " · ".join([*planned, *filter(None, [one.sentence_of_forecast])]), "\n".join(missing),
        ))  # fmt: skip
    if not rows:
        _text(slide, _("No phase waits for its gate."), TOP, Inches(0.6), size=20)
        return
    _table(slide, (_("Phase"), _("Gate"), _("When"), _("What is missing")), rows, (2.6, 1.3, 2.9, 5.33), size=11)


def _reports(made: Any, facts: Facts) -> None:
    """A locked report is sealed: it says why, and no figure."""
    slide = _slide(made, _("What the reports say"))
    rows: list[tuple[Cell, ...]] = [
        (
            one.title,
            (_("sealed"), RED) if one.is_sealed else (_("open"), GREEN),
            "\n".join(clipped(each, 150) for each in (one.reasons if one.is_sealed else one.sentences)[:3]),
        )
        for one in facts.reports[:ROWS_SHOWN]
    ]
    _table(slide, (_("Report"), _("Gate"), _("What it says, or why it says nothing")), rows, (3.2, 1.3, 7.63))


def _actions(made: Any, facts: Facts) -> None:
    slide = _slide(made, _("Next best actions"))
    rows = [
        (str(one.state.ingredient), clipped(action_words(one), 100), removes_words(one), effort_words(one))
        for one in facts.actions[:ROWS_SHOWN]
    ]
    if not rows:
        _text(slide, _("Every ingredient is strong."), TOP, Inches(0.6), size=20)
        return
    head = (_("Ingredient"), _("What to do"), _("Risk"), _("Effort"))
    _table(slide, head, rows, (2.9, 4.6, 2.7, 1.93))


def _promises(made: Any, facts: Facts) -> None:
    slide = _slide(made, _("What was promised, and what people wait for"))
    said = [facts.promises_sentence, facts.answering_sentence, facts.cycle_sentence]
    _text(slide, "\n".join(said), TOP, Inches(1.3), size=18)
    rows = [(clipped(one.text, 130), day(one.due_on)) for one in facts.promises[:ROWS_SHOWN]]
    if rows:
        _table(slide, (_("Promise"), _("Due")), rows, (10.0, 2.13), top=Inches(2.9))


def _slide(made: Any, title: str) -> Any:
    slide = made.slides.add_slide(made.slide_layouts[TITLE_ONLY])
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = LEFT, Inches(0.4), WIDTH, Inches(0.9)
    frame = shape.text_frame
    frame.text, frame.vertical_anchor, frame.word_wrap = clipped(title, 80), MSO_ANCHOR.MIDDLE, True
    line = frame.paragraphs[0]
    line.font.size, line.font.bold, line.font.color.rgb = Pt(32), True, GREEN
    line.alignment = 1
    return slide


def _text(
    slide: Any, words_: str, top: Length, height: Length, *, size: int, colour: RGBColor = INK, bold: bool = False
) -> None:
    if not words_:
        return
    frame = slide.shapes.add_textbox(LEFT, top, WIDTH, height).text_frame
    frame.word_wrap, frame.text = True, words_
    for line in frame.paragraphs:
        line.font.size, line.font.bold, line.font.color.rgb = Pt(size), bold, colour


def _table(
    slide: Any, head: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[float], *, top: Length = TOP,
    size: int = 13,
) -> None:  # fmt: skip
    frame = slide.shapes.add_table(len(rows) + 1, len(head), LEFT, top, WIDTH, Inches(0.4 * (len(rows) + 1)))
    table = frame.table
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Inches(width)
    for place, cells in enumerate([head, *rows]):
        for at, cell in enumerate(cells):
            said, colour = cell if isinstance(cell, tuple) else (cell, INK)
            box = table.cell(place, at)
            box.text, box.vertical_anchor = said, MSO_ANCHOR.MIDDLE
            box.fill.solid()
            box.fill.fore_color.rgb = GREEN if place == 0 else WHITE if place % 2 else SUNK
            for line in box.text_frame.paragraphs:
                line.font.size = Pt(size)
                line.font.bold = place == 0 or isinstance(cell, tuple)
                line.font.color.rgb = WHITE if place == 0 else colour
