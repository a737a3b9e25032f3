"""Days of use, kept from logs and programs, and read from the mirrored records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from psycopg2 import sql

from crm_adoption.usage.models import Capability, UsageDay, Via
from dataquality import subjects
from dataquality.statements import execute

AT_ONCE = 5000
CHANNEL_LENGTH = 120
LOOK_BACK = timedelta(days=120)  # the days that are read anew; older ones stay as they were read


@dataclass(frozen=True)
class Use:
    """Somebody used a capability so many times on a day; without a capability, they were in the CRM.

    `channel` is the client through which that was, where a log says it.
    """

    person_id: int
    capability_id: int | None
    day: date
    count: int
    channel: str = ""


@transaction.atomic
def record_use(found: Sequence[Use], *, via: str) -> int:
    """Keep days of use; returns how many are new or larger. Said twice, or in two files, the larger count is kept.

    What a log or a program says takes the place of what was read from the mirror.
    """
    summed: dict[tuple[int, int | None, date], int] = {}
    for one in found:
        key = one.person_id, one.capability_id, one.day
        summed[key] = summed.get(key, 0) + one.count
    rows = [(*key, count) for key, count in sorted(summed.items(), key=lambda row: str(row[0]))]
    changed = 0
    for start in range(0, len(rows), AT_ONCE):
        people, capabilities, days, counts = (
            list(column) for column in zip(*rows[start : start + AT_ONCE], strict=True)
        )
        changed += execute(
            """
            INSERT INTO usage_usageday (person_id, capability_id, day, count, via)
            SELECT person, capability, day, count, %s
              FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::int[]) AS r (person, capability, day, count)
            ON CONFLICT (person_id, capability_id, day) DO UPDATE SET
                count = CASE WHEN usage_usageday.via = 'mirror' THEN EXCLUDED.count
                             ELSE greatest(usage_usageday.count, EXCLUDED.count) END,
                via = EXCLUDED.via
             WHERE usage_usageday.via = 'mirror' OR EXCLUDED.count > usage_usageday.count
            """,
            [via, people, capabilities, days, counts],
        )
    _record_channels(found)
    return changed


def _record_channels(found: Sequence[Use]) -> None:
    """Through which client use came, beside how much there was; of what is said twice the larger count is kept."""
    summed: dict[tuple[int, int | None, date, str], int] = {}
    for one in found:
        channel = " ".join(one.channel.split())[:CHANNEL_LENGTH]
        if channel:
            key = one.person_id, one.capability_id, one.day, channel
            summed[key] = summed.get(key, 0) + one.count
    rows = [(*key, count) for key, count in sorted(summed.items(), key=lambda row: str(row[0]))]
    for start in range(0, len(rows), AT_ONCE):
        people, capabilities, days, channels, counts = (
            list(column) for column in zip(*rows[start : start + AT_ONCE], strict=True)
        )
        execute(
            """
            INSERT INTO usage_channelday (person_id, capability_id, day, channel, count)
            SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::text[], %s::int[])
            ON CONFLICT (person_id, capability_id, day, channel) DO UPDATE SET count = EXCLUDED.count
             WHERE EXCLUDED.count > usage_channelday.count
            """,
            [people, capabilities, days, channels, counts],
        )


@transaction.atomic
def derive_use(*, today: date) -> int:
    """Read the use of input capabilities from the mirrored records; running it twice changes nothing.

    A record's owner is taken for who entered it: an import on somebody's behalf counts as theirs. The first time all
    history is read, then the last months. Returns the days of use there are for it.
    """
    kept = 0
    for capability in Capability.objects.live().exclude(derived=Capability.Derived.NO):
        derived = UsageDay.objects.filter(capability=capability, via=Via.MIRROR)
        since = today - LOOK_BACK if derived.exists() else date.min
        derived.filter(day__gte=since).delete()
        kept += _derive(capability, since, today)
    return kept


def _derive(capability: Capability, since: date, today: date) -> int:
    parts = [part for table in capability.tables for part in _parts(capability, table)]
    return execute(
        sql.SQL(
            "INSERT INTO usage_usageday (person_id, capability_id, day, count, via)"
            " SELECT owner_id, {capability}, day, sum(n), 'mirror' FROM ({parts}) AS r"
            " WHERE day BETWEEN {since} AND {today} GROUP BY owner_id, day"
            " ON CONFLICT (person_id, capability_id, day) DO NOTHING"
        ).format(
            capability=sql.Literal(capability.pk), parts=sql.SQL(" UNION ALL ").join(parts),
            since=sql.Literal(max(since, date(1900, 1, 1)).isoformat()), today=sql.Literal(today.isoformat()),
        )
    )  # fmt: skip


def _parts(capability: Capability, table: str) -> list[sql.Composable]:
    """(owner, day, n) of what was created in a table, and of what was changed in it where that counts."""
    names = {
        "t": sql.Identifier(subjects.get(table).db_table),
        "slug": sql.Literal(table),
        "zone": sql.Literal(timezone.get_default_timezone_name()),
        "fields": sql.Literal(
            [place.rpartition(".")[2] for place in capability.fields if place.startswith(f"{table}.")]
        ),
    }
    found = [sql.SQL(CREATED).format(**names)]
    if capability.derived == Capability.Derived.CHANGED:
        if capability.fields:
            found.append(sql.SQL(CHANGED_FIELDS).format(**names))
        else:
            found += [sql.SQL(CHANGED).format(**names), sql.SQL(CHANGED_BEFORE).format(**names)]
    return found


CREATED = """
SELECT owner_id, (created_at AT TIME ZONE {zone})::date AS day, count(*) AS n FROM {t}
 WHERE owner_id IS NOT NULL AND created_at IS NOT NULL GROUP BY 1, 2"""
CHANGED = """
SELECT owner_id, (modified_at AT TIME ZONE {zone})::date, count(*) FROM {t}
 WHERE owner_id IS NOT NULL
   AND (modified_at AT TIME ZONE {zone})::date > (created_at AT TIME ZONE {zone})::date GROUP BY 1, 2"""
CHANGED_BEFORE = """
SELECT t.owner_id, (m.was AT TIME ZONE {zone})::date, count(*)
  FROM dataquality_version v JOIN {t} t ON t.id = v.record_id,
       LATERAL (SELECT (v.changed->'modified_at'->>0)::timestamptz AS was) m
 WHERE v."table" = {slug} AND t.owner_id IS NOT NULL
   AND (m.was AT TIME ZONE {zone})::date > (t.created_at AT TIME ZONE {zone})::date GROUP BY 1, 2"""
CHANGED_FIELDS = """
SELECT t.owner_id, (coalesce((v.changed->'modified_at'->>1)::timestamptz, b.taken_at) AT TIME ZONE {zone})::date,
       count(*)
  FROM dataquality_version v JOIN dataquality_batch b ON b.id = v.batch_id JOIN {t} t ON t.id = v.record_id
 WHERE v."table" = {slug} AND v.changed ?| {fields}::text[] AND t.owner_id IS NOT NULL GROUP BY 1, 2"""
