"""Weights: what each level says for or against two records being one, learnt from the table itself."""

from dataquality.engine.weigh.explaining import Evidence, explain
from dataquality.engine.weigh.labels import Labels
from dataquality.engine.weigh.learning import learn
from dataquality.engine.weigh.model import Model

__all__ = ["Evidence", "Labels", "Model", "explain", "learn"]
