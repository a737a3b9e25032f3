"""Hand-outs on paper, set by typst: all that is said goes over as data and is never read as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.plan.handouts.facts import (
    Facts,
    ReportShown,
    WaitingPhase,
    action_words,
    clipped,
    day,
    effort_words,
    evidence_words,
    promise_words,
    removes_words,
    risk_words,
    status_words,
)
from crm_adoption.plan.handouts.workshop import Workshop

SHEETS = Path(__file__).parent
LATIN = "Libertinus Serif"  # comes with typst
CHINESE = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "Noto Sans CJK SC", "Source Han Sans SC",
           "Noto Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "SimSun", "PingFang SC")  # fmt: skip
ACTIONS_SHOWN, PHASES_SHOWN, MISSING_LINES, REPORTS_SHOWN, PROMISES_SHOWN = 4, 4, 8, 3, 4
Format = Literal["pdf", "png", "svg"]


@cache
def chinese_font() -> str:
    """The first of the fonts we know that this machine has; empty where it has none."""
    here = set(typst.Fonts().families())
    return next((family for family in CHINESE if family in here), "")


def paper_language() -> str:
    """The reader's language, or English where no font here could print it."""
    wanted = get_language() or "en"
    return "en" if wanted.startswith("zh") and not chinese_font() else wanted


def one_pager(facts: Facts, *, form: Format = "pdf") -> Any:
    """The programme on one sheet of A4, for executives; bytes."""
    with translation.override(paper_language()):
        return _set("one_pager.typ", _one_page(facts), form)


def agenda(facts: Facts, planned: Workshop, *, form: Format = "pdf") -> Any:
    """The agenda of a workshop on A4; bytes."""
    with translation.override(paper_language()):
        return _set("workshop.typ", _workshop(facts, planned), form)


def _set(sheet: str, said: Mapping[str, Any], form: Format) -> Any:
    font = chinese_font()
    inputs = {"said": json.dumps({**said, "fonts": [LATIN, *([font] if font else [])],
                                  "language": (get_language() or "en")[:2]})}  # fmt: skip
    return typst.compile(
        str(SHEETS / sheet), root=str(SHEETS), format=form, ppi=110.0, sys_inputs=inputs, ignore_system_fonts=not font
    )


def _one_page(facts: Facts) -> dict[str, Any]:
    stands, waiting = facts.standing, facts.phases[:PHASES_SHOWN]
    lines = MISSING_LINES // max(2, len(waiting))
    return {
        "title": clipped(facts.programme.name, 80),
        "purpose": clipped(facts.programme.purpose, 160),
        "day": day(facts.today),
        "risk": {
            "figure": facts.risk_words,
            "low": stands.risk.low,
            "high": stands.risk.high,
            "sentence": facts.risk_sentence,
            "before": [facts.before.risk.low, facts.before.risk.high] if facts.before else [],
            "before_words": _("four weeks ago: %(range)s") % {"range": risk_words(facts.before)}
            if facts.before else "",
        },
        "ingredients": [
            {
                "name": clipped(str(one.ingredient), 34), "evidence": one.score, "claim": one.claim,
                "said": evidence_words(one), "status": one.status.name, "status_words": status_words(one),
            }
            for one in stands.ingredients
        ],
        "actions": [
            {
                "name": clipped(str(one.state.ingredient), 40),
                "what": clipped(action_words(one), 90),
                "why": f"{removes_words(one)} · {effort_words(one)}",
            }
            for one in facts.actions[:ACTIONS_SHOWN]
        ],
        "phases": [_phase(one, lines) for one in waiting],
        "reports": [_report(one) for one in facts.reports[:REPORTS_SHOWN]],
        "promises": [promise_words(one) for one in facts.promises[:PROMISES_SHOWN]],
        "people": [facts.promises_sentence, facts.answering_sentence, facts.cycle_sentence],
        "words": {
            "risk": _("Risk that the programme fails"),
            "ingredients": _("The ten ingredients"),
            "legend": _("bar: evidence from records · line: what people say"),
            "actions": _("Next best actions"),
            "no_actions": _("Every ingredient is strong."),
            "phases": _("Gates"),
            "no_phases": _("No phase waits for its gate."),
            "reports": _("Reports"),
            "sealed": _("sealed"),
            "open": _("open"),
            "promises": _("Promises and people"),
            "foot": _("Made on %(moment)s from live figures. What is not measured counts as unknown, never as good.")
            % {"moment": words.exact(timezone.localtime(facts.now))},
        },
    }  # fmt: skip


def _phase(one: WaitingPhase, lines: int) -> dict[str, Any]:
    planned = one.phase.planned_end
    more = len(one.gate.missing) - lines
    missing = [clipped(each.sentence, 110) for each in one.gate.missing[:lines]]
    when = [_("planned for %(day)s") % {"day": day(planned)}] if planned else []
    return {
        "name": clipped(str(one.phase), 60),
        "state": one.state,
        "is_open": one.gate.may_open,
        "when": " · ".join([*when, *filter(None, [one.sentence_of_forecast])]),
        "missing": [*missing, *([_("and %(n)s more") % {"n": more}] if more > 0 else [])],
    }


def _report(one: ReportShown) -> dict[str, Any]:
    said = one.reasons if one.is_sealed else one.sentences
    return {"title": one.title, "is_sealed": one.is_sealed, "said": [clipped(each, 105) for each in said[:2]]}


def _workshop(facts: Facts, planned: Workshop) -> dict[str, Any]:
    begins, ends = timezone.localtime(planned.starts_at), timezone.localtime(planned.ends_at)
    return {
        "title": _("Adoption workshop"),
        "programme": clipped(facts.programme.name, 80),
        "when": f"{day(begins.date())}, {begins:%H:%M} – {ends:%H:%M}",
        "blocks": [
            {
                "at": f"{timezone.localtime(at):%H:%M}", "title": block.title,
                "minutes": _("%(n)s min") % {"n": block.minutes},
                "said": [clipped(each, 260) for each in block.sentences],
            }
            for at, block in planned.timed
        ],
        "foot": _("Made on %(moment)s from the gaps of that moment.")
        % {"moment": words.exact(timezone.localtime(facts.now))},
    }  # fmt: skip
