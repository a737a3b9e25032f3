"""Write corrected values into the mirror, set-based, and see to what hangs on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.engine.rules import check
from dataquality.models import Source
from dataquality.queries import sentence_of
from dataquality.queries.pointers import foreign_keys
from dataquality.rules import active_rules, row_local
from dataquality.services import applying, mirror
from dataquality.services.copying import copy
from dataquality.services.matching import keeping
from dataquality.services.relations import settle_relations
from dataquality.services.scores import take_scores
from dataquality.services.staging import column_types
from dataquality.statements import execute, fetch
from dataquality.subjects import PERSON, Subject

CORRECTING = "correcting_cells"  # temporary: record, external id, the text now, the text wanted


def lock_source(source: Source) -> None:
    """Corrections wait for a batch of the same source that is just being applied, and it for them."""
    execute("SELECT pg_advisory_xact_lock(hashtext('dataquality.apply'), %s)", [source.pk])


def make_correcting_table() -> None:
    execute(
        sql.SQL(
            "DROP TABLE IF EXISTS {0}; CREATE TEMPORARY TABLE {0} (record_id bigint PRIMARY KEY, external_id text,"
            " old text, new text) ON COMMIT DROP"
        ).format(sql.Identifier(CORRECTING))
    )


def readable(subject: Subject, field: str, new: str) -> str:
    """The text of a cell as its column holds it; a text that the column cannot hold is refused."""
    column = subject.model._meta.get_field(subject.stored_name(field))
    assert isinstance(column, models.Field)
    if is_text(column):
        return new
    try:
        value = column.clean(new or None, None)
    except ValidationError as error:
        raise Refusal(
            _("“%(new)s” cannot stand in %(field)s: %(why)s")
            % {"new": new, "field": subject.columns[field].label, "why": " ".join(error.messages)}
        ) from None
    return "" if value is None else str(value)


def refuse_faulty(subject: Subject, field: str, new: str, *, source: Source, record_id: int, now: datetime) -> None:
    """Refuse a new value that a rule would call an error in this record."""
    pointer = subject.pointers.get(field)
    if pointer and not new and (pointer.required or pointer.when):
        raise Refusal(sentence_of(subject, field, "pointer_blank", "", None, []))
    rules = [
        rule
        for rule in row_local(active_rules(subject, default_country=source.default_country))
        if rule.field == field and rule.severity == "error"
    ]
    frame = mirror.of_ids(subject, [record_id], instead={subject.stored_name(field): new})
    if subject.derive:
        frame = subject.derive(frame)
    faults = check(frame, rules, today=now.date())
    errors = faults.filter(faults["severity"] == "error")
    if errors.height:
        code, suggestion = errors.select("code", "suggestion").row(0)
        raise Refusal(sentence_of(subject, field, code, new, suggestion, [], rules[0]))


def put_right(subject: Subject, field: str, *, source: Source, back: bool = False) -> None:
    """Write the wanted texts of the temporary table into the records; pointers are resolved to their targets.

    What the CRM holds is kept in `corrected` until an export agrees; `back` forgets it, as the cell says it again.
    """
    column = subject.stored_name(field)
    keys = foreign_keys(subject, field) if field in subject.pointers else {}
    found, joined = sql.SQL(""), sql.SQL("")
    if keys:
        wanted = sql.SQL("SELECT DISTINCT new AS ref FROM {} WHERE new <> ''").format(sql.Identifier(CORRECTING))
        applying.make_found(subject, field, wanted, source)
        temporary = sql.Identifier(applying.TEMPORARY, f"found_{field}")
        joined = sql.SQL(" LEFT JOIN {} f ON f.ref = w.new").format(temporary)
        found = sql.SQL("").join(sql.SQL(", {0} = f.{0}").format(sql.Identifier(key)) for key in keys)
        if not back:
            refuse_unknown_target(subject, field, list(keys), temporary)
    kept = "t.corrected - {}" if back else "jsonb_build_object({}, w.old) || t.corrected"
    execute(
        sql.SQL(
            "UPDATE {t} t SET {c} = {new}{found}, corrected = {kept} FROM {w} w{joined} WHERE t.id = w.record_id"
        ).format(
            t=sql.Identifier(subject.db_table), c=sql.Identifier(column), new=typed(subject, column, "w.new"),
            found=found, kept=sql.SQL(kept).format(sql.Literal(column)), w=sql.Identifier(CORRECTING), joined=joined,
        )
    )  # fmt: skip
    if keys:
        execute(sql.SQL("DROP TABLE {}").format(temporary))
    derive_again(subject, [row[0] for row in fetch(sql.SQL("SELECT record_id FROM {}").format(
        sql.Identifier(CORRECTING)
    ))])  # fmt: skip
    _key_again(subject, field)


def settle_after(subject: Subject, field: str, *, source: Source, now: datetime) -> None:
    """Score the table anew; where a name was corrected, pointers that waited for it may now find their target."""
    if field in subject.name_columns:
        for gained in applying.resolve_waiting(source, slugs=[subject.slug]):
            settle_relations(gained, source=source, batch=None, now=now)
            if gained is not subject:
                take_scores(gained, source=source, batch=None, now=now)
    take_scores(subject, source=source, batch=None, now=now)


def typed(subject: Subject, column: str, text: str) -> sql.Composable:
    """SQL: a text as the column's type; blank is null where the column is not text."""
    held = subject.model._meta.get_field(column)
    if is_text(held):
        return sql.SQL(text)
    (kind,) = column_types(subject, [column]).values()
    return sql.SQL("nullif({}, '')::{}").format(sql.SQL(text), sql.SQL(kind))


def is_text(column: object) -> bool:
    return isinstance(column, models.TextField | models.CharField)


def refuse_unknown_target(subject: Subject, field: str, keys: Sequence[str], found: sql.Composable) -> None:
    nowhere = sql.SQL(" AND ").join(sql.SQL("{} IS NULL").format(sql.Identifier(key)) for key in keys)
    missing = fetch(sql.SQL("SELECT ref FROM {} WHERE {} ORDER BY 1 LIMIT 1").format(found, nowhere))
    if missing:
        slugs = subject.pointers[field].targets(field).values()
        tables = [_("CRM users") if slug == PERSON else subjects.get(slug).label for slug in slugs]
        raise Refusal(
            _("Exactly one record must be called “%(new)s” in %(tables)s, and there is none or more than one.")
            % {"new": missing[0][0], "tables": _(" or ").join(tables)}
        )


def _key_again(subject: Subject, field: str) -> None:
    """The corrected records are found by their new values at once; very many of them once a job has seen to it."""
    if field not in subject.matched:
        return
    limited = sql.SQL("SELECT record_id FROM {} LIMIT %s").format(sql.Identifier(CORRECTING))
    ids = [row[0] for row in fetch(limited, [keeping.AT_ONCE])]
    if len(ids) < keeping.AT_ONCE:
        keeping.add_keys(subject, ids)


def derive_again(subject: Subject, ids: Sequence[int]) -> None:
    """Fill the columns of these records again that follow from others, such as the outcome from the stage."""
    if subject.derive is None:
        return
    names = ["row", *subject.derived]
    before = mirror.of_ids(subject, ids)
    changed = subject.derive(before).select(names).join(before.select(names), on=names, how="anti", nulls_equal=True)
    if not changed.height:
        return
    temporary = sql.Identifier("derived_cells")
    execute(
        sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT id AS row, {} FROM {} LIMIT 0").format(
            temporary, sql.SQL(", ").join(map(sql.Identifier, subject.derived)), sql.Identifier(subject.db_table)
        )
    )
    copy("derived_cells", ["row", *subject.derived], changed)
    sets = sql.SQL(", ").join(sql.SQL("{0} = d.{0}").format(sql.Identifier(name)) for name in subject.derived)
    execute(
        sql.SQL("UPDATE {} t SET {} FROM {} d WHERE t.id = d.row").format(
            sql.Identifier(subject.db_table), sets, temporary
        )
    )
    execute(sql.SQL("DROP TABLE {}").format(temporary))
