"""Addresses for machines that watch the site."""

from django.urls import path

from crm_adoption.kit import health, metrics

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]
