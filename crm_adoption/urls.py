"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

handler404 = "crm_adoption.kit.nowhere.not_found"
handler429 = "crm_adoption.kit.nowhere.too_many"  # allauth asks for it

urlpatterns = [
    path("", include("crm_adoption.plan.urls")),
    path("sign-in/", include("crm_adoption.people.sign_in_urls")),
    path("people/", include("crm_adoption.people.urls")),
    path("jobs/", include("crm_adoption.jobs.urls")),
    path("", include("dataquality.urls")),
    path("", include("accounts.urls")),
    path("", include("contacts.urls")),
    path("", include("training.urls")),
    path("", include("crm_adoption.usage.urls")),
    path("", include("crm_adoption.kit.urls")),
    path("api/v1/", include("crm_adoption.api")),
    path("admin/", admin.site.urls),
]
