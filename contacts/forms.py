"""How an answer to a role call is made safe."""

from __future__ import annotations

from django import forms


class CallForm(forms.Form):
    """A deal, and either a contact with a part, or that nobody is known yet."""

    deal = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    contact = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    role = forms.CharField(max_length=200, required=False)
