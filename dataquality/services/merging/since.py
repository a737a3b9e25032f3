"""What has happened to a merged cluster since the merge: what undoing keeps, and what it cannot put back by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from psycopg2 import sql

from dataquality import subjects
from dataquality.models import Correction, Finding, Merge, Pair
from dataquality.queries.children import relations
from dataquality.services.merging import journal
from dataquality.statements import fetch, text_of
from dataquality.subjects import Subject

FOLLOWING = (Pair._meta.db_table, Finding._meta.db_table)  # said anew by the next detection or check: never asked about
OURS = ("last_batch_id", "row_number", "updated_at")  # which import told it; no change of what a record says
SHOWN = 20  # child rows named one by one


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise than the merge left it: where, and what it was and is."""

    where: str
    was: str
    now: str
    clashes: bool  # the merge itself had changed it, so that the value before the merge is not the newest word


@dataclass
class Since:
    """Everything that changed since a merge, and what there is to put back."""

    changes: list[Change] = field(default_factory=list)
    back: list[tuple[str, int, dict[str, Any], set[str]]] = field(default_factory=list)  # table, id, row, columns
    again: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # rows that are gone and come back
    away: list[tuple[str, int]] = field(default_factory=list)  # rows that the merge made
    children: list[tuple[dict[str, Any], list[int]]] = field(default_factory=list)  # those that still stand so
    late: list[tuple[str, str, str, int, list[int]]] = field(default_factory=list)  # that came since, by name

    @property
    def clashes(self) -> list[Change]:
        return [change for change in self.changes if change.clashes]


def changed_since(merge: Merge) -> Since:
    """Compare every row that the merge touched with how it left it."""
    since = Since()
    subject = subjects.get(merge.table)
    told = merge.journal["rows"]
    now = journal.rows_of({table: [int(key) for key in rows] for table, rows in told.items()})
    for table, rows in told.items():
        for key, row in rows.items():
            _row(since, merge, subject, table, int(key), row, now.get(table, {}).get(int(key)))
    _children(since, merge)
    _late(since, merge, subject)
    return since


def _row(
    since: Since, merge: Merge, subject: Subject, table: str, key: int, row: dict[str, Any], now: dict[str, Any] | None
) -> None:
    before, after = row["before"], row["after"]
    silent = table in FOLLOWING
    if before is None:
        _made_by_merge(since, subject, table, key, after, now)
    elif now is None:
        if table == Pair._meta.db_table:
            return  # the last detection no longer finds it
        since.again.append((table, before))
        since.changes.append(Change(_where(merge, subject, table, before, ""), _("there"), _("deleted"), clashes=False))
    else:
        ours = {name for name in before if before[name] != after.get(name)}
        kept = {name for name in ours if now[name] != after[name] and now[name] != before[name]}
        put = {name for name in ours - kept if now[name] != before[name]}
        if silent and kept:
            return  # somebody said something newer of it
        if put:
            since.back.append((table, key, before, put))
        if silent:
            return
        for name in sorted(now):
            if name not in OURS and name not in journal.GENERATED and now[name] != after.get(name):
                if name in ours and now[name] == before[name]:
                    continue
                since.changes.append(
                    Change(_where(merge, subject, table, before, name), _text(after.get(name)), _text(now[name]),
                           clashes=name in kept)
                )  # fmt: skip


def _made_by_merge(
    since: Since, subject: Subject, table: str, key: int, after: dict[str, Any], now: dict[str, Any] | None
) -> None:
    """A proposal to the CRM: taken back while it waits; what the CRM has done stays told."""
    if now is None:
        return
    if now.get("fate", "") == after.get("fate", ""):
        since.away.append((table, key))
        return
    label = subject.columns[after["field"]].label if after["field"] in subject.columns else _("The merge")
    since.changes.append(
        Change(
            _("%(what)s, as proposed to the CRM") % {"what": label},
            str(Correction.Fate(after["fate"]).label), str(Correction.Fate(now["fate"]).label), clashes=False,
        )
    )  # fmt: skip


def _children(since: Since, merge: Merge) -> None:
    moved = merge.journal["children"]
    if not moved:
        return
    parts = [
        sql.SQL("SELECT {n}, {k}, {c} FROM {t} WHERE {k} = ANY(%s)").format(
            n=sql.Literal(number), k=sql.Identifier(child["key"]), c=sql.Identifier(child["column"]),
            t=sql.Identifier(child["table"]),
        )
        for number, child in enumerate(moved)
    ]  # fmt: skip
    now: list[dict[int, int | None]] = [{} for _child in moved]
    for number, key, at in fetch(sql.SQL(" UNION ALL ").join(parts), [child["ids"] for child in moved]):
        now[number][key] = at
    for child, stands in zip(moved, now, strict=True):
        _child(since, merge, child, stands)


def _child(since: Since, merge: Merge, child: dict[str, Any], now: dict[int, int | None]) -> None:
    standing = [key for key in child["ids"] if now.get(key) == child["to"]]
    since.children.append((child, standing))
    other = [key for key in child["ids"] if key not in now or now[key] not in (child["to"], child["from"])]
    for key in other[:SHOWN]:
        where = _("%(children)s %(key)s, which came from %(loser)s") % {
            "children": child["label"], "key": key, "loser": _title(merge, child["from"]),
        }  # fmt: skip
        was = _title(merge, child["to"])
        since.changes.append(Change(where, was, _text(now.get(key, _("deleted"))), clashes=False))


def _late(since: Since, merge: Merge, subject: Subject) -> None:
    """Rows that came since and name a loser by its id: they go with it."""
    naming = _naming(subject)
    if not naming:
        return
    journalled = {(child["table"], child["column"], key) for child in merge.journal["children"] for key in child["ids"]}
    params = [
        each
        for holder, _name, _column in naming
        for each in (merge.losers, merge.survivor, merge.members if holder is subject else [])
    ]
    found: dict[tuple[int, int], list[int]] = {}
    for number, key, loser in sorted(fetch(_came_since(subject), params)):
        holder, _name, column = naming[number]
        if (holder.db_table, column, key) not in journalled:
            found.setdefault((number, loser), []).append(key)
    for (number, loser), keys in found.items():
        holder, _name, column = naming[number]
        since.late.append((holder.db_table, column, holder.label, loser, keys))


@cache
def _came_since(subject: Subject) -> str:
    """SQL: (which pointer, row, loser) of the rows that name a loser and lead to its survivor."""
    parts = (
        sql.SQL(
            "SELECT {n}, h.id, l.id FROM {h} h JOIN {t} l ON l.id = ANY(%s) AND l.source_id = h.source_id"
            " AND h.{ref} = l.external_id WHERE h.{c} = %s AND h.id <> ALL(%s::bigint[])"
        ).format(
            n=sql.Literal(number), h=sql.Identifier(holder.db_table), t=sql.Identifier(subject.db_table),
            ref=sql.Identifier(f"{name}_ref"), c=sql.Identifier(column),
        )
        for number, (holder, name, column) in enumerate(_naming(subject))
    )  # fmt: skip
    return text_of(sql.SQL(" UNION ALL ").join(parts))


@cache
def _naming(subject: Subject) -> list[tuple[Subject, str, str]]:
    """(table, pointer, foreign key) of every pointer that names records of this table by their id."""
    keys_to = {(relation.model, relation.column) for relation in relations(subject.model)}
    return [
        (holder, name, f"{key}_id")
        for holder in subjects.every()
        for name, pointer in holder.pointers.items()
        for key, slug in pointer.targets(name).items()
        if slug == subject.slug and (holder.model, f"{key}_id") in keys_to
    ]


def _where(merge: Merge, subject: Subject, table: str, row: dict[str, Any], name: str) -> str:
    if table == subject.db_table:
        labels = {subject.stored_name(each): column.label for each, column in subject.columns.items()}
        return _("%(field)s of %(record)s") % {"field": labels.get(name, name or _("the record")),
                                               "record": _title(merge, row["id"])}  # fmt: skip
    field = row.get("field", "")
    label = subject.columns[field].label if field in subject.columns else field
    return _("%(field)s, as proposed to the CRM (%(what)s)") % {"field": label, "what": name or _("proposal")}


def _title(merge: Merge, key: int) -> str:
    known = merge.journal["labels"].get(str(key))
    return f"{known['title']} ({known['external_id']})" if known else str(key)


def _text(value: Any) -> str:
    return "–" if value in (None, "", {}, []) else str(value)


def told(changes: Iterable[Change], most: int = 5) -> str:
    """The first changes in a sentence."""
    listed = [
        _("%(where)s: “%(was)s” has become “%(now)s”") % {"where": c.where, "was": c.was, "now": c.now} for c in changes
    ]
    rest = len(listed) - most
    return "; ".join(listed[:most]) + (_(" and %(n)s more") % {"n": rest} if rest > 0 else "")
