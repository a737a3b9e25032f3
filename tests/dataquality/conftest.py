"""What these tests share: a moment, and tables like those an intake hands over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

NOW = datetime(2030, 5, 17, 9, 30, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def staged():
    """Make the tables that a batch brings: faults as (row, rule, field, code, value, suggestion), and ids."""

    def stage(records, faults=(), *, severity="error"):
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS t_faults, t_ids")
            cursor.execute(
                "CREATE TEMPORARY TABLE t_faults (row_number bigint, rule text, field text, severity text, code text,"
                " value text, suggestion text)"
            )
            cursor.execute("CREATE TEMPORARY TABLE t_ids (row_number bigint, record_id bigint)")
            for number, record in enumerate(records):
                cursor.execute("INSERT INTO t_ids VALUES (%s, %s)", [number, record.pk])
            for row, rule, field, code, value, suggestion in faults:
                cursor.execute(
                    "INSERT INTO t_faults VALUES (%s, %s, %s, %s, %s, %s, %s)",
                    [row, rule, field, severity, code, value, suggestion],
                )
        return "t_faults", "t_ids"

    return stage
