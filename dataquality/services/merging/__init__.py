"""Records become one, and are taken apart again exactly."""

from dataquality.services.merging.landing import settle_merges
from dataquality.services.merging.merging import merge
from dataquality.services.merging.rules import set_merge_rules
from dataquality.services.merging.since import Since, changed_since
from dataquality.services.merging.undoing import undo, undo_tower

__all__ = ["Since", "changed_since", "merge", "set_merge_rules", "settle_merges", "undo", "undo_tower"]
