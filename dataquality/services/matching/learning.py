"""When weights are learnt anew: while next to nothing has changed, the same pairs stay as probable as they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from dataquality.engine.columns import Kind
from dataquality.engine.matching import Model
from dataquality.models import Judgement, MatchRun
from dataquality.queries.matching import last_run
from dataquality.services.matching.changed import changed_since
from dataquality.services.matching.models import model_of
from dataquality.subjects import Subject

LEARNT = "learnt"  # in a run's model, beside what the engine writes
AGAIN = 0.05  # the share of the records that must have changed since


@dataclass(frozen=True)
class Weights:
    """The model to weigh with, or none where it is to be learnt; what will be noted of it; what to tell."""

    model: Model | None
    learnt: dict[str, Any]
    told: list[str]


def weights_for(run: MatchRun, left: Subject, right: Subject, kinds: Mapping[str, Kind]) -> Weights:
    """The last full run's weights, unless columns, judgements or more than 5 % of the records have changed since."""
    taught = _taught(left, right)
    fresh = Weights(None, {"at": run.started_at.isoformat(), "snapshot": run.snapshot, "taught": taught}, [])
    last = _last_learnt(run)
    known = last.model.get(LEARNT) if last else None
    if last is None or known is None or known["taught"] != taught:
        return fresh
    model = model_of(last.pk)
    if {column for _name, _kind, columns in model.slots for column in columns} != set(kinds):
        return fresh
    tables = {left.slug: left, right.slug: right}.values()
    changed = sum(len(changed_since(one, known["snapshot"])) for one in tables)
    if changed > AGAIN * run.rows:
        return fresh
    told = _("Weights as learnt on %(day)s: %(n)s records have changed since, and nobody has taught anything.")
    return Weights(model, known, [told % {"day": known["at"][:10], "n": f"{changed:,}"}])


def _last_learnt(run: MatchRun) -> MatchRun | None:
    last = last_run(run.table, run.beside)
    if last is None:
        return None
    return last.learnt_in or last


def _taught(left: Subject, right: Subject) -> list[Any]:
    """What is known of the judgements that teach: any new, changed or withdrawn one makes a difference."""
    teaching = Judgement.objects.filter(table_a=left.slug, table_b=right.slug, held_back=False, acceptance=None)
    said = teaching.aggregate(n=Count("pk"), last=Max("judged_at"))
    return [said["n"], said["last"].isoformat() if said["last"] else ""]
