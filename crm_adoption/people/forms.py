"""Wishes about people, made safe."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.access import GROUPS
from crm_adoption.kit.permissions import READ, SCOPES
from crm_adoption.people.models import Person, Seat, Team
from crm_adoption.people.models.tokens import LONGEST

GROUP_CHOICES = [(name, name.capitalize()) for name in GROUPS]


class InviteForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    groups = forms.MultipleChoiceField(
        label=_("Groups"),
        choices=GROUP_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose a group; without one nothing opens.")},
    )
    team = forms.ModelChoiceField(Team.objects.all(), label=_("Team"), required=False)


class GroupsForm(forms.Form):
    groups = forms.MultipleChoiceField(
        label=_("Groups"), choices=GROUP_CHOICES, widget=forms.CheckboxSelectMultiple, required=False
    )


class ChoosePassword(forms.Form):
    """The password is judged by the service, which knows whose it is."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("12 characters or more; a few words in a row are easy to keep."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if asked.get("password") and asked.get("again") and asked["password"] != asked["again"]:
            self.add_error("again", gettext("The two passwords differ; type the same one twice."))
        return asked


class ProfileForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=60,
        help_text=_("As Europe/Berlin or America/New_York; dates and times are shown in it."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(
                gettext("There is no time zone “%(zone)s”; write one such as Europe/Berlin.") % {"zone": zone}
            )
        return zone


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What will use it, for example: nightly import.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=[(scope, scope.capitalize()) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple, initial=[READ],
    )  # fmt: skip
    days = forms.IntegerField(label=_("Valid for (days)"), min_value=1, max_value=LONGEST.days, initial=90)


class SeatForm(forms.Form):
    kind = forms.ChoiceField(label=_("Seat"), choices=Seat.Kind.choices)
    scope = forms.ChoiceField(choices=Seat.Scope.choices, label=_("Of"))
    scope_key = forms.CharField(
        max_length=200, required=False, label=_("Which one"), help_text=_("Leave empty for the programme.")
    )


class SeatsAskedForm(forms.Form):
    """Which seats a reader wants to see."""

    kind = forms.ChoiceField(label=_("Seat"), choices=[("", _("all")), *Seat.Kind.choices], required=False)
    scope = forms.ChoiceField(label=_("Of"), choices=[("", _("all")), *Seat.Scope.choices], required=False)
    vacant = forms.BooleanField(label=_("Only what nobody answers for"), required=False)


class PlaceForm(forms.Form):
    """Which seat an address means."""

    kind = forms.ChoiceField(choices=Seat.Kind.choices)
    scope = forms.ChoiceField(choices=Seat.Scope.choices)
    key = forms.CharField(max_length=200, required=False)


class FillSeatForm(forms.Form):
    holder = forms.ModelChoiceField(Person.objects.filter(left_on=None).order_by("name"), label=_("Who answers"))
    deputy = forms.ModelChoiceField(
        Person.objects.filter(left_on=None).order_by("name"), required=False, label=_("Deputy")
    )
