"""How each field is chosen when records become one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm_adoption.kit.access import LEAD, STEWARD, for_groups
from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.engine.survive import rule_for
from dataquality.models import MergeRule, Source
from dataquality.queries.merging import chosen_fields, rules_of
from dataquality.services.merging import set_merge_rules
from dataquality.views.named import table_named

KEEPERS = (LEAD, STEWARD)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def survivorship(request: HttpRequest, slug: str) -> HttpResponse:
    """The rule of every field of a table, and which source is trusted most."""
    subject, fault = table_named(slug), ""
    names = chosen_fields(subject)
    if request.method == "POST":
        order = [int(each) for each in request.POST.getlist("source") if each.isdigit()]
        try:
            set_merge_rules(
                subject, {name: request.POST.get(f"field.{name}", "") for name in names},
                sources=list(dict.fromkeys(order)),
            )  # fmt: skip
        except Refusal as refusal:
            fault = refusal.sentence
        else:
            messages.success(request, _("Saved; the next merge chooses so."))
            return redirect("survivorship", slug)
    rules, order = rules_of(subject)
    known = MergeRule.Rule
    sources = list(Source.objects.order_by("name"))
    return render(request, "dataquality/matching/survivorship.html", {
        "subject": subject, "fault": fault, "rules": known.choices,
        "tables": [one for one in subjects.every() if one.matched],
        "fields": [
            (name, subject.columns[name].label, rules.get(name, ""), known(rule_for(subject.columns[name].kind)).label)
            for name in names
        ],
        "sources": sources, "trusted": [*order, *[0] * (min(3, len(sources)) - len(order))],
    }, status=409 if fault else 200)  # fmt: skip
