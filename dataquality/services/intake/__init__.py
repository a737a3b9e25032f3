"""From an uploaded file to records: receive, stage, check, apply or discard; every step may be run again."""

from dataquality.services.intake.answers import (
    answer,
    open_questions,
    ready_to_check,
    require_checked,
    require_open,
    set_mapping,
)
from dataquality.services.intake.checking import check, layout_of, stored_columns
from dataquality.services.intake.deciding import apply, discard
from dataquality.services.intake.reading import reading_of, stage
from dataquality.services.intake.receiving import applied_before, receive, workspace
from dataquality.services.intake.tidying import forget, tidy

__all__ = [
    "answer",
    "applied_before",
    "apply",
    "check",
    "discard",
    "forget",
    "layout_of",
    "open_questions",
    "reading_of",
    "ready_to_check",
    "receive",
    "require_checked",
    "require_open",
    "set_mapping",
    "stage",
    "stored_columns",
    "tidy",
    "workspace",
]
