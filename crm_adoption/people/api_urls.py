"""API addresses of this app."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from crm_adoption.people.api import MeView, OwnLooksViewSet, PersonViewSet

router = SimpleRouter()
router.register("people", PersonViewSet, basename="api-people")

urlpatterns = [
    path("me/", MeView.as_view(), name="api-me"),
    path("me/looks/", OwnLooksViewSet.as_view({"get": "list"}), name="api-own-looks"),
    *router.urls,
]
