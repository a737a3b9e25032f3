"""Records in one spelling: columns of text in, comparable parts out."""

from dataquality.engine.standardise.guessing import guess_kinds
from dataquality.engine.standardise.slots import standardise
from dataquality.engine.standardise.standard import NAMES_SEEN, Learnt, Slot, Standard
from dataquality.engine.standardise.wording import kind_of

__all__ = ["NAMES_SEEN", "Learnt", "Slot", "Standard", "guess_kinds", "kind_of", "standardise"]
