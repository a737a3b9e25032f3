"""What a merge would make of some records, what earlier ones made, and what has happened since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from dataquality.engine import survive
from dataquality.engine.survive import Kept, Member
from dataquality.models import Merge, MergeRule, Record
from dataquality.models.merges import MergeQuerySet
from dataquality.queries.children import children_of
from dataquality.subjects import Subject

STAMPS = ("created_at", "modified_at", "last_touched_at")  # the CRM's own, of each record; they are not chosen
Pick = int | str  # the record whose value is taken, or a value typed by hand


@dataclass(frozen=True)
class Choice:
    """One field of a merge: every member's text, which one stays, and by which rule."""

    field: str
    label: str
    cells: dict[int, str]
    kept: Kept
    pointer: bool
    barred: frozenset[int]  # members whose pointer cannot be the survivor's: of another source, or to a member

    @property
    def differs(self) -> bool:
        """Do at least two members say something else, blank counting as nothing said?"""
        return len({text for text in self.cells.values() if text}) > 1

    @property
    def is_filled(self) -> bool:
        return any(self.cells.values())

    @property
    def is_typed(self) -> bool:
        """Did a person type the value instead of picking a record's?"""
        return self.kept.rule == survive.HAND and self.kept.record is None


@dataclass(frozen=True)
class Plan:
    """What a merge would do: the survivor, the members (survivor first), every field, and what points at each."""

    subject: Subject
    survivor: Any
    members: list[Any]
    choices: list[Choice]
    children: dict[int, dict[str, int]]

    @property
    def losers(self) -> list[Any]:
        return self.members[1:]

    @property
    def moved(self) -> dict[str, int]:
        """How many rows of each kind will point at the survivor instead of a loser."""
        total: dict[str, int] = {}
        for loser in self.losers:
            for label, n in self.children[loser.pk].items():
                total[label] = total.get(label, 0) + n
        return total

    @property
    def changed(self) -> list[Choice]:
        """The fields of the survivor that get another value."""
        return [choice for choice in self.choices if choice.kept.value != choice.cells[self.survivor.pk]]

    @property
    def lost(self) -> int:
        return sum(len(choice.kept.lost) for choice in self.choices)


def plan(
    subject: Subject, ids: Sequence[int], *, survivor: int | None = None, chosen: Mapping[str, Pick] | None = None
) -> Plan:
    """What merging these records would do; refuses what cannot be merged."""
    wanted = sorted(set(ids))
    if len(wanted) < 2:
        raise Refusal(_("A merge needs two records or more; choose another one beside it."))
    stored = subject.model._default_manager.select_related("source", "last_batch").filter(pk__in=wanted)
    found = {record.pk: record for record in stored}
    for pk in wanted:
        record = found.get(pk)
        if record is None:
            raise Refusal(
                _("There is no record %(pk)s in %(table)s; reload the page to see what is there.")
                % {"pk": pk, "table": subject.label}, code="changed_meanwhile",
            )  # fmt: skip
        if record.state != Record.State.LIVE:
            raise Refusal(
                _("%(record)s (%(id)s) is %(state)s; only live records are merged.")
                % {"record": record, "id": record.external_id, "state": record.get_state_display()},
                code="changed_meanwhile", links=((_("See the record"), record.get_absolute_url()),),
            )  # fmt: skip
    children = children_of(subject, wanted)
    first = _survivor(subject, found, children) if survivor is None else survivor
    if first not in found:
        raise Refusal(_("The survivor %(pk)s is not one of the records to be merged.") % {"pk": first})
    members = [found[first], *(found[pk] for pk in wanted if pk != first)]
    return Plan(subject, found[first], members, choices(subject, members, chosen or {}), children)


def _survivor(subject: Subject, found: Mapping[int, Any], children: Mapping[int, Mapping[str, int]]) -> int:
    """The record that most points at, then the fullest, then the oldest: the fewest rows have to move."""
    return min(found, key=lambda pk: (-sum(children[pk].values()), -len(_filled(subject, found[pk])), pk))


def chosen_fields(subject: Subject) -> list[str]:
    """The columns a merge decides about: not the CRM's own stamps, and not what follows from other columns."""
    return [name for name in subject.columns if name not in STAMPS and name not in subject.derived]


def choices(subject: Subject, members: Sequence[Any], chosen: Mapping[str, Pick]) -> list[Choice]:
    """Every field by the rules of its table, and by hand where a person picked; the first member is the survivor."""
    names = chosen_fields(subject)
    for name in chosen:
        if name not in names:
            raise Refusal(
                _("“%(field)s” is not a field that a merge of %(table)s decides about.")
                % {"field": name, "table": subject.label}
            )
    rules, sources = rules_of(subject)
    known = [_member(subject, record, members, sources) for record in members]
    kept = {name: survive.choose(name, known, rules.get(name) or survive.rule_for(subject.columns[name].kind))
            for name in names}  # fmt: skip
    for kinds in survive.TOGETHER:
        group = [name for name in names if subject.columns[name].kind in kinds and name not in rules]
        if len(group) > 1:
            kept |= survive.choose_together(group, known, survive.rule_for(subject.columns[group[0]].kind))
    for name, pick in chosen.items():
        kept[name] = _picked(subject, name, known, pick)
    said = {record.pk: {name: _cell(subject, record, name) for name in names} for record in members}
    return [
        Choice(
            name, subject.columns[name].label, {pk: cells[name] for pk, cells in said.items()}, kept[name],
            name in subject.pointers, frozenset(m.record for m in known if m.cells[name] != said[m.record][name]),
        )
        for name in names
    ]  # fmt: skip


def _cell(subject: Subject, record: Any, name: str) -> str:
    return text_of(getattr(record, subject.stored_name(name)))


def _picked(subject: Subject, name: str, known: Sequence[Member], pick: Pick) -> Kept:
    label = subject.columns[name].label
    if isinstance(pick, int):
        if pick not in {member.record for member in known}:
            raise Refusal(_("%(field)s was picked from a record that is not part of this merge.") % {"field": label})
        if name in subject.pointers and not next(m for m in known if m.record == pick).cells[name]:
            raise Refusal(
                _("%(field)s cannot be taken from that record: it is blank, leads to one of these records, or to one of"
                  " another source.") % {"field": label}
            )  # fmt: skip
        return survive.by_hand(name, known, pick)
    if name in subject.pointers:
        raise Refusal(_("%(field)s points at a record; pick it from one of the records.") % {"field": label})
    return survive.typed(name, known, pick.strip())


def rules_of(subject: Subject) -> tuple[dict[str, str], list[int]]:
    """What a steward set: field to rule, and the sources in the order of trust."""
    rows = list(MergeRule.objects.filter(table=subject.slug))
    rules = {row.field: row.rule for row in rows if row.field and row.rule}
    return rules, next((list(row.sources) for row in rows if not row.field), [])


def _member(subject: Subject, record: Any, members: Sequence[Any], sources: Sequence[int]) -> Member:
    """A record as survivorship takes it. A pointer of another source names nothing in the survivor's, so it is no
    candidate; nor is one that leads to a member, as the survivor would point at itself."""
    ids = {one.pk for one in members}
    home = members[0].source_id
    cells = {}
    for name in chosen_fields(subject):
        cells[name] = _cell(subject, record, name)
        if name in subject.pointers:
            own = any(
                getattr(record, f"{key}_id", None) in ids
                for key, slug in subject.pointers[name].targets(name).items()
                if slug == subject.slug
            )
            if own or record.source_id != home:
                cells[name] = ""
    said = record.modified_at or record.last_batch.taken_at
    rank = sources.index(record.source_id) if record.source_id in sources else len(sources)
    return Member(record.pk, cells, said.timestamp(), rank, len(_filled(subject, record)))


def _filled(subject: Subject, record: Any) -> list[str]:
    return [name for name in subject.columns if getattr(record, subject.stored_name(name)) not in (None, "")]


def text_of(value: Any) -> str:
    """A cell as text; blank where it holds nothing."""
    return "" if value is None else str(value)


def merges_of(table: str = "") -> MergeQuerySet:
    """Merges, the last first; their journals, which are long, are left in the store."""
    made = Merge.objects.defer("journal").select_related("merged_by", "undone_by")
    return made.filter(table=table) if table else made


def standing_merges(record: Record) -> list[Merge]:
    """The merges of a record that stand, the last first: into which it went, or what it took up."""
    table = record._meta.label_lower
    return list(merges_of().standing().touching(table, [record.pk]))


def later_merges(merge: Merge) -> list[Merge]:
    """Standing merges made after this one that share a record with it; undone before it, the last first."""
    later = Merge.objects.standing().touching(merge.table, merge.members).filter(pk__gt=merge.pk)
    return list(later.only("table", "survivor", "losers").order_by("-pk"))


def tower(merge: Merge) -> list[Merge]:
    """This merge and every standing one that rests on it, directly or through another, the last first."""
    found = {merge.pk: merge}
    asked = [merge]
    while asked:
        for one in later_merges(asked.pop()):
            if one.pk not in found:
                found[one.pk] = one
                asked.append(one)
    return sorted(found.values(), key=lambda one: -one.pk)
