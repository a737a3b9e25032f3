"""What may change about duplicates: found by jobs, judged by people, accepted in bulk, checked on create."""

from dataquality.services.matching.accepting import accept_above, draw_sample
from dataquality.services.matching.judging import judge, postpone, split_off, withdraw

__all__ = ["accept_above", "draw_sample", "judge", "postpone", "split_off", "withdraw"]
