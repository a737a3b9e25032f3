"""Claim beside evidence in one sentence (F-M2): both figures, and the check that says most about the difference."""

from __future__ import annotations

from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.plan.queries.standing import CheckState, IngredientState

AGREE = 0.1  # of the scale from 0 to 1; a smaller difference is none


def gap_sentence(state: IngredientState) -> str:
    """Empty while there is no evidence, or too few have answered."""
    if state.gap is None or state.claim is None or state.score is None:
        return ""
    figures = {"claim": words.percent(state.claim, 0), "score": words.percent(state.score, 0)}
    if abs(state.gap) <= AGREE:
        return _("People say %(claim)s, records say %(score)s: they agree.") % figures
    if state.gap < 0:
        return _("People say %(claim)s, records say %(score)s: the records show more than people believe, so tell "
                 "them.") % figures  # fmt: skip
    said = _("People say %(claim)s, records say %(score)s.") % figures
    weakest = _weakest(state)
    if weakest is None or weakest.reading is None:
        return said
    because = _("Least is shown by “%(check)s”: %(value)s, where %(target)s is the target.") % {
        "check": weakest.check.label,
        "value": weakest.check.said(weakest.reading.value),
        "target": weakest.check.said(weakest.check.target),
    }
    return f"{said} {because}"


def _weakest(state: IngredientState) -> CheckState | None:
    """The measured check that costs the ingredient most."""
    measured = [one for one in state.checks if one.attainment is not None]
    return max(measured, key=lambda one: one.check.weight * (1 - (one.attainment or 0.0)), default=None)
