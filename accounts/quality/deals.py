"""When opportunities are clean, and how their stage says what became of them."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_noop as _

from accounts import choices
from accounts.models import Opportunity
from accounts.quality.columns import CRM_DATES, OWNER, STALE, listed, owned
from dataquality.engine.columns import Kind
from dataquality.engine.rules import Rule
from dataquality.subjects import Column, Pointer, Subject, keep_clean

WON, LOST = choices.WON, choices.LOST
OPEN_DEAL = {"field": "stage", "not_in": ["", *WON, *LOST]}


def outcome_of_stage(frame: pl.DataFrame) -> pl.DataFrame:
    """Won, lost or open, as the stage says; every CRM words it so."""
    stage = pl.col("stage").str.strip_chars().str.to_lowercase()
    return frame.with_columns(
        outcome=pl.when(stage.is_in(WON)).then(pl.lit("won")).when(stage.is_in(LOST)).then(pl.lit("lost"))
        .otherwise(pl.lit("open"))
    )  # fmt: skip


keep_clean(
    Subject(
        model=Opportunity,
        word=_("Opportunities"),
        weight=2,
        id_headings={
            "dynamics": ("(Do Not Modify) Opportunity",),
            "salesforce": ("Opportunity ID", "Id"),
            "hubspot": ("Record ID - Deal", "Record ID"),
            "generic": ("opportunity_id", "deal_id", "id"),
        },
        file_words=("opportunit", "deal", "pipeline", "opps"),
        columns={
            "name": Column(Kind.TEXT, _("Name"), ("Opportunity Name", "Deal Name", "Topic", "Name", "商机名称")),
            "account": Column(
                Kind.POINTER,
                _("Account"),
                ("Account ID", "AccountId", "Associated Company IDs (Primary)", "Account Name", "Account", "Company",
                 "Organization", "Customer", "客户"),
                tell=0.5,
                pointer=Pointer("accounts.account", required=True),
            ),
            "product": Column(
                Kind.POINTER,
                _("Product"),
                ("Product ID", "Product Name", "Product", "产品"),
                tell=0.7,
                pointer=Pointer("accounts.product"),
            ),
            "stage": Column(
                Kind.CHOICE, _("Stage"), ("Stage", "StageName", "Deal Stage", "Sales Stage", "阶段"), tell=3,
                critical=True,
            ),
            "amount": Column(
                Kind.MONEY,
                _("Amount"),
                ("Amount", "Deal Value", "Est. Revenue", "Estimated Revenue", "Close value", "Value", "金额"),
                tell=1,
            ),
            "currency": Column(
                Kind.CURRENCY, _("Currency"), ("Currency", "CurrencyIsoCode", "Opportunity Currency"), tell=0.3
            ),
            "probability": Column(
                Kind.PERCENT, _("Probability"), ("Probability (%)", "Probability", "Deal probability"), tell=2
            ),
            "opened_on": Column(
                Kind.DATE, _("Opened"), ("Engage date", "Open date", "Opened", "Start date"), tell=0.7
            ),
            "close_on": Column(
                Kind.DATE,
                _("Closes"),
                ("Close Date", "CloseDate", "Est. Close Date", "Expected Closure Date",
                "Actual Close Date", "结束日期"),
                tell=1.5,
            ),
            "forecast_category": Column(
                Kind.CHOICE, _("Forecast category"), ("Forecast Category", "ForecastCategoryName"), tell=3
            ),
            "owner": OWNER,
            **CRM_DATES,
        },
        title="name",
        derive=outcome_of_stage,
        derived=("outcome",),
        derived_from=("stage",),
        rules=(
            Rule(
                "accounts.opportunity.close_on.order", "order", "close_on",
                params={"before": "opened_on", "after": "close_on"},
            ),
            Rule("accounts.opportunity.probability.range", "range", "probability", params={"min": 0, "max": 100}),
            Rule("accounts.opportunity.amount.range", "range", "amount", "warning", params={"min": 0}),
            Rule(
                "accounts.opportunity.close_on.required", "required", "close_on",
                params={"when": {"field": "stage", "in": [*WON, *LOST]}},
            ),
            Rule(
                "accounts.opportunity.amount.required", "required", "amount",
                params={"when": {"field": "stage", "in": [*WON]}},
            ),
            Rule(
                "accounts.opportunity.close_on.created", "order", "close_on", "warning",
                params={"before": "created_at", "after": "close_on", "when": {"field": "stage", "in": [*WON, *LOST]}},
            ),
            Rule(
                "accounts.opportunity.probability.won", "consistency", "probability", "warning",
                params={"when": {"field": "stage", "in": [*WON]}, "in": ["100"]},
            ),
            Rule(
                "accounts.opportunity.probability.lost", "consistency", "probability", "warning",
                params={"when": {"field": "stage", "in": [*LOST]}, "in": ["0"]},
            ),
            Rule(
                "accounts.opportunity.probability.open", "consistency", "probability", "warning",
                params={"when": OPEN_DEAL, "not_in": ["100"]},
            ),
            Rule(
                "accounts.opportunity.close_on.overdue", "lifecycle", "close_on", "warning",
                params={"as": "overdue", "when": OPEN_DEAL},
            ),
            Rule(
                "accounts.opportunity.last_touched_at.stale", "lifecycle", "last_touched_at", "warning",
                params={**STALE, "when": OPEN_DEAL},
            ),
            listed("accounts.opportunity", "stage", choices.STAGES),
            listed("accounts.opportunity", "forecast_category", choices.FORECASTS),
            *owned("accounts.opportunity", OPEN_DEAL),
        ),
    )
)  # fmt: skip
