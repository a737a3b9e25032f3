"""How far the systems agree about accounts, by field and source, as the last comparison found it."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Account, Agreement
from dataquality import subjects
from dataquality.models import MergeRule, Record, Source
from dataquality.queries.merging import chosen_fields, rules_of

SLUG = Account._meta.label_lower


@dataclass(frozen=True)
class SourceAgreement:
    """One field of one source: accounts compared, agreed, and left blank while another source fills them."""

    source: str
    compared: int
    agreed: int
    blank: int

    @property
    def rate(self) -> float | None:
        return self.agreed / self.compared if self.compared else None

    @property
    def differing(self) -> int:
        return self.compared - self.agreed


@dataclass(frozen=True)
class FieldAgreement:
    """One field, its declared master, and every source that fills it."""

    field: str
    label: str
    master: str
    sources: list[SourceAgreement]


def masters() -> dict[str, int]:
    """Field to the source that is declared its master: survivorship by source, and the source trusted most of those
    that hold accounts."""
    subject = subjects.get(SLUG)
    rules, order = rules_of(subject)
    holding = set(sources_with_accounts())
    first = next((source for source in order if source in holding), None)
    if first is None:
        return {}
    return {name: first for name in chosen_fields(subject) if rules.get(name) == MergeRule.Rule.SOURCE}


def sources_with_accounts() -> list[int]:
    """Sources that hold live accounts."""
    live = Account.objects.filter(state=Record.State.LIVE)
    return list(live.order_by().values_list("source_id", flat=True).distinct())


def labels() -> dict[str, str]:
    """Field to how people call it."""
    subject = subjects.get(SLUG)
    return {name: subject.columns[name].label for name in chosen_fields(subject)}


def last_agreement() -> Agreement | None:
    """The newest comparison."""
    return Agreement.objects.order_by("-pk").first()


def agreement_of(agreement: Agreement) -> list[FieldAgreement]:
    """The fields that two sources or more fill, in the order in which they are declared."""
    names = dict(Source.objects.values_list("pk", "name"))
    declared, found = masters(), []
    for field, label in labels().items():
        rows = [row for row in agreement.figures if row["field"] == field and row["source"] in names]
        sources = [
            SourceAgreement(names[row["source"]], row["compared"], row["agreed"], row["blank"])
            for row in sorted(rows, key=lambda row: names[row["source"]])
        ]
        if any(one.compared for one in sources):
            found.append(FieldAgreement(field, label, names.get(declared.get(field, 0), ""), sources))
    return found
