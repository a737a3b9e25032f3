"""API addresses of this app."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from crm_adoption.plan.api import IngredientsView, RiskView
from crm_adoption.plan.api.brought import BroughtView, UnclaimedViewSet
from crm_adoption.plan.api.home import AtHomeView
from crm_adoption.plan.api.ownership import CommitteeView, OwnershipView
from crm_adoption.plan.api.phases import ObjectiveViewSet, PhaseViewSet, WorkItemViewSet
from crm_adoption.plan.api.words import FeedbackViewSet, MessageViewSet, PromiseViewSet, ReadingViewSet

router = SimpleRouter()
router.register("phases", PhaseViewSet, basename="api-phase")
router.register("objectives", ObjectiveViewSet, basename="api-objective")
router.register("work-items", WorkItemViewSet, basename="api-work-item")
router.register("messages", MessageViewSet, basename="api-message")
router.register("promises", PromiseViewSet, basename="api-promise")
router.register("feedback", FeedbackViewSet, basename="api-feedback")
router.register("readings", ReadingViewSet, basename="api-reading")
router.register("brought/unclaimed", UnclaimedViewSet, basename="api-unclaimed")

urlpatterns = [
    path("ingredients/", IngredientsView.as_view(), name="api-ingredients"),
    path("risk/", RiskView.as_view(), name="api-risk"),
    path("home-application/", AtHomeView.as_view(), name="api-home-application"),
    path("ownership/", OwnershipView.as_view(), name="api-ownership"),
    path("brought/", BroughtView.as_view(), name="api-brought"),
    path("committee/", CommitteeView.as_view(), name="api-committee"),
    *router.urls,
]
