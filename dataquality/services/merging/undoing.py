"""Take a merge apart: every row and child as it was, and nothing of what came later is lost unasked."""

from __future__ import annotations

from datetime import datetime

import pghistory
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Finding, Merge, Pair
from dataquality.queries.merging import later_merges, tower
from dataquality.services.matching.clusters import regroup_around
from dataquality.services.merging import journal
from dataquality.services.merging.locks import in_one_transaction, lock_cluster
from dataquality.services.merging.since import Since, changed_since, told
from dataquality.statements import execute
from dataquality.subjects import Subject

FINDINGS, PAIRS = Finding._meta.db_table, Pair._meta.db_table


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
        for table, key in since.away:
            execute(sql.SQL("DELETE FROM {} WHERE id = %s").format(sql.Identifier(table)), [key])
        _put_rows_back(subject, since)
        failpoint("undo.half")
        _put_children_back(since)
        regroup_around(subject, merge.members)
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


def _put_rows_back(subject: Subject, since: Since) -> None:
    """The members first, then what is said of them; pairs before they may stand beside each other again."""
    for table, key, row, columns in since.back:
        if table == PAIRS:
            continue
        if table == FINDINGS and _taken(row, key):
            continue
        journal.put_back(table, key, row, columns - set(journal.GENERATED))
    for table, row in since.again:
        journal.insert_again(table, row)
    back = [(key, row) for table, key, row, _columns in since.back if table == PAIRS]
    # a pair may stand where another comes back to: the moved ones leave first
    for key, row in sorted(back, key=lambda each: each[0]):
        if not _place_free(key, row):
            Pair.objects.filter(table_a=row["table_a"], a=row["a"], table_b=row["table_b"], b=row["b"]).delete()
        columns = {name for name in row if name not in ("id", *journal.GENERATED)}
        journal.put_back(PAIRS, key, row, columns)


def _place_free(key: int, row: journal.Row) -> bool:
    standing = Pair.objects.filter(table_a=row["table_a"], a=row["a"], table_b=row["table_b"], b=row["b"])
    return not standing.exclude(pk=key).exists()


def _taken(row: journal.Row, key: int) -> bool:
    """Has a check found the same fault again meanwhile, so that this finding is history?"""
    return (
        row["state"] in ("open", "corrected", "waived")
        and Finding.objects.filter(
            rule_id=row["rule_id"], record_id=row["record_id"], state__in=("open", "corrected", "waived")
        )
        .exclude(pk=key)
        .exists()
    )


def _put_children_back(since: Since) -> None:
    for child, ids in since.children:
        _point(child["table"], child["column"], child["key"], child["from"], ids)
    for table, column, _label, loser, ids in since.late:
        _point(table, column, "id", loser, ids)


def _point(table: str, column: str, key: str, to: int, ids: list[int]) -> None:
    if ids:
        execute(
            sql.SQL("UPDATE {t} SET {c} = %s WHERE {k} = ANY(%s)").format(
                t=sql.Identifier(table), c=sql.Identifier(column), k=sql.Identifier(key)
            ),
            [to, sorted(ids)],
        )
