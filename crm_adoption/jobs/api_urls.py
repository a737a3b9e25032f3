"""Addresses of the jobs in the API."""

from rest_framework.routers import SimpleRouter

from crm_adoption.jobs.api import JobViewSet

router = SimpleRouter()
router.register("jobs", JobViewSet, basename="api-job")
urlpatterns = router.urls
