"""How a wish from outside is made safe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.words import number
from dataquality import subjects
from dataquality.models import Batch, FieldSetting, Method, Source
from dataquality.models.sources import Product
from dataquality.queries.merging import chosen_fields
from dataquality.queries.verification import verifiable
from dataquality.subjects import Subject

if TYPE_CHECKING:
    from dataquality.services.gates import Reason


class UploadForm(forms.Form):
    """A file, and what the person already knows of it; all but the file and the source may stay open."""

    file = forms.FileField(label=_("Export file"), help_text=_("CSV or XLSX, as the CRM gives it."))
    source = forms.ModelChoiceField(
        Source.objects.all(), label=_("Where it comes from"), required=False, empty_label=_("A new source")
    )
    new_source = forms.CharField(
        label=_("Or the name of a new source"), max_length=120, required=False, help_text=_("For example: Sales CRM.")
    )
    table = forms.ChoiceField(label=_("Table"), required=False)
    full = forms.BooleanField(
        label=_("This is the whole table"),
        required=False,
        help_text=_("Records that are missing in it are then marked as gone. Nothing is deleted."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tables = [(subject.slug, subject.label) for subject in subjects.every()]
        self.fields["table"] = forms.ChoiceField(
            label=_("Table"), required=False, choices=[("", _("Find out")), *tables]
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        name = str(data.get("new_source", "")).strip()
        if name:
            data["source"] = Source.objects.filter(name__iexact=name).first() or Source(name=name)
        elif not data.get("source"):
            self.add_error("new_source", _("Name the system this export comes from, or choose a known one."))
        return data


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Source
        fields = (
            "name", "kind", "product", "default_country", "label_language", "owner", "transaction_workflow",
            "handles_timeouts", "two_phase", "compensates",
        )  # fmt: skip

    def clean_default_country(self) -> str:
        return str(self.cleaned_data["default_country"]).upper()


class MappingForm(forms.Form):
    """One choice a heading, the key, and whether the file holds the whole table."""

    def __init__(self, batch: Batch, headings: list[str], *args: Any, table: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = headings
        named = self.data.get("table") or table or batch.table
        try:
            subject = subjects.get(named)
        except Refusal:
            subject = subjects.get(batch.table)
        self.fields["table"] = forms.ChoiceField(
            label=_("Table"),
            choices=[(s.slug, s.label) for s in subjects.every()],
            initial=subject.slug,
            widget=forms.Select(attrs={"data-submit-on-change": ""}),
        )
        self.fields["product"] = forms.ChoiceField(
            label=_("CRM"), choices=Product.choices, initial=batch.product or Product.GENERIC
        )
        self.fields["full"] = forms.BooleanField(
            label=_("This is the whole table"), required=False, initial=batch.is_full
        )
        fields = [("", _("keep as an extra")), ("external_id", _("the id")), *(
            (name, column.label) for name, column in subject.columns.items()
        )]  # fmt: skip
        for n, heading in enumerate(headings):
            self.fields[f"column_{n}"] = forms.ChoiceField(
                label=heading,
                choices=fields,
                required=False,
                initial=batch.mapping.get(heading, ""),
                widget=forms.Select(attrs={"class": "form-select"}),
            )
        self.fields["key"] = forms.MultipleChoiceField(
            label=_("What tells rows apart"),
            choices=[(heading, heading) for heading in headings],
            initial=list(batch.key),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose the column, or the columns, that tell the rows apart.")},
        )

    def mapping(self) -> dict[str, str]:
        return {heading: self.cleaned_data[f"column_{n}"] for n, heading in enumerate(self.headings)}


class AcceptForm(forms.Form):
    """One suggestion for all rows of one value."""

    field = forms.CharField(max_length=80)
    value = forms.CharField(strip=False, required=False)
    new = forms.CharField(strip=False)
    source = forms.ModelChoiceField(Source.objects.all(), required=False)


class WaiveForm(forms.Form):
    """Why, and until when."""

    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}), help_text=_("They come back after this day.")
    )


class CorrectForm(forms.Form):
    """What a cell should be, and why we say so."""

    new = forms.CharField(label=_("It should be"), required=False, max_length=10_000)
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=500,
        help_text=_("For whoever asks later: who said so, or where it is written."),
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].widget.attrs |= {"autocomplete": "off", "autofocus": True, "aria-describedby": "verdict"}
        if offered:
            self.fields["new"].widget.attrs["list"] = "offered"

    def judge_at(self, address: str) -> None:
        """Let the page ask that address what the rules say, while the value is typed."""
        self.fields["new"].widget.attrs |= {
            "hx-get": address, "hx-trigger": "load, input changed delay:300ms", "hx-target": "#verdict",
            "hx-sync": "this:replace",
        }  # fmt: skip


class EnterForm(forms.Form):
    """A field of text for every column that a person fills, and why there may be two."""

    allow_duplicate = forms.CharField(
        label=_("Why there may be two"), required=False, max_length=1000,
        help_text=_("Such as: two people of the same name at the same desk."),
    )  # fmt: skip

    def __init__(self, *args: Any, subject: Subject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = chosen_fields(subject)
        for name in self.names:
            column = subject.columns[name]
            asked = _("By its id in the CRM, or by its name.") if column.pointer else ""
            self.fields[name] = forms.CharField(label=column.label, required=False, max_length=10_000, help_text=asked)
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by field; blanks are left out."""
        return {name: text for name in self.names if (text := self.cleaned_data.get(name, "").strip())}


class OverrideForm(forms.Form):
    """Why a shut gate is opened, and until when."""

    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateTimeField(
        label=_("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("At most 90 days; every page of the report is stamped until then."),
    )


class AttestForm(forms.Form):
    """Which fields of the chosen records are true, how it was found out, and until when it is believed."""

    fields_true = forms.MultipleChoiceField(
        label=_("What is true"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Nothing chosen: everything whose truth is asked for."),
    )  # fmt: skip
    method = forms.ChoiceField(label=_("How was it found out?"), choices=Method.choices)
    until = forms.DateField(
        label=_("Believed until"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: as long as this way of finding out is believed."),
    )  # fmt: skip

    choices_of: Subject

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        named = [(name, self.choices_of.columns[name].label) for name in verifiable(self.choices_of)]
        self.fields["fields_true"].choices = named  # type: ignore[attr-defined]


def attest_form(subject: Subject) -> type[AttestForm]:
    """The form for records of one table."""
    return type("AttestFormOf", (AttestForm,), {"choices_of": subject})


class AnswersForm(forms.Form):
    """The file that came back, and who was asked."""

    file = forms.FileField(label=_("File with answers"), help_text=_("The file of what is due, with its answers."))
    method = forms.ChoiceField(label=_("Who answered?"), choices=Method.choices, initial=Method.SERVICE)


def _question(name: str) -> forms.CharField:
    """One of the four, as the model asks it; the service says which is still blank."""
    label = lazy(FieldSetting.question, str)(name)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 3}), required=False)


class ReviewForm(forms.Form):
    """The four questions of one field, its verdict, and when it is looked at again."""

    misuse = _question("misuse")
    consequence = _question("consequence")
    prevention = _question("prevention")
    checks = _question("checks")
    definition = forms.CharField(
        label=_("What it means"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In one sentence, so that everybody fills it alike."),
    )  # fmt: skip
    verdict = forms.ChoiceField(label=_("Verdict"), choices=FieldSetting.Verdict.choices)
    next_review_on = forms.DateField(
        label=_("Look at it again on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class MendForm(forms.Form):
    """How much of what keeps a report shut somebody thinks of mending: a number for each reason, all of it at first."""

    def __init__(self, reasons: Sequence[Reason], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.cells: dict[str, tuple[str, str]] = {}
        for reason in reasons:
            name = f"{reason.table}.{reason.field or ''}"
            self.cells[name] = (reason.table, reason.field or "")
            self.fields[name] = forms.IntegerField(
                label=reason.sentence, min_value=0, max_value=reason.wrong, initial=reason.to_fix, required=False,
                help_text=_("Of %(n)s.") % {"n": number(reason.wrong)},
            )  # fmt: skip

    @property
    def mended(self) -> dict[tuple[str, str], int]:
        """By table and field; "" is the table itself."""
        return {cell: self.cleaned_data.get(name) or 0 for name, cell in self.cells.items()}
