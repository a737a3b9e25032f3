"""The REST API: one router, one schema."""

from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from crm_adoption.kit.schema import SchemaView

urlpatterns = [
    path("", include("crm_adoption.people.api_urls")),
    path("", include("crm_adoption.jobs.api_urls")),
    path("", include("dataquality.api_urls")),
    path("", include("accounts.api_urls")),
    path("", include("training.api_urls")),
    path("", include("crm_adoption.usage.api_urls")),
    path("", include("crm_adoption.plan.api_urls")),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema", permission_classes=[]), name="api-docs"),
]
