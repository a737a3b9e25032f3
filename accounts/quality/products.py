"""When the list of products is clean."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from accounts.models import Product
from accounts.quality.columns import CRM_DATES
from dataquality.engine.columns import Kind
from dataquality.engine.rules import Rule
from dataquality.subjects import Column, Subject, keep_clean

keep_clean(
    Subject(
        model=Product,
        word=_("Products"),
        id_headings={
            "salesforce": ("Product ID", "Id"),
            "dynamics": ("(Do Not Modify) Product",),
            "hubspot": ("Record ID - Product", "Record ID"),
            "generic": ("product_id", "sku", "id"),
        },
        file_words=("product", "item", "article", "catalog"),
        columns={
            "name": Column(Kind.TEXT, _("Name"), ("Product Name", "Product", "Name", "产品名称"), critical=True),
            "family": Column(Kind.CHOICE, _("Family"), ("Product Family", "Family", "Series", "Category"), tell=1.5),
            "price": Column(
                Kind.MONEY, _("Price"), ("Sales price", "List Price", "Unit price", "Price", "价格"), tell=2
            ),
            **CRM_DATES,
        },
        key=("name",),
        found_by_name=True,
        rules=(
            Rule("accounts.product.price.range", "range", "price", params={"min": 0}),
            Rule("accounts.product.name.unique", "unique", "name", "warning"),
        ),
    )
)
