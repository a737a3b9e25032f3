"""Try a correction by hand without writing it: what would refuse it, said while it is typed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.models import Record
from dataquality.queries.pointers import foreign_keys
from dataquality.services import applying
from dataquality.services.corrections import label_known
from dataquality.services.mending import readable, refuse_faulty, refuse_unknown_target
from dataquality.statements import execute


@transaction.atomic
def try_correction(record: Record, field: str, new: str, *, now: datetime) -> str:
    """The text as the field would hold it. Refuses what `correct` would refuse, in the same words."""
    subject = subjects.get(record._meta.label_lower)
    label = label_known(subject, field)
    if record.state != Record.State.LIVE:
        raise Refusal(_("%(record)s is %(state)s; only live records are corrected.")
                      % {"record": record, "state": record.get_state_display()})  # fmt: skip
    text = readable(subject, field, new.strip())
    held = getattr(record, subject.stored_name(field))
    if text == ("" if held is None else str(held)):
        raise Refusal(_("%(field)s already is “%(new)s”.") % {"field": label, "new": text})
    refuse_faulty(subject, field, text, source=record.source, record_id=record.pk, now=now)
    keys = list(foreign_keys(subject, field)) if field in subject.pointers else []
    if keys and text:
        applying.make_found(subject, field, sql.SQL("SELECT {} AS ref").format(sql.Literal(text)), record.source)
        found = sql.Identifier(applying.TEMPORARY, f"found_{field}")
        refuse_unknown_target(subject, field, keys, found)
        execute(sql.SQL("DROP TABLE {}").format(found))
    return text
