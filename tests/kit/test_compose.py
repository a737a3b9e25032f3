"""docker-compose.yml and Dockerfile say the same as `up`; no engine runs them here, so their text is judged."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from crm_adoption.kit import processes
from crm_adoption.kit.embedded import postgres

BASE = Path(settings.BASE_DIR)
TEXT = (BASE / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(TEXT)["services"]
EXPECTED = {
    process.name: process
    for process in (processes.web("0.0.0.0:8000"), *map(processes.worker, processes.QUEUES), processes.beat())
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_service_runs_the_command_and_environment_of_up(name):
    service, process = SERVICES[name], EXPECTED[name]

    assert service["command"] == ["python", *process.arguments]
    assert {key: service["environment"].get(key) for key in process.environment} == dict(process.environment)
    assert service["stop_grace_period"] == f"{process.patience:.0f}s"


def test_the_image_starts_the_same_web_process_and_checks_it_the_same_way():
    dockerfile = (BASE / "Dockerfile").read_text()
    commands = [json.loads(found) for found in re.findall(r"^\s*CMD (\[.*\])$", dockerfile, re.MULTILINE)]

    assert commands == [SERVICES["web"]["healthcheck"]["test"][1:], SERVICES["web"]["command"]]
    assert "\nUSER app\n" in dockerfile
    assert "requirements-dev" not in dockerfile


def test_every_service_has_a_health_check_or_a_reason():
    without = [name for name, service in SERVICES.items() if not service.get("healthcheck", {}).get("test")]

    assert without == ["prepare"]
    assert SERVICES["prepare"]["healthcheck"] == {"disable": True}
    assert SERVICES["prepare"]["restart"] == "no"


def test_nobody_starts_before_the_store_is_prepared():
    for name in EXPECTED:
        waits = {needed: how["condition"] for needed, how in SERVICES[name]["depends_on"].items()}
        assert waits == {
            "store": "service_healthy",
            "broker": "service_healthy",
            "prepare": "service_completed_successfully",
        }


def test_data_outlives_its_containers():
    volumes = yaml.safe_load(TEXT)["volumes"]

    assert set(volumes) == {"store", "files"}
    assert SERVICES["store"]["volumes"] == ["store:/var/lib/postgresql"]
    assert all(SERVICES[name]["volumes"] == ["files:/data"] for name in EXPECTED)


def test_the_servers_are_the_ones_that_are_tested():
    assert SERVICES["store"]["image"] == "postgres:18"
    assert SERVICES["broker"]["image"] == "valkey/valkey:9"
    assert "--requirepass" in SERVICES["broker"]["command"]


def test_the_store_is_set_as_the_embedded_one():
    given = dict(option.split("=") for option in SERVICES["store"]["command"] if "=" in option)

    assert given.pop("shared_buffers").startswith("${POSTGRES_CACHE:-")
    assert given == {name: postgres.SETTINGS[name].strip("'") for name in given}
    assert {"work_mem", "maintenance_work_mem", "random_page_cost"} <= set(given)


def test_every_variable_of_compose_is_in_the_example():
    example = (BASE / ".env.example").read_text()
    explained = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", example, re.MULTILINE))
    used = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", TEXT))

    assert used - explained == set()
    assert needed == set(re.findall(r"^([A-Z][A-Z_]+)=", example, re.MULTILINE))
