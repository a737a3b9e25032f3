"""Statements that are planned once a connection."""

from __future__ import annotations

import pghistory
import pytest
from django.db import connection, transaction

from crm_adoption.kit.prepared import fetch_prepared

pytestmark = pytest.mark.django_db(transaction=True)


def planned() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements ORDER BY name")
        return [name for (name,) in cursor.fetchall()]


def test_it_is_planned_once_and_answers_with_what_is_asked():
    connection.close()

    assert fetch_prepared("sum", "SELECT $1::int + $2::int", [1, 2]) == [(3,)]
    assert fetch_prepared("sum", "not looked at again", [20, None]) == [(None,)]
    assert planned() == ["sum"]


def test_a_new_connection_plans_again():
    fetch_prepared("one", "SELECT $1::text", ["a"])
    connection.close()

    assert fetch_prepared("one", "SELECT $1::text", ["50 %"]) == [("50 %",)]


def test_it_outlives_a_transaction_that_is_rolled_back():
    connection.close()
    with transaction.atomic():
        fetch_prepared("two", "SELECT $1::int", [2])
        transaction.set_rollback(True)

    assert fetch_prepared("two", "SELECT $1::int", [3]) == [(3,)]


def test_a_table_made_anew_is_read_anew():
    for value in (1, 2):
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS kit_prepared_test")
            cursor.execute(f"CREATE TABLE kit_prepared_test AS SELECT {value} AS n")
        assert fetch_prepared("new", "SELECT n FROM kit_prepared_test WHERE n < $1::int", [9]) == [(value,)]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE kit_prepared_test")


def test_the_audit_says_who_acts_before_what_may_write_and_not_before_what_is_prepared():
    said = []

    def hear(execute, statement, *more):
        said.append(statement)
        return execute(statement, *more)

    with pghistory.context(who="somebody"), connection.execute_wrapper(hear), connection.cursor() as cursor:
        fetch_prepared("three", "SELECT $1::int", [3])
        cursor.execute("UPDATE kit_caller SET calls = 0")

    assert [statement for statement in said if statement.startswith("EXECUTE")] == ['EXECUTE "three" (%s)']
    assert "pghistory" in said[-1]
    assert said[-1].endswith("UPDATE kit_caller SET calls = 0")
