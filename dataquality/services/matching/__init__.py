"""What may change about duplicates: found by jobs, judged by people, accepted in bulk, checked on create."""

from dataquality.services.matching.accepting import accept_above, draw_sample
from dataquality.services.matching.checking import Likely, likely_duplicates, likely_of_many
from dataquality.services.matching.detecting import sides_of
from dataquality.services.matching.judging import judge, postpone, split_off, withdraw
from dataquality.services.matching.keeping import add_keys, index_of, make_keys, refresh_keys
from dataquality.services.matching.running import detect
from dataquality.services.matching.shards import compare_shard, cut_of, join_shards, prepare_shards, shards_for

__all__ = [
    "Likely",
    "accept_above",
    "add_keys",
    "compare_shard",
    "cut_of",
    "detect",
    "draw_sample",
    "index_of",
    "join_shards",
    "judge",
    "likely_duplicates",
    "likely_of_many",
    "make_keys",
    "postpone",
    "prepare_shards",
    "refresh_keys",
    "shards_for",
    "sides_of",
    "split_off",
    "withdraw",
]
