"""Which columns a model compares."""

from __future__ import annotations

from collections.abc import Mapping

from dataquality.engine.columns import Kind
from dataquality.engine.matching import Model
from dataquality.queries.matching_evidence import model_of

__all__ = ["kinds_in", "model_of"]


def kinds_in(model: Model, kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """Those of the columns that a model compares: the others were blank throughout when it was learnt."""
    known = {column for _name, _kind, columns in model.slots for column in columns}
    return {name: kind for name, kind in kinds.items() if name in known}
