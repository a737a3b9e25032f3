"""What has happened to a merged cluster since the merge: what undoing keeps, and what it cannot put back by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from psycopg2 import sql

from dataquality import subjects
from dataquality.models import Correction, Finding, Merge, Pair
from dataquality.queries.children import relations
from dataquality.services.merging import journal
from dataquality.statements import fetch
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
    for table, rows in merge.journal["rows"].items():
        now = journal.rows_of(table, [int(key) for key in rows])
        for key, row in rows.items():
            _row(since, merge, subject, table, int(key), row, now.get(int(key)))
    for child in merge.journal["children"]:
        _child(since, merge, child)
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


def _child(since: Since, merge: Merge, child: dict[str, Any]) -> None:
    rows = fetch(
        sql.SQL("SELECT {k}, {c} FROM {t} WHERE {k} = ANY(%s) ORDER BY 1").format(
            k=sql.Identifier(child["key"]), c=sql.Identifier(child["column"]), t=sql.Identifier(child["table"])
        ),
        [child["ids"]],
    )
    now = dict(rows)
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
    journalled = {(child["table"], child["column"], key) for child in merge.journal["children"] for key in child["ids"]}
    keys_to = {(relation.model, relation.column) for relation in relations(subject.model)}
    for holder in subjects.every():
        for name, pointer in holder.pointers.items():
            for key_name, slug in pointer.targets(name).items():
                column = f"{key_name}_id"
                if slug != subject.slug or (holder.model, column) not in keys_to:
                    continue
                rows = fetch(
                    sql.SQL(
                        "SELECT h.id, l.id FROM {h} h JOIN {t} l ON l.id = ANY(%s) AND l.source_id = h.source_id"
                        " AND h.{ref} = l.external_id WHERE h.{c} = %s AND h.id <> ALL(%s) ORDER BY 1"
                    ).format(
                        h=sql.Identifier(holder.db_table), t=sql.Identifier(subject.db_table),
                        ref=sql.Identifier(f"{name}_ref"), c=sql.Identifier(column),
                    ),
                    [merge.losers, merge.survivor, merge.members if holder is subject else []],
                )  # fmt: skip
                by_loser: dict[int, list[int]] = {}
                for key, loser in rows:
                    if (holder.db_table, column, key) not in journalled:
                        by_loser.setdefault(loser, []).append(key)
                for loser, keys in by_loser.items():
                    since.late.append((holder.db_table, column, holder.label, loser, keys))


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
