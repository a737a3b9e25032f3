"""When accounts agree well enough."""

from __future__ import annotations

from django import forms

from accounts.models import AgreementSetting


class AgreementForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is wanted of accounts, and what tells that two are the same."""

    keys = forms.MultipleChoiceField(
        choices=AgreementSetting.Key.choices, required=False, widget=forms.CheckboxSelectMultiple,
        label=AgreementSetting._meta.get_field("keys").verbose_name,
        help_text=AgreementSetting._meta.get_field("keys").help_text,
    )  # fmt: skip

    class Meta:
        model = AgreementSetting
        fields = ("target", "most_changes", "keys")
