"""Closed lists: what a steward lets stand in a field."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.engine.columns import Kind
from dataquality.engine.lists import in_use
from dataquality.models import FieldSetting
from dataquality.queries import value_counts


@transaction.atomic
def close_list(setting: FieldSetting) -> int:
    """Write down the values in common use as the field's closed list, all sources together; returns how many.

    A value is in common use with a hundredth of the filled cells and at least five of them.
    """
    subject = subjects.get(setting.table)
    column = subject.columns[setting.field]
    if column.kind is not Kind.CHOICE:
        raise Refusal(_("%(field)s of %(table)s is no choice, so it has no list to close.")
                      % {"field": column.label, "table": subject.label})  # fmt: skip
    values = in_use(value_counts(subject, setting.field))
    if not values:
        raise Refusal(
            _("No value of %(field)s in %(table)s stands in five records or more; write the list down by hand.")
            % {"field": column.label, "table": subject.label}
        )
    setting.choices = "\n".join(values)
    setting.save(update_fields=["choices", "updated_at"])
    return len(values)
