"""A record that somebody enters here: it stands in the mirror like any other, and leaves for the CRM in a file.

It takes the way of every import, as a file of one row, so that rules, findings, scores and keys see it as they see
all others. Its id is ours until the CRM gives it one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality.models import Batch, Source
from dataquality.services import intake, matching, previewing
from dataquality.services.matching import Likely
from dataquality.subjects import Subject

ENTERED_HERE = "Entered here"
ID = "Id given here"
REFUSED = 0.5  # from this probability on a new record is more likely than not one that is here already


class WouldDuplicate(Refusal):
    """The new record probably stands here already; `likely` says as which."""

    def __init__(self, sentence: str, likely: list[Likely]) -> None:
        super().__init__(sentence, code="duplicate")
        self.likely = likely


def enter(
    subject: Subject, values: Mapping[str, str], *, by: Person, now: datetime, allow_duplicate: str = ""
) -> Batch:
    """Receive and check a new record of these fields; the batch waits to be applied.

    One that probably duplicates a stored record is refused, unless `allow_duplicate` says why there may be two; one
    that breaks a rule is refused with the rule's sentence.
    """
    given = {name: str(value).strip() for name, value in values.items() if str(value).strip()}
    if not given:
        raise Refusal(_("A new record needs at least one field that is filled."), code="empty")
    found = matching.likely_duplicates(subject, given) or []
    likely = [one for one in found if one.probability >= REFUSED]
    if likely and not allow_duplicate.strip():
        raise WouldDuplicate(_told(subject, likely), likely)
    source, _made = Source.objects.get_or_create(name=ENTERED_HERE, defaults={"kind": Source.Kind.CONNECTED})
    external_id = f"here-{uuid4().hex}"
    batch = intake.receive(
        io.BytesIO(_file(given, external_id)), name=f"{external_id}.csv", source=source, by=by, now=now,
        table=subject.slug, product="generic",
    )  # fmt: skip
    batch = intake.stage(batch)
    if batch.state == Batch.State.REFUSED:
        raise Refusal(batch.refusal)
    mapping = {name: name for name in given}
    batch = intake.set_mapping(batch, table=subject.slug, mapping={**mapping, ID: "external_id"}, key=[ID])
    batch = intake.check(batch, now=now)
    _refuse_faulty(batch)
    if likely:
        why = {"allow_duplicate": allow_duplicate.strip(), "duplicates": [one.record_id for one in likely]}
        batch.recognised = {**batch.recognised, **why}
        batch.save(update_fields=["recognised", "updated_at"])
    return batch


def _file(given: Mapping[str, str], external_id: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([ID, *given])
    writer.writerow([external_id, *given.values()])
    return text.getvalue().encode()


def _refuse_faulty(batch: Batch) -> None:
    if batch.counts.get("new") == 1 and not batch.counts.get("faulty"):
        return
    faults = [fault for fault in previewing.preview(batch).faults if fault.get("severity", "error") == "error"]
    if faults or batch.counts.get("new") != 1:
        sentence = faults[0]["sentence"] if faults else _("The record could not be read; check its fields.")
        intake.discard(batch)
        raise Refusal(sentence, code="faulty")


def _told(subject: Subject, likely: list[Likely]) -> str:
    sentence = _(
        "%(table)s hold %(n)s that this one probably duplicates (the surest %(p)s); use that, or say in "
        "allow_duplicate why there may be two."
    )
    return sentence % {"table": subject.label, "n": len(likely), "p": f"{likely[0].probability:.0%}"}
