"""One answer to how well an ingredient is done."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

ANSWERS = [
    (1, _("1 · not at all")),
    (2, _("2 · a little")),
    (3, _("3 · partly")),
    (4, _("4 · mostly")),
    (5, _("5 · fully")),
]


class ClaimForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("How well do we do this?"),
        coerce=int,
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a number from 1 to 5."),
            "invalid_choice": _("%(value)s is no answer; choose a number from 1 to 5."),
        },
    )
