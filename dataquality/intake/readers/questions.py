"""What every reader asks."""

from __future__ import annotations

from dataquality.intake.terms import Question


def no_rows(quarantined: int) -> Question:
    """A file without records may be an empty table or a failed export; only a person knows."""
    rest = f" apart from {quarantined:,} that were kept out" if quarantined else ""
    return Question(
        "no_rows",
        f"The file has headings but no rows{rest}. Is the table empty in the CRM? If not, export it again.",
        ["yes"],
        None,
    )
