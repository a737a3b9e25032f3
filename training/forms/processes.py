"""Wishes about processes, impacts, roles and teams, made safe."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm_adoption.people.models import JobRole, Team
from dataquality import subjects
from training.forms.fields import Lines, area, day, here
from training.models import ChangeStage, GoLive, Impact, Process, RoleProfile, RoleTarget, TeamRating
from training.models.roles import ONE_TO_FIVE

DEVICES = [
    ("laptop", _("laptop")), ("desktop", _("desktop computer")), ("phone", _("phone")), ("tablet", _("tablet")),
]  # fmt: skip


class ChangeProcessForm(forms.Form):
    """What a process says from a day on."""

    steps = Lines(label=_("Steps"), required=False, help_text=_("One a line, in order."))
    before = forms.CharField(label=_("Before"), required=False, widget=area(), help_text=_("How it was done so far."))
    after = forms.CharField(label=_("After"), widget=area(), help_text=_("How it is done from now on."))
    why = forms.CharField(label=_("Why"), widget=area(), help_text=_("Why, in the words of those who do it."))
    from_on = day(label=_("In force from"))


class ProcessForm(ChangeProcessForm):
    """A process described for the first time."""

    name = forms.CharField(label=_("Name"), max_length=200)
    owner = forms.ModelChoiceField(here(), label=_("Who answers for it"), required=False)
    field_order = ("name", "owner")


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(here(), label=_("Who answers for it"), required=False)


class ImpactForm(forms.ModelForm):  # type: ignore[type-arg]
    lands_on = day(label=_("Lands on"), help_text=_("The day people feel it; it counts in that quarter."))

    class Meta:
        model = Impact
        fields = (
            "process", "release", "job_role", "size", "lands_on", "gives", "gets", "metric", "metric_before",
            "metric_after", "outcome", "pay_off", "pay_off_amount", "pay_off_unit",
        )  # fmt: skip
        widgets = {"gives": area(), "gets": area()}
        error_messages = {"size": {"required": _("Choose a size from 1 to 5.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["process"].queryset = Process.objects.live()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("process") and not data.get("release"):
            self.add_error("process", _("Choose the process that changes, or name the release."))
        return data

    def validate_constraints(self) -> None:
        """The service says what clashes, in a sentence."""


class GoLiveForm(forms.ModelForm):  # type: ignore[type-arg]
    on = day(label=_("Goes live on"))

    class Meta:
        model = GoLive
        fields = ("release", "name", "on", "job_roles", "processes")
        widgets = {"job_roles": forms.CheckboxSelectMultiple, "processes": forms.CheckboxSelectMultiple}

    def validate_unique(self) -> None:
        """The same release said again replaces what was said."""


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]
    """The five fields of U12, the four clauses of U11, and what training adds."""

    devices = forms.MultipleChoiceField(
        label=_("Devices"), choices=DEVICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    use_cases = forms.CharField(
        label=_("Use cases"), required=False, widget=area(),
        help_text=_("What people of this role want to get done, one a line."),
    )  # fmt: skip
    manuals = forms.IntegerField(
        label=_("Manuals"), required=False, min_value=0, max_value=999,
        help_text=_("How many manuals somebody new has to read. The aim is none."),
    )  # fmt: skip
    saturation_cap = forms.IntegerField(
        label=_("Impact it can bear in a quarter"), required=False, min_value=1, max_value=100,
        help_text=_("Empty: the cap of all roles."),
    )  # fmt: skip
    baseline_days = forms.IntegerField(
        label=_("Days to proficiency before the programme"), required=False, min_value=1, max_value=3650,
        help_text=_("Empty: the first cohort that is large enough."),
    )  # fmt: skip
    PROFILE = ("use_cases", "manuals", "saturation_cap", "baseline_days")

    class Meta:
        model = JobRole
        fields = (
            "tasks", "content_needs", "devices", "expectations", "in_the_field", "offline", "goal_experience",
            "goal_user", "goal_time", "goal_device",
        )  # fmt: skip
        labels = {
            "tasks": _("Tasks"), "content_needs": _("Content needs"),
            "expectations": _("What they expect of the CRM"), "in_the_field": _("Works in the field"),
            "offline": _("Must work offline"), "goal_experience": _("Goal: the right experience"),
            "goal_user": _("Goal: to the right user"), "goal_time": _("Goal: at the right time"),
            "goal_device": _("Goal: on the right device"),
        }  # fmt: skip
        help_texts = {"goal_experience": _("Each of the four clauses with a number that can be measured.")}
        widgets = dict.fromkeys(
            ("tasks", "content_needs", "expectations", "goal_experience", "goal_user", "goal_time", "goal_device"),
            forms.Textarea(attrs={"rows": 2}),
        )

    field_order = ("tasks", "content_needs", "devices", "use_cases", "expectations")

    def __init__(self, data: Any = None, *, instance: JobRole) -> None:
        profile = RoleProfile.objects.filter(job_role=instance).first()
        known = {name: getattr(profile, name) for name in self.PROFILE} if profile else {}
        known |= {
            f"target_{target.table}": target.per_28_days for target in RoleTarget.objects.filter(job_role=instance)
        }
        super().__init__(data, instance=instance, initial=known)
        for subject in subjects.every():
            self.fields[f"target_{subject.slug}"] = forms.IntegerField(
                label=_("New %(table)s in 28 days") % {"table": subject.label}, required=False, min_value=0,
                max_value=10_000,
            )  # fmt: skip

    def parts(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, int]]:
        """Fields of the role, of its profile, and what it is expected to do."""
        said = self.cleaned_data
        own = {name: said[name] for name in self.Meta.fields}
        profile = {name: said[name] for name in self.PROFILE}
        targets = {
            name.removeprefix("target_"): value for name, value in said.items() if name.startswith("target_") and value
        }
        return own, profile, targets


def rating(label: Any, help_text: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, help_text=help_text, coerce=int, choices=ONE_TO_FIVE, widget=forms.RadioSelect
    )


class TeamForm(forms.Form):
    """How free a team's ways are (M6), and whether it has what the objectives need (M14)."""

    free = rating(_("How free are its ways?"), _("From 1, structured and documented, to 5, free-form."))
    structure = rating(_("Structure"), _("Has it the structure the objectives need? From 1, none, to 5, all of it."))
    skill = rating(_("Skill"))
    culture = rating(_("Culture"))
    note = forms.CharField(label=_("What this rests on"), required=False, widget=area())

    def __init__(self, data: Any = None, *, team: Team) -> None:
        latest = TeamRating.objects.filter(team=team).first()
        known: dict[str, Any] = {"free": team.culture}
        if latest is not None:
            known |= {name: getattr(latest, name) for name in ("structure", "skill", "culture", "note")}
        super().__init__(data, initial=known)


class StageForm(forms.ModelForm):  # type: ignore[type-arg]
    stage = forms.ChoiceField(
        label=_("Where am I with this change?"), choices=ChangeStage.Stage.choices, widget=forms.RadioSelect
    )
    expected_on = day(label=_("When I expect to be through"), required=False)

    class Meta:
        model = ChangeStage
        fields = ("stage", "expected_on")
