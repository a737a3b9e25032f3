"""Take a merge apart: every row and child as it was, and nothing of what came later is lost unasked."""

from __future__ import annotations

import json
from datetime import datetime

import pghistory
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Finding, Merge
from dataquality.queries.merging import later_merges, tower
from dataquality.services.matching.clusters import regroup_around
from dataquality.services.matching.keeping import compare_again
from dataquality.services.merging import journal
from dataquality.services.merging.locks import in_one_transaction, lock_cluster
from dataquality.services.merging.since import Since, changed_since, told
from dataquality.statements import execute


@in_one_transaction
def undo(merge: Merge, *, by: Person | None, now: datetime, confirm: bool = False, keep: bool = False) -> Merge:
    """Take a merge apart; refused while a later merge rests on it.

    Where something changed since, it is refused with the list (code *changed_since*) until `confirm`, which keeps what
    came later. Cells that the merge had changed and somebody changed again (code *clash*) stay as they are now only
    with `keep`. When nothing changed, the cluster is byte for byte what it was, or nothing is done at all.
    """
    return _undo(merge, by=by, now=now, confirm=confirm, keep=keep)


@in_one_transaction
def undo_tower(
    merge: Merge, *, by: Person | None, now: datetime, confirm: bool = False, keep: bool = False
) -> list[Merge]:
    """Take apart a merge and every later one that rests on it, the last first; all of them or none."""
    return [_undo(one, by=by, now=now, confirm=confirm, keep=keep) for one in tower(merge)]


def _undo(merge: Merge, *, by: Person | None, now: datetime, confirm: bool, keep: bool) -> Merge:
    subject = subjects.get(merge.table)
    lock_cluster(subject, merge.members)
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.is_undone:
        raise Refusal(_("This merge was undone already."), code="undone")
    _refuse_under_others(merge)
    since = changed_since(merge)
    _refuse_changed(merge, since, confirm=confirm, keep=keep)
    with pghistory.context(undone=merge.pk, by=by.pk if by else None):
        _take_away(since)
        _put_rows_back(since)
        failpoint("undo.half")
        _put_children_back(since)
        regroup_around(subject, merge.members)
        compare_again(subject, merge.members)
    if not since.changes and not since.late and journal.fingerprint(subject, merge.members) != merge.before:
        raise Refusal(
            _("Undoing this merge would not give back exactly what was there, so nothing was done. Take its un-merge"
              " kit and mend the records by hand."), code="not_exact",
        )  # fmt: skip
    merge.undone_by, merge.undone_at = by, now
    merge.save(update_fields=["undone_by", "undone_at"])
    return merge


def _refuse_under_others(merge: Merge) -> None:
    later = later_merges(merge)
    if later:
        raise Refusal(
            _("%(n)s later merge rests on this one; undo it first, or undo both together.") % {"n": len(later)}
            if len(later) == 1
            else _("%(n)s later merges rest on this one; undo them first, or undo all together.") % {"n": len(later)},
            code="later_merge",
            links=tuple((_("See merge %(pk)s") % {"pk": one.pk}, one.get_absolute_url()) for one in later),
        )


def _refuse_changed(merge: Merge, since: Since, *, confirm: bool, keep: bool) -> None:
    links = ((_("See what changed"), merge.get_absolute_url()),)
    if since.clashes and not keep:
        raise Refusal(
            _("Changed again since the merge: %(list)s. Say that these stay as they are now, or mend them first.")
            % {"list": told(since.clashes)}, code="clash", links=links,
        )  # fmt: skip
    if since.changes and not (confirm or keep):
        raise Refusal(
            _("Since the merge: %(list)s. Confirm, and these later changes are kept.") % {"list": told(since.changes)},
            code="changed_since", links=links,
        )  # fmt: skip


def _take_away(since: Since) -> None:
    """What the merge itself had made."""
    made: dict[str, list[int]] = {}
    for table, key in since.away:
        made.setdefault(table, []).append(key)
    for table, keys in made.items():
        execute(sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(sql.Identifier(table)), [keys])


def _put_rows_back(since: Since) -> None:
    """The members first, then what is said of them; pairs before they may stand beside each other again."""
    taken = _taken([row for table, _key, row, _columns in since.back if table == journal.FINDINGS])
    alike: dict[tuple[str, frozenset[str]], list[journal.Row]] = {}
    pairs: list[journal.Row] = []
    for table, key, row, columns in since.back:
        if table == journal.PAIRS:
            pairs.append(row)
        elif table != journal.FINDINGS or key not in taken:
            alike.setdefault((table, frozenset(columns)), []).append(row)
    for (table, changed), rows in alike.items():
        journal.put_back(table, rows, changed)
    for table, row in since.again:
        journal.insert_again(table, row)
    if pairs:
        execute(CLEAR, [json.dumps(pairs)])
        journal.put_back(journal.PAIRS, pairs, set(pairs[0]) - {"id", *journal.GENERATED})


# a pair may have come meanwhile to where another goes back to
CLEAR = """
    DELETE FROM dataquality_pair p USING jsonb_populate_recordset(NULL::dataquality_pair, %s::jsonb) back
     WHERE (p.table_a, p.a, p.table_b, p.b) = (back.table_a, back.a, back.table_b, back.b) AND p.id <> back.id"""


def _taken(rows: list[journal.Row]) -> set[int]:
    """Of which findings has a check found the same fault again meanwhile, so that they are history?"""
    counting = ("open", "corrected", "waived")
    back = {row["id"]: (row["rule_id"], row["record_id"]) for row in rows if row["state"] in counting}
    if not back:
        return set()
    records = {record for _rule, record in back.values()}
    standing = Finding.objects.filter(record_id__in=records, state__in=counting)
    stands = [(pk, (rule, record)) for pk, rule, record in standing.values_list("pk", "rule_id", "record_id")]
    return {key for key, fault in back.items() if any(fault == other and pk != key for pk, other in stands)}


def _put_children_back(since: Since) -> None:
    moves = [(child["table"], child["column"], child["key"], child["from"], ids) for child, ids in since.children]
    moves += [(table, column, "id", loser, ids) for table, column, _label, loser, ids in since.late]
    moves = [move for move in moves if move[-1]]
    if moves:
        statements = [
            sql.SQL("UPDATE {} SET {} = %s WHERE {} = ANY(%s)").format(
                sql.Identifier(table), sql.Identifier(column), sql.Identifier(key)
            )
            for table, column, key, _to, _ids in moves
        ]
        execute(sql.SQL("; ").join(statements), [each for move in moves for each in (move[3], sorted(move[4]))])
