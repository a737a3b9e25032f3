"""The outermost and the logging middleware: probes that need no host name, and a request id on every answer."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

from crm_adoption.kit import health, metrics

Answer = Callable[[HttpRequest], HttpResponse]
PROBES: dict[str, Answer] = {"/healthz": health.healthz, "/readyz": health.readyz, "/metrics": metrics.metrics}


class Probes:
    """Answers the probes before hosts, TLS and sessions are looked at: an orchestrator calls by IP address."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        if probe is None or request.method not in ("GET", "HEAD"):
            return self.answer(request)
        return probe(request)


class RequestLog(RequestMiddleware):  # type: ignore[misc]
    """One line when a request starts and one when it ends; its id goes out as X-Request-ID and on into jobs."""

    def prepare(self, request: HttpRequest) -> None:
        super().prepare(request)
        request.META["crm_adoption.request_id"] = request_id()

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        response.headers["X-Request-ID"] = request.META.get("crm_adoption.request_id", "")
        super().handle_response(request, response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Without the query: people search for names, and logs carry none."""
        return f"{request.method} {request.path}"


def request_id() -> str:
    """The id of the request this code runs for; empty outside of one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
