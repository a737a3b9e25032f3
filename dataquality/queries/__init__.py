"""What the pages and the API want to know of data quality, across tables."""

from dataquality.queries.finding_records import find_records
from dataquality.queries.kinds import FaultKind, fault_kinds
from dataquality.queries.limits import Limits, limits_of, sample_for
from dataquality.queries.naming import exported_fields, label_of_table
from dataquality.queries.priority import BY_PRIORITY, by_priority
from dataquality.queries.problems import Noise, Problem, noise, problems, rows_with, said_of, sentence_of, value_counts
from dataquality.queries.records import Change, Told, corrections_of, findings_of, history_of, versions_of
from dataquality.queries.scores import (
    USES,
    FieldScore,
    Fitness,
    TableScore,
    data_health,
    field_name,
    said,
    scoreboard,
    trend_of,
)
from dataquality.queries.searching import Beginning, beginning, with_name_key
from dataquality.queries.working import idle, job_of

__all__ = [
    "BY_PRIORITY",
    "USES",
    "Beginning",
    "Change",
    "FaultKind",
    "FieldScore",
    "Fitness",
    "Limits",
    "Noise",
    "Problem",
    "TableScore",
    "Told",
    "beginning",
    "by_priority",
    "corrections_of",
    "data_health",
    "exported_fields",
    "fault_kinds",
    "field_name",
    "find_records",
    "findings_of",
    "history_of",
    "idle",
    "job_of",
    "label_of_table",
    "limits_of",
    "noise",
    "problems",
    "rows_with",
    "said",
    "said_of",
    "sample_for",
    "scoreboard",
    "sentence_of",
    "trend_of",
    "value_counts",
    "versions_of",
    "with_name_key",
]
