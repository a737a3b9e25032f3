"""The dossier of a merge, and the kit that takes it apart in a CRM that cannot undo."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm_adoption.kit.exports.delimited import machine_csv
from dataquality import subjects
from dataquality.engine.matching import explain
from dataquality.models import Correction, Merge, Version
from dataquality.models.matching import NEARLY_SURE
from dataquality.queries.matching_evidence import model_of
from dataquality.queries.merging import choices, text_of
from dataquality.reasons import reason
from dataquality.subjects import Subject

TOLD = 100  # proposals shown of one merge


@dataclass(frozen=True)
class Member:
    """A record as it was when it was merged."""

    id: int
    title: str
    external_id: str
    source: str
    children: list[tuple[str, int]]
    is_survivor: bool
    url: str


@dataclass(frozen=True)
class FieldTold:
    """One field: each member's value before, which stayed and by which rule, and what was lost."""

    label: str
    cells: list[str]
    value: str
    rule: str
    lost: list[str]


@dataclass(frozen=True)
class Why:
    """Two members and why they matched, in sentences."""

    a: str
    b: str
    probability: float
    sentences: list[str]


@dataclass(frozen=True)
class Offer:
    """A value that the CRM has since given a merged record and that the rules would choose for the survivor."""

    field: str
    label: str
    loser: str
    now: str
    held: str
    url: str


@dataclass(frozen=True)
class Dossier:
    """Everything a person may ask of a merge."""

    merge: Merge
    subject: Subject
    members: list[Member]
    fields: list[FieldTold]
    moved: list[tuple[str, int]]
    why: list[Why]
    told: list[tuple[Correction, str]]
    offers: list[Offer]


def dossier_of(merge: Merge) -> Dossier:
    """The dossier, from the journal; what stands in the CRM now is only read for the offers."""
    subject = subjects.get(merge.table)
    labels = merge.journal["labels"]
    members = [
        Member(
            pk, labels[str(pk)]["title"], labels[str(pk)]["external_id"], labels[str(pk)]["source"],
            sorted(labels[str(pk)]["children"].items()), pk == merge.survivor, f"/records/{subject.slug}/{pk}/",
        )
        for pk in merge.members
    ]  # fmt: skip
    before = _before(merge, subject)
    fields = [
        FieldTold(
            str(column.label), [text_of(before[pk].get(subject.stored_name(name))) for pk in merge.members],
            merge.chosen[name]["value"], merge.chosen[name]["rule"],
            [value for _pk, value in merge.chosen[name]["lost"]],
        )
        for name, column in subject.columns.items()
        if name in merge.chosen
    ]  # fmt: skip
    moved: dict[str, int] = {}
    for child in merge.journal["children"]:
        label = _("records merged earlier") if child["earlier"] else child["label"]
        moved[label] = moved.get(label, 0) + len(child["ids"])
    columns = subject.columns
    told = Correction.objects.filter(table=merge.table, record_id__in=merge.members, created_at__gte=merge.merged_at)
    return Dossier(
        merge, subject, members, fields, sorted(moved.items()), [_why(merge, each) for each in merge.journal["why"]],
        [(one, str(columns[one.field].label) if one.field in columns else "") for one in told[:TOLD]],
        [] if merge.is_undone else offers_of(merge, subject),
    )  # fmt: skip


def _before(merge: Merge, subject: Subject) -> dict[int, dict[str, Any]]:
    """The members' rows as they were."""
    rows = merge.journal["rows"].get(subject.db_table, {})
    found = {int(pk): row["before"] for pk, row in rows.items()}
    missing = [pk for pk in merge.members if pk not in found]
    for record in subject.model._default_manager.filter(pk__in=missing).values():
        found[record["id"]] = record
    return {pk: found.get(pk, {}) for pk in merge.members}


def _why(merge: Merge, told: dict[str, Any]) -> Why:
    titles, subject = merge.journal["labels"], subjects.get(merge.table)
    sentences: list[str] = []
    if told["rule"]:
        sentences.append(_("The rule “%(rule)s” holds.") % {"rule": told["rule"]})
    if told["pattern"] is not None:
        try:
            sentences += [reason(each, subject) for each in explain(model_of(told["run"]), told["pattern"])]
        except (KeyError, ValueError, LookupError):
            sentences.append(_("The detection that weighed it is no longer kept."))
    return Why(
        titles[str(told["a"])]["title"],
        titles[str(told["b"])]["title"],
        min(told["probability"], NEARLY_SURE),
        sentences,
    )


def offers_of(merge: Merge, subject: Subject) -> list[Offer]:
    """What imports since have said of the losers and survivorship would now choose."""
    said = Version.objects.filter(
        table=merge.table, record_id__in=merge.losers, batch__applied_at__gte=merge.merged_at
    ).values_list("record_id", "changed")
    fresh: dict[int, set[str]] = {}
    for record, changed in said:
        fresh.setdefault(record, set()).update(changed if isinstance(changed, dict) else json.loads(changed))
    if not fresh:
        return []
    found = {
        record.pk: record
        for record in subject.model._default_manager.select_related("source", "last_batch").filter(pk__in=merge.members)
    }
    if merge.survivor not in found:
        return []
    members = [found[merge.survivor], *(found[pk] for pk in merge.losers if pk in found)]
    offers = []
    for choice in choices(subject, members, {}):
        loser, held = choice.kept.record, choice.cells[merge.survivor]
        if loser in fresh and subject.stored_name(choice.field) in fresh[loser] and choice.kept.value != held:
            offers.append(
                Offer(choice.field, choice.label, str(found[loser]), choice.kept.value, held,
                      f"/records/{subject.slug}/{merge.survivor}/correct/{choice.field}/")
            )  # fmt: skip
    return offers


def kit_of(merge: Merge) -> dict[str, str]:
    """File name to content: the losers to create again, the rows to point back, and the survivor's values before."""
    subject, labels = subjects.get(merge.table), merge.journal["labels"]
    before = _before(merge, subject)
    filled = [n for n in subject.columns if any(text_of(r.get(subject.stored_name(n))) for r in before.values())]
    recreate = [
        [labels[str(pk)]["external_id"], *(text_of(before[pk].get(subject.stored_name(name))) for name in filled)]
        for pk in merge.losers
    ]
    back = [
        [name, text_of(before[merge.survivor].get(subject.stored_name(name))), told["value"]]
        for name, told in merge.chosen.items()
        if text_of(before[merge.survivor].get(subject.stored_name(name))) != told["value"]
    ]
    survivor = labels[str(merge.survivor)]["external_id"]
    return {
        "1-recreate.csv": _csv(["former_id", *filled], recreate),
        "2-point-back.csv": _csv(
            ["table", "row", "row_id", "field", "from_survivor_id", "to_former_id"], list(_pointing(merge, survivor))
        ),
        "3-survivor-before.csv": _csv(["field", "value_before", "value_after"], back),
        "README.txt": _(
            "Un-merge kit of merge %(pk)s (%(table)s, survivor %(survivor)s).\n\n"
            "1-recreate.csv: the records that were merged away, with all their values. Import it to create them again;"
            " the CRM gives them new ids, former_id says which was which.\n"
            "2-point-back.csv: every row that pointed at one of them. Point it from the survivor to the record created"
            " for to_former_id.\n"
            "3-survivor-before.csv: the survivor's values before the merge, where it changed them.\n"
        ) % {"pk": merge.pk, "table": subject.label, "survivor": survivor},
    }  # fmt: skip


def _pointing(merge: Merge, survivor: str) -> Iterable[list[Any]]:
    by_table = {subject.db_table: subject for subject in subjects.every()}
    for child in merge.journal["children"]:
        if child["earlier"]:
            continue
        holder = by_table.get(child["table"])
        names = {}
        if holder is not None:
            names = dict(holder.model._default_manager.filter(pk__in=child["ids"]).values_list("pk", "external_id"))
        former = merge.journal["labels"][str(child["from"])]["external_id"]
        for key in child["ids"]:
            field = child["column"].removesuffix("_id")
            yield [child["label"], key, names.get(key, ""), field, survivor, former]


def _csv(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    return b"".join(machine_csv(headings, rows)).decode()
