"""What a CRM is bought for, measured; customers nobody claims; and what enforces each step of a process."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Account
from crm_adoption.kit.access import ANALYST, CHAMPION, LEAD, SPONSOR, STEWARD, belongs, for_groups
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.kit.pages import Column, SavedFilter, listing
from crm_adoption.plan import services
from crm_adoption.plan.filters import CustomerFilter
from crm_adoption.plan.forms.enforcement import StepRuleForm
from crm_adoption.plan.models import StepRule
from crm_adoption.plan.queries import brought as queries
from crm_adoption.plan.queries import customers
from crm_adoption.plan.queries.phases import priors
from crm_adoption.plan.views.registers import Register

READERS = (LEAD, SPONSOR, STEWARD, ANALYST)
RECORD_READERS = (LEAD, STEWARD, ANALYST)
KEEPERS = (LEAD, STEWARD)
PAGES = {"scoreboard": RECORD_READERS, "reports": READERS, "unclaimed": RECORD_READERS, "step-rules": READERS}


@require_safe
@for_groups(*READERS)
def brought(request: HttpRequest) -> HttpResponse:
    """The seven beside each other, each with its formula, sample and day."""
    shown = queries.shown(timezone.now())
    known = [one for one in shown if one.value is not None]
    chart = Chart(
        kind="bar", horizontal=True, unit="%", maximum=1.0, head=_("What it brings"),
        categories=[str(one.brought.label) for one in known],
        series=[Series(_("Share"), [one.value for one in known])],
    )  # fmt: skip
    context = {
        "shown": shown,
        "known": known,
        "chart": chart,
        "may_open": {name for name, groups in PAGES.items() if belongs(request.user, groups)},
        "may_measure": belongs(request.user, (LEAD,)),
    }
    return render(request, "plan/brought.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*RECORD_READERS)
def unclaimed(request: HttpRequest) -> HttpResponseBase:
    """Customers nobody claims, and those that cost time and bring nothing, each leading to its record."""
    when = customers.since(timezone.now())
    rows = customers.to_look_at(when)
    return listing(
        request, rows, CustomerFilter, "plan/unclaimed.html",
        columns=[
            Column("name", gettext_lazy("Customer"), accessor=str, kind="link"),
            Column("why", gettext_lazy("Why"), accessor=why, kind="sentence"),
            Column("owner", gettext_lazy("Owner"), accessor=lambda one: str(one.owner) if one.owner else one.owner_ref),
            Column("last_activity", gettext_lazy("Last activity"), kind="moment"),
            Column("minutes", gettext_lazy("Minutes in a year"), kind="number", wide_only=True),
            Column("source", gettext_lazy("Source"), wide_only=True),
        ],
        ordering={"newest": "-pk", "name": ("name", "pk")},
        export_name="unclaimed-customers",
        saved=[
            SavedFilter(gettext_lazy("Unclaimed"), "why=unclaimed"),
            SavedFilter(gettext_lazy("Without an owner"), "why=unowned"),
            SavedFilter(gettext_lazy("Nobody was seen at them"), "why=unseen"),
            SavedFilter(gettext_lazy("Cost time and bring nothing"), "why=unprofitable"),
        ],
        context={
            "title": _("Customers nobody claims"), "when": when, "days": int(priors().unclaimed_after_days),
            "empty_sentence": _("Every customer has an owner who is here, and somebody was seen at each.")
            if when else _("No export of activities was imported yet, so nobody can say who was seen at a customer."),
        },
    )  # fmt: skip


def why(customer: Account) -> str:
    """What is wrong with a customer, in words."""
    said = {
        "owned": None if customer.owned else _("nobody who is here owns it"),  # type: ignore[attr-defined]
        "seen": None if customer.seen else _("nobody was seen at it"),  # type: ignore[attr-defined]
        "unprofitable": _("costs time and brings nothing") if customer.unprofitable else None,  # type: ignore[attr-defined]
    }
    return "; ".join(sentence for sentence in said.values() if sentence)


step_rules = Register(
    "step-rule", "step-rules", StepRule, StepRuleForm,
    columns=[
        Column("step", gettext_lazy("Step"), kind="link"),
        Column("process", gettext_lazy("Process")),
        Column("by", gettext_lazy("Enforced by"), accessor=lambda one: one.get_by_display()),
        Column("rule_slug", gettext_lazy("Rule"), accessor=queries.rule_said),
        Column("note", gettext_lazy("Where it is seen")),
    ],
    ordering={"process": ("process__name", "pk")},
    title=gettext_lazy("What enforces each step"),
    lead=gettext_lazy("A step that nothing makes sure of is a hope: a rule finds the records that left it out, or the "
                      "CRM itself does not let it be left out."),
    new=gettext_lazy("Say what enforces a step"),
    save=lambda request, form: services.save_step_rule(form.save(commit=False)),
    done=gettext_lazy("It is written down."),
    rows=lambda request: queries.step_rules(),
    readers=READERS, writers=(LEAD, STEWARD, CHAMPION), folder="brought/", template="plan/step_rules.html",
    context=lambda request: {"steps": queries.steps()},
    empty=gettext_lazy("Nothing enforces any step yet."),
)  # fmt: skip
