"""Addresses for machines that watch the site, and of the shell around every page."""

from django.urls import path

from crm_adoption.kit import health, language, metrics, search

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("search/", search.search, name="search"),
    path("language/", language.choose, name="set_language"),
]
