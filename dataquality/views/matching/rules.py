"""Rule mode: a steward's own rules, what they would add and cost, and whether they count."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.kit.access import ANALYST, LEAD, STEWARD, belongs, for_groups
from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.engine.rule_match import EXACT, FIRST, LAST, SAME_DATE
from dataquality.models import MatchRule
from dataquality.services.matching import rules

CRITERIA = 4
HOWS = (
    ("", "—"),
    (EXACT, gettext_lazy("is the same")),
    (FIRST, gettext_lazy("begins with the same …")),
    (LAST, gettext_lazy("ends with the same …")),
    (SAME_DATE, gettext_lazy("is of the same day")),
)


class RuleForm(forms.Form):
    """A name and up to four criteria of one table."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)

    def __init__(self, *args: Any, table: subjects.Subject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [("", "—"), *((name, table.columns[name].label) for name in table.matched if name in table.columns)]
        for n in range(CRITERIA):
            self.fields[f"column_{n}"] = forms.ChoiceField(label=_("Column"), choices=columns, required=False)
            self.fields[f"how_{n}"] = forms.ChoiceField(label=_("How"), choices=HOWS, required=False)
            self.fields[f"length_{n}"] = forms.IntegerField(
                label=_("Characters"), min_value=1, max_value=100, required=False
            )
            self.fields[f"blank_{n}"] = forms.BooleanField(
                label=_("a blank agrees with a blank"), required=False
            )  # fmt: skip

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each criterion side by side."""
        return [[self[f"{name}_{n}"] for name in ("column", "how", "length", "blank")] for n in range(CRITERIA)]

    @property
    def criteria(self) -> list[dict[str, Any]]:
        """What was asked, as a rule keeps it."""
        wish = self.cleaned_data
        return [
            {
                "column": wish[f"column_{n}"],
                "how": wish[f"how_{n}"] or EXACT,
                "length": wish[f"length_{n}"] or 0,
                "ignore_blank": not wish[f"blank_{n}"],
            }
            for n in range(CRITERIA)
            if wish[f"column_{n}"]
        ]


def as_initial(rule: MatchRule) -> dict[str, Any]:
    found: dict[str, Any] = {"name": rule.name}
    for n, one in enumerate(rule.criteria[:CRITERIA]):
        found |= {
            f"column_{n}": one["column"], f"how_{n}": one["how"], f"length_{n}": one.get("length") or None,
            f"blank_{n}": not one.get("ignore_blank", True),
        }  # fmt: skip
    return found


@require_safe
@for_groups(LEAD, STEWARD, ANALYST)
def rule_list(request: HttpRequest) -> HttpResponse:
    """Every rule by table, and the way to write one."""
    context = {
        "rules": [(rule, subjects.get(rule.table)) for rule in MatchRule.objects.all()],
        "tables": [one for one in subjects.every() if one.matched],
        "may_change": belongs(request.user, (LEAD, STEWARD)),
    }
    return render(request, "dataquality/matching/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(LEAD, STEWARD)
def rule_new(request: HttpRequest, table: str) -> HttpResponse:
    return _edit(request, MatchRule(table=subjects.get(table).slug, criteria=[]))


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(LEAD, STEWARD)
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(MatchRule, pk=pk))


def _edit(request: HttpRequest, shown: MatchRule) -> HttpResponse:
    """Write a rule, try it (what it would add, what it would cost), keep it."""
    subject = subjects.get(shown.table)
    form = RuleForm(request.POST or None, table=subject, initial=as_initial(shown) if shown.pk else None)
    figures, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                asked = rules.as_rule(form.cleaned_data["name"], form.criteria, subject)
                if "try" in request.POST:
                    figures, status = rules.try_rule(subject, asked), 200
                else:
                    shown.name, shown.criteria = form.cleaned_data["name"], form.criteria
                    rules.save_rule(shown)
                    messages.success(request, _("The rule is kept; publish it when its figures please you."))
                    return redirect("match-rules")
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
                status = 409
    context = {"form": form, "rule": shown, "subject": subject, "figures": figures}
    return render(request, "dataquality/matching/rule.html", context, status=status)


@require_POST
@for_groups(LEAD, STEWARD)
def rule_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a rule, or withdraw it."""
    shown = get_object_or_404(MatchRule, pk=pk)
    try:
        if shown.published:
            lost = rules.withdraw_rule(shown)
            messages.success(request, _("“%(rule)s” counts no more; %(n)s open pairs left the queue.")
                             % {"rule": shown.name, "n": lost})  # fmt: skip
        else:
            stand = rules.publish(shown)
            messages.success(request, _("“%(rule)s” counts; %(n)s pairs stand in the queue by rules alone.")
                             % {"rule": shown.name, "n": stand})  # fmt: skip
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("match-rules")
