"""What a detection has learnt, read once a process: the model of a run never changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from dataquality.engine.columns import Kind
from dataquality.engine.matching import Model
from dataquality.models import MatchRun


@lru_cache(maxsize=8)
def model_of(run_id: int) -> Model:
    """The model of a run, as the engine takes it."""
    return Model.from_json(json.dumps(MatchRun.objects.values_list("model", flat=True).get(pk=run_id)))


def kinds_in(model: Model, kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """Those of the columns that a model compares: the others were blank throughout when it was learnt."""
    known = {column for _name, _kind, columns in model.slots for column in columns}
    return {name: kind for name, kind in kinds.items() if name in known}
