"""API addresses of this app."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from accounts.api import AccountAgreementView, DisagreementViewSet

router = SimpleRouter()
router.register("account-disagreements", DisagreementViewSet, basename="api-account-disagreement")

urlpatterns = [
    path("account-agreement/", AccountAgreementView.as_view(), name="api-account-agreement"),
    *router.urls,
]
