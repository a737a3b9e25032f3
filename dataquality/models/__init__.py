"""Sources, batches, records, findings, corrections and scores."""

from dataquality.models.findings import Correction, Finding, RuleRow
from dataquality.models.intake import Batch, HeaderMap, Quarantined
from dataquality.models.matching import Acceptance, Judgement, KeyIndex, MatchRule, MatchRun, Membership, Pair
from dataquality.models.merges import Merge, MergeRule
from dataquality.models.records import Record, Version, by_beginning
from dataquality.models.scores import FOR, Override, Score
from dataquality.models.settings import FieldSetting, TableSetting
from dataquality.models.sources import ChangeEvent, Identity, Source
from dataquality.models.verification import AnswerFile, Method, Verification, VerificationTerm

__all__ = [
    "FOR",
    "Acceptance",
    "AnswerFile",
    "Batch",
    "ChangeEvent",
    "Correction",
    "FieldSetting",
    "Finding",
    "HeaderMap",
    "Identity",
    "Judgement",
    "KeyIndex",
    "MatchRule",
    "MatchRun",
    "Membership",
    "Merge",
    "MergeRule",
    "Method",
    "Override",
    "Pair",
    "Quarantined",
    "Record",
    "RuleRow",
    "Score",
    "Source",
    "TableSetting",
    "Verification",
    "VerificationTerm",
    "Version",
    "by_beginning",
]
