"""API addresses of this app."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from training.api.courses import (
    CompletionViewSet,
    CourseViewSet,
    EnrolmentViewSet,
    ProcessViewSet,
    SessionViewSet,
)
from training.api.figures import DoingView, ReadinessView
from training.api.statements import StatementsView

router = SimpleRouter()
router.register("processes", ProcessViewSet, basename="api-process")
router.register("courses", CourseViewSet, basename="api-course")
router.register("sessions", SessionViewSet, basename="api-session")
router.register("enrolments", EnrolmentViewSet, basename="api-enrolment")
router.register("completions", CompletionViewSet, basename="api-completion")

urlpatterns = [
    path("xapi/statements/", StatementsView.as_view(), name="api-xapi-statements"),
    path("readiness/", ReadinessView.as_view(), name="api-readiness"),
    path("trained-not-doing/", DoingView.as_view(), name="api-trained-not-doing"),
    *router.urls,
]
