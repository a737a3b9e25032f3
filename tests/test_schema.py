"""The API against its own schema: what it answers is what it says, whatever it is sent."""

from __future__ import annotations

import logging

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, seed
from hypothesis import settings as bounded
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance, unsupported_method

from crm_adoption.kit import schema
from crm_adoption.kit.permissions import SCOPES
from dataquality import subjects
from dataquality.models import Correction, Finding, Source
from tests import make

# What a schema cannot say: which names exist, in which state a row is.
LEFT_OUT = [positive_data_acceptance, negative_data_rejection, unsupported_method]

described = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
described.app = get_wsgi_application()
described.location = "/api/v1/schema/"


def test_the_schema_is_made_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["application/vnd.oai.openapi", "application/vnd.oai.openapi+json"])
def test_the_schema_is_written_once_a_language_and_format(client, monkeypatch, kind):
    first = client.get("/api/v1/schema/", headers={"accept": kind})
    monkeypatch.setattr(SchemaGenerator, "get_schema", None)
    again = client.get("/api/v1/schema/", headers={"accept": kind})

    assert first.status_code == again.status_code == 200
    assert again.content == first.content
    assert again["Content-Type"] == first["Content-Type"]
    assert again["Content-Disposition"] == first["Content-Disposition"]
    monkeypatch.undo()
    chinese = client.get("/api/v1/schema/", headers={"accept": kind, "accept-language": "zh-hans"})
    assert chinese.status_code == 200


@pytest.mark.parametrize("asked", ["lang=tlh", "version=7"])
def test_what_anybody_may_write_behind_the_address_is_not_kept(db, client, asked):
    before = set(schema._written)

    assert client.get(f"/api/v1/schema/?{asked}").status_code == 200
    assert set(schema._written) == before


@pytest.fixture
def key(db):
    """The header of a token that may everything, in a store with something of everything."""
    record = make.account()
    make.correction(record, "industry")
    make.finding(record, "name.required")
    make.batch(record.source, subjects.get(make.ACCOUNT))
    logging.disable(logging.ERROR)
    for moment in (request_started, request_finished):  # the test's transaction is on this connection
        moment.disconnect(close_old_connections)
    yield {"Authorization": f"Bearer {make.token(make.superuser(), scopes=SCOPES)[1]}"}
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)
    logging.disable(logging.NOTSET)


@pytest.mark.journey
@described.parametrize()
@seed(20_161_020)
@bounded(
    max_examples=12, derandomize=False, database=None, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_every_answer_is_one_the_schema_names(case, key):
    for name, model in {"batches": None, "sources": Source, "findings": Finding, "corrections": Correction}.items():
        if model and f"/{name}/{{id}}/" in case.operation.path:
            case.path_parameters["id"] = model.objects.values_list("pk", flat=True).first()

    case.call_and_validate(headers=key, excluded_checks=LEFT_OUT)
