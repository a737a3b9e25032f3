"""`/metrics` for Prometheus: django-prometheus' counters, and gauges that apps register in `apps.py: ready()`."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_prometheus.exports import ExportToDjangoView
from prometheus_client.core import REGISTRY, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

Values = Mapping[tuple[str, ...], float] | float
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gauge:
    """A figure read at the moment Prometheus asks; no label may hold anything personal."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    read: Callable[[], Values]


_gauges: dict[str, Gauge] = {}


def register(name: str, meaning: str, read: Callable[[], Values], *, labels: Sequence[str] = ()) -> None:
    """Add a gauge: `read` gives one number, or numbers by label values, as `{("import", "waiting"): 3}`."""
    _gauges[name] = Gauge(name, meaning, tuple(labels), read)


class OwnGauges(Collector):
    """Reads every registered gauge; one that fails is left out and logged, the others are still told."""

    def collect(self) -> Iterable[Metric]:
        for gauge in list(_gauges.values()):
            try:
                values = gauge.read()
            except Exception:
                log.exception("The gauge %s could not be read", gauge.name)
                continue
            family = GaugeMetricFamily(gauge.name, gauge.meaning, labels=gauge.labels)
            for labels, value in (values if isinstance(values, Mapping) else {(): values}).items():
                family.add_metric(labels, value)
            yield family

    def describe(self) -> Iterable[Metric]:
        """Nothing is read while the collector registers itself: the store may not be there yet."""
        return ()


REGISTRY.register(OwnGauges())


def metrics(request: HttpRequest) -> HttpResponse:
    """Open to this machine itself; with METRICS_TOKEN set, to whoever shows it as a bearer token and to nobody else."""
    if not _may_read(request):
        refusal = "Metrics are told to this machine, or to whoever sends METRICS_TOKEN as a bearer token.\n"
        return HttpResponse(refusal, status=403, content_type="text/plain")
    answer: HttpResponse = ExportToDjangoView(request)
    return answer


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(shown.encode(), settings.METRICS_TOKEN.encode())
    through_a_proxy = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback and not through_a_proxy
    except ValueError:
        return False
