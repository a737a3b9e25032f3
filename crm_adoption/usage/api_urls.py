"""API addresses of this app."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from crm_adoption.usage.api.days import UsageDaysView
from crm_adoption.usage.api.figures import AdoptionView, ReturnView, UtilisationView
from crm_adoption.usage.api.tables import (
    CapabilityViewSet,
    EffortReleaseViewSet,
    LedgerLineViewSet,
    ShadowSystemViewSet,
    UseCaseViewSet,
)

router = SimpleRouter()
router.register("capabilities", CapabilityViewSet, basename="api-capability")
router.register("use-cases", UseCaseViewSet, basename="api-use-case")
router.register("shadow-systems", ShadowSystemViewSet, basename="api-shadow-system")
router.register("effort-releases", EffortReleaseViewSet, basename="api-effort-release")
router.register("ledger-lines", LedgerLineViewSet, basename="api-ledger-line")

urlpatterns = [
    path("usage-days/", UsageDaysView.as_view(), name="api-usage-days"),
    path("utilisation/", UtilisationView.as_view(), name="api-utilisation"),
    path("adoption/", AdoptionView.as_view(), name="api-adoption"),
    path("return/", ReturnView.as_view(), name="api-return"),
    *router.urls,
]
