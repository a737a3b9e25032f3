"""Probes, readiness and metrics."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from health_check.exceptions import ServiceUnavailable, ServiceWarning

from crm_adoption.kit import health, metrics

pytestmark = pytest.mark.django_db


@pytest.fixture
def checks(monkeypatch):
    """The checks of this test only."""
    own: dict[str, health.Check] = {}
    monkeypatch.setattr(health, "_checks", own)
    return own


@pytest.fixture
def gauges(monkeypatch):
    own: dict[str, metrics.Gauge] = {}
    monkeypatch.setattr(metrics, "_gauges", own)
    return own


def test_healthz_answers_without_asking_any_server(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_probe_may_call_by_any_host_name_but_a_page_may_not(client):
    assert client.get("/healthz", headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/", headers={"host": "10.0.0.7:8000"}).status_code == 400


def test_readyz_is_ready_on_a_migrated_store(client):
    answer = client.get("/readyz")
    found = answer.json()["checks"]

    assert answer.status_code == 200
    assert {name: found[name]["state"] for name in ("store", "migrations", "broker")} == {
        "store": "ok",
        "migrations": "ok",
        "broker": "ok",
    }


def test_a_broker_that_is_away_only_degrades(client, settings, tmp_path):
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/gone.sock"

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["checks"]["broker"]["state"] == "degraded"
    assert "jobs start within" in answer.json()["checks"]["broker"]["says"]


def test_a_missing_migration_is_not_ready():
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("people")
    MigrationRecorder(connection).record_unapplied(*newest)

    with pytest.raises(ServiceUnavailable, match=r"not applied; run `python manage\.py migrate`"):
        health.migrations()


def test_a_store_that_is_away_is_not_ready(client, settings, monkeypatch, tmp_path):
    changed = {**connection.settings_dict, "HOST": str(tmp_path)}
    monkeypatch.setattr(connections, "settings", {"default": changed})
    monkeypatch.setattr(health, "_threads", ThreadPoolExecutor())  # the others remember their connections

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["store"]["state"] == "down"


def test_little_room_for_files_degrades(settings):
    settings.DISK_FREE_MIN_BYTES = 10**18

    with pytest.raises(ServiceWarning, match="make room"):
        health.disk()


def test_the_worst_check_decides(client, checks):
    def late() -> str:
        raise ServiceWarning("The workers were not seen for 80 s.")

    health.register("workers", late)
    health.register("fine", lambda: "All is well.")
    degraded = client.get("/readyz")
    health.register("broken", lambda: 1 / 0)
    down = client.get("/readyz")

    assert (degraded.status_code, degraded.json()["state"]) == (200, "degraded")
    assert degraded.json()["checks"]["workers"]["says"] == "The workers were not seen for 80 s."
    assert (down.status_code, down.json()["state"]) == (503, "down")
    assert "division" not in down.content.decode()


def test_a_check_that_hangs_is_an_answer_too(checks):
    let_go = threading.Event()
    health.register("frozen", lambda: let_go.wait(20))
    began = time.monotonic()

    found = health.findings(patience=0.2)

    let_go.set()
    assert found["frozen"] == health.Finding("down", "No answer in time.")
    assert time.monotonic() - began < 2


def test_the_probe_command_fails_when_something_is_down(checks, capsys):
    health.register("fine", lambda: "All is well.")
    call_command("probe")

    def late() -> str:
        raise ServiceWarning("Late.")

    health.register("late", late)
    call_command("probe")
    with pytest.raises(SystemExit, match="1"):
        call_command("probe", "--strict")

    assert "late: degraded. Late." in capsys.readouterr().out


def test_metrics_tell_of_requests_and_of_registered_gauges(client, gauges):
    metrics.register("crma_test_jobs", "Jobs by state.", lambda: {("waiting",): 3, ("done",): 5}, labels=["state"])
    metrics.register("crma_test_age", "Age in seconds.", lambda: 1.5)

    said = client.get("/metrics").content.decode()

    assert 'crma_test_jobs{state="waiting"} 3.0' in said
    assert "crma_test_age 1.5" in said
    assert "django_http_requests_before_middlewares_total" in said


def test_a_gauge_that_fails_hides_no_other(client, gauges, caplog):
    metrics.register("crma_test_broken", "Fails.", lambda: 1 / 0)
    metrics.register("crma_test_after", "Comes after it.", lambda: 2)

    said = client.get("/metrics").content.decode()

    assert "crma_test_after 2.0" in said
    assert "crma_test_broken" not in said
    assert "crma_test_broken could not be read" in caplog.text


@pytest.mark.parametrize(
    ("token", "extra", "expected"),
    [
        ("", {}, 200),
        ("", {"REMOTE_ADDR": "10.0.0.7"}, 403),
        ("", {"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, 403),
        ("", {"REMOTE_ADDR": ""}, 403),
        ("secret", {}, 403),
        ("secret", {"HTTP_AUTHORIZATION": "Bearer wrong"}, 403),
        ("secret", {"HTTP_AUTHORIZATION": "Bearer \u00fcml\u00e4ut"}, 403),
        ("secret", {"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer secret"}, 200),
    ],
)
def test_metrics_are_told_to_this_machine_or_to_the_bearer_of_the_token(client, settings, token, extra, expected):
    settings.METRICS_TOKEN = token

    assert client.get("/metrics", **extra).status_code == expected


def test_a_request_carries_one_id_in_header_and_log_and_its_query_stays_out(client, caplog):
    caplog.set_level(logging.INFO)

    answer = client.get("/sign-in/login/?name=Grete+Hermansson")

    name = answer.headers["X-Request-ID"]
    lines = [str(record.msg) for record in caplog.records if "request_" in str(record.msg)]
    assert str(uuid.UUID(name)) == name
    assert len(lines) == 2
    assert all(name in line for line in lines)
    assert "Hermansson" not in caplog.text
