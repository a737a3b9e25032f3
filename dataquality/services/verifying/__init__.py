"""Attest that values are true until a day, one by one, many at once, or by a file of answers (P47)."""

from dataquality.services.verifying.answers import read_answers
from dataquality.services.verifying.attesting import LONGEST, attest, find_wrong

__all__ = ["LONGEST", "attest", "find_wrong", "read_answers"]
