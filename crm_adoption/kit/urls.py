"""Addresses for machines that watch the site, and of the shell around every page."""

from django.urls import include, path

from crm_adoption.kit import health, metrics, search

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("search/", search.search, name="search"),
    path("language/", include("django.conf.urls.i18n")),
]
