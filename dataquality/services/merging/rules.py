"""How fields are chosen when records become one, as a steward sets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from dataquality.models import MergeRule, Source
from dataquality.queries.merging import chosen_fields
from dataquality.subjects import Subject


@transaction.atomic
def set_merge_rules(subject: Subject, rules: Mapping[str, str], *, sources: Sequence[int] = ()) -> None:
    """Say by which rule each field is chosen ("" for as its kind suggests), and which sources are trusted first."""
    for name, rule in rules.items():
        if name not in chosen_fields(subject):
            raise Refusal(_("A merge of %(table)s does not decide about “%(field)s”.")
                          % {"table": subject.label, "field": name})  # fmt: skip
        if rule and rule not in MergeRule.Rule.values:
            raise Refusal(
                _("“%(rule)s” is no rule for %(field)s; there are %(known)s.")
                % {"rule": rule, "field": subject.columns[name].label, "known": ", ".join(MergeRule.Rule.values)}
            )
    known = set(Source.objects.filter(pk__in=sources).values_list("pk", flat=True))
    missing = [pk for pk in sources if pk not in known]
    if missing:
        raise Refusal(_("There is no source %(pk)s; leave it out of the order.") % {"pk": missing[0]})
    for name, rule in rules.items():
        if rule:
            MergeRule.objects.update_or_create(table=subject.slug, field=name, defaults={"rule": rule})
        else:
            MergeRule.objects.filter(table=subject.slug, field=name).delete()
    if sources:
        MergeRule.objects.update_or_create(table=subject.slug, field="", defaults={"sources": list(sources)})
    else:
        MergeRule.objects.filter(table=subject.slug, field="").delete()
