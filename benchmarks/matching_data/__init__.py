"""Made-up tables with known duplicates, for tuning and judging the matching engine; the same from the same numbers."""

from .records import COLUMNS, KINDS, make_contacts

__all__ = ["COLUMNS", "KINDS", "make_contacts"]
