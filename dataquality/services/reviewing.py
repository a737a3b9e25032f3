"""A field is reviewed: four questions answered, a verdict, and the day on which it is looked at again (P46)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality.models import FieldSetting
from dataquality.subjects import Subject

QUESTIONS = ("misuse", "consequence", "prevention", "checks")
LONGEST = timedelta(days=730)


@transaction.atomic
def review_field(
    subject: Subject, field: str, *, answers: Mapping[str, str], verdict: str, next_review_on: date, by: Person,
    today: date, definition: str = "",
) -> FieldSetting:  # fmt: skip
    """Write a review down, with the name of who made it; an earlier one is replaced. What else is set stays."""
    label = subject.columns[field].label
    blank = [name for name in QUESTIONS if not answers.get(name, "").strip()]
    if blank:
        question = FieldSetting.question(blank[0])
        raise Refusal(_("Answer “%(question)s” for %(field)s; “no” is an answer as well.")
                      % {"question": question, "field": label})  # fmt: skip
    if verdict not in FieldSetting.Verdict.values:
        raise Refusal(_("Say whether %(field)s is kept, restricted or retired.") % {"field": label})
    if not today < next_review_on <= today + LONGEST:
        raise Refusal(
            _("%(field)s is looked at again on a day after today and by %(last)s.")
            % {"field": label, "last": words.exact(today + LONGEST)}
        )
    setting, _made = FieldSetting.objects.select_for_update().get_or_create(table=subject.slug, field=field)
    for name in QUESTIONS:
        setattr(setting, name, answers[name].strip())
    setting.verdict, setting.next_review_on, setting.signed_by = verdict, next_review_on, by
    setting.definition = definition.strip() or setting.definition
    setting.save()
    return setting
