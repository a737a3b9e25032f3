"""API addresses of this app."""

from django.urls import path

from training.api.statements import StatementsView

urlpatterns = [
    path("xapi/statements/", StatementsView.as_view(), name="api-xapi-statements"),
]
