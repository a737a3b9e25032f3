"""7 Data Quality: the first ingredient with evidence, from the scores of the mirrored tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from contacts.queries import ruled_exits
from crm_adoption.plan.ingredients.base import Check, Declared, Measured, Unit
from dataquality import queries, subjects
from dataquality.queries import matching, verification
from dataquality.queries.stewards import unanswered

FRESH_DAYS = 35


def _scored(now: datetime) -> tuple[list[queries.TableScore], list[str]]:
    """The tables scored lately, and the names of those whose last export is too old to speak for today."""
    scores = [score for score in queries.scoreboard() if score.rate is not None and score.taken_at]
    since = now - timedelta(days=FRESH_DAYS)
    fresh = [score for score in scores if score.taken_at and score.taken_at >= since]
    return fresh, [score.label for score in scores if score not in fresh]


def _oldest(scores: Iterable[queries.TableScore]) -> datetime:
    return min(score.taken_at for score in scores if score.taken_at)


def data_health(now: datetime) -> Measured | None:
    """100 x the headroom of each table scored lately, weighted; undefined without any."""
    scores, old = _scored(now)
    value = queries.data_health(scores)
    if value is None:
        return None
    rates = {score.label: round(score.rate, 6) for score in scores if score.rate is not None}
    detail = {"rates": rates, "left_out": old}
    return Measured(value, sum(score.rows for score in scores), _oldest(scores), detail)


def tables_passing(now: datetime) -> Measured | None:
    """Tables that pass, of all tables scored lately."""
    scores, old = _scored(now)
    if not scores:
        return None
    failing = [score.label for score in scores if not score.passes]
    value = (len(scores) - len(failing)) / len(scores)
    return Measured(value, len(scores), _oldest(scores), {"failing": failing, "left_out": old})


def steward_seats(now: datetime) -> Measured | None:
    """Mirrored tables that a data steward answers for, of all mirrored tables (P49)."""
    tables = [subject.slug for subject in subjects.every()]
    if not tables:
        return None
    vacant = [subject.word for subject in unanswered(tables)]
    return Measured((len(tables) - len(vacant)) / len(tables), len(tables), now, {"vacant": vacant})


def duplicate_births(now: datetime) -> Measured | None:
    """Of the records created in 28 days, in tables that were looked through, those whose cluster holds an older one."""
    since, born, again = now - timedelta(days=28), 0, 0
    for subject in subjects.every():
        counted = matching.births_between(subject.slug, since, now) if subject.enter else None
        if counted is not None:
            born, again = born + counted[0], again + counted[1]
    return Measured(again / born, born, now, {}) if born else None


def verified(now: datetime) -> Measured | None:
    """Critical values attested, not expired and unchanged since, of all that are filled (P47)."""
    rows = [
        row for subject in subjects.every() for row in verification.freshness(subject, timezone.localdate(now))
        if row.critical
    ]  # fmt: skip
    filled, in_force = sum(row.filled for row in rows), sum(row.in_force for row in rows)
    if not filled or not any(row.in_force or row.expired or row.changed or row.wrong for row in rows):
        return None  # nobody has ever attested anything: not measured, rather than none
    due = {f"{row.table}.{row.field}": row.due for row in rows if row.due}
    return Measured(in_force / filled, filled, now, {"due": due})


def lifecycle(now: datetime) -> Measured | None:
    """Ways out of the data that say what tells them and who answers for them, of six (P44)."""
    found = ruled_exits()
    return None if found is None else Measured(found[0], found[1], now, {})


INGREDIENT: Declared = Declared(
    slug="data-quality",
    order=7,
    name=_("Data Quality"),
    meaning=_("Data quality is among the hardest and must be planned for: start clean, keep duplicates out, give every "
    "record a way out, validate its form and verify its truth, and assign someone who owns it."),
    sources=(
        ("P41", _("Start clean: leave behind what was not touched for one to three years.")),
        ("P44", _("Most plan how contacts get in, few how they get out.")),
        ("P49", _("Have a plan, or you will not keep it clean; unless someone owns it, it is only a nice idea.")),
        ("T8", _("In nearly every table the error rate must be below 5 %; critical fields and pointers must be below "
               "1 %; leads may reach 20 %.")),
    ),
    checks=(
        Check(
            "data.health", _("Data health"), 0, 100, Unit.COUNT,
            _("Room that each table has below its limit, weighted; 50 is exactly at the limits, 100 is perfect."),
            _("Import a CRM export."), weight=2.0, fresh_days=FRESH_DAYS, url_name="scoreboard", measure=data_health,
        ),
        Check(
            "data.tables-passing", _("Tables that pass"), 0.0, 1.0, Unit.SHARE,
            _("Tables under their limit, critical fields and pointers included."),
            _("Import a CRM export."), fresh_days=FRESH_DAYS, url_name="scoreboard", measure=tables_passing,
        ),
        Check(
            "data.duplicate-births", _("Duplicates among new records"), 0.05, 0.01, Unit.SHARE,
            _("Records created in 28 days that stand there already."),
            _("Look for duplicates; each import then counts them."),
            url_name="duplicates", measure=duplicate_births,
        ),
        Check(
            "data.stewards", _("Tables with a steward"), 0.0, 1.0, Unit.SHARE,
            _("Mirrored tables that a data steward answers for."),
            _("Name a data steward for each table."), url_name="seats", measure=steward_seats,
        ),
        Check(
            "data.lifecycle", _("Ways out that have a rule"), 0, 6, Unit.COUNT,
            _("Of the six ways a contact leaves the data, those with a rule and an owner."),
            _("Decide what happens when somebody leaves, dies, or falls silent, in the admin site."), fresh_days=370,
            measure=lifecycle,
        ),
        Check(
            "data.verified", _("Critical fields verified and fresh"), 0.3, 0.9, Unit.SHARE,
            _("Critical values that somebody attested and whose attestation has not expired."),
            _("Verify critical fields with the people they are about."), fresh_days=100,
            url_name="verification", measure=verified,
        ),
    ),
)  # fmt: skip
