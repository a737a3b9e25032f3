"""What a person says of a batch: answers to questions, the mapping, the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.engine.parse import DateFormat
from dataquality.intake.reading import Question, Reading
from dataquality.intake.recognise import risk_of
from dataquality.models import Batch


def answer(batch: Batch, *, choices: Mapping[str, Any]) -> Batch:
    """A person's answers to the reader (encoding, delimiter, header row, sheet) and to date orders; read anew after."""
    require(batch, Batch.State.RECEIVED, Batch.State.STAGED, Batch.State.CHECKED, Batch.State.REFUSED)
    batch.choices = {**batch.choices, **choices}
    batch.state = Batch.State.RECEIVED
    batch.save(update_fields=["choices", "state", "updated_at"])
    return batch


def open_questions(batch: Batch) -> list[Question]:
    """What a person must still answer before this batch may be applied."""
    if not batch.reading:
        return []
    confirmed = set(batch.choices.get("confirmed", ()))
    found = [q for q in Reading.from_json(batch.reading).questions if not _answered(q, confirmed)]
    for name, said in batch.formats.items():
        if "date" not in said:
            continue
        form = DateFormat.from_json(str(said["date"]))
        code = f"date_order.{name}"
        if form.ambiguous and name not in batch.choices.get("dates", {}) and code not in confirmed:
            label = subjects.get(batch.table).columns[name].label
            sentence = _(
                "%(column)s: no date settles whether the day or the month comes first (for example %(example)s). "
                "Which is it?"
            ) % {"column": label, "example": form.example}
            found.append(Question(code, sentence, ["DMY", "MDY"], form.order))
    return found


def _answered(question: Question, confirmed: set[str]) -> bool:
    return question.code in confirmed or any(said.startswith(question.code + ":") for said in confirmed)


def set_mapping(
    batch: Batch,
    *,
    table: str,
    mapping: Mapping[str, str],
    key: Sequence[str],
    product: str = "",
    full: bool | None = None,
) -> Batch:
    """A person says which heading feeds which field and what identifies a row; remembered when it is applied."""
    require(batch, Batch.State.STAGED, Batch.State.CHECKED)
    subject, headings = subjects.resolve(table), Reading.from_json(batch.reading).headings
    chosen = {heading: name for heading, name in mapping.items() if name}
    for heading in (*chosen, *key):
        if heading not in headings:
            raise Refusal(
                _("%(file)s has no column %(column)r; it has %(all)s.")
                % {"file": batch.file_name, "column": heading, "all": ", ".join(headings[:12])}
            )
    for heading, name in chosen.items():
        if name not in subject.columns and name != "external_id":
            raise Refusal(
                _("%(table)s have no field %(field)r for the column %(column)r; choose one of %(all)s.")
                % {"table": subject.label, "field": name, "column": heading, "all": ", ".join(subject.columns)}
            )
    twice = [name for name in set(chosen.values()) if list(chosen.values()).count(name) > 1]
    if twice:
        raise Refusal(_("Two columns feed the field %(field)s; leave one of them out.") % {"field": twice[0]})
    batch.table, batch.mapping, batch.key = subject.slug, chosen, list(key)
    batch.product = product or batch.product or "generic"
    batch.recognised = {**batch.recognised, "key_risk": risk_of(chosen, batch.key)}
    batch.formats, batch.state = {}, Batch.State.STAGED
    if full is not None:
        batch.is_full = full
    batch.save()
    return batch


def require_checked(batch: Batch) -> Batch:
    """Refuse what needs a checked batch with no question left."""
    require(batch, Batch.State.CHECKED)
    waiting = open_questions(batch)
    if waiting:
        raise Refusal(waiting[0].sentence, code="unanswered")
    return batch


def ready_to_check(batch: Batch) -> bool:
    """Is there nothing left for a person to say before the rows can be checked?"""
    named = set(batch.mapping.values()) - {"external_id"}
    return batch.state == Batch.State.STAGED and bool(batch.key and named) and not open_questions(batch)


def require_open(batch: Batch) -> Batch:
    require(batch, Batch.State.STAGED, Batch.State.CHECKED)
    return batch


def require(batch: Batch, *states: str) -> None:
    if batch.state not in states:
        raise Refusal(
            _("%(file)s is %(state)s, so this cannot be done with it now.")
            % {"file": batch.file_name, "state": batch.get_state_display()},
            code="wrong_state",
        )
