"""Addresses of this app."""

from django.urls import path

from crm_adoption.usage.views import capabilities, imports, ledgers, overview, own, shadows, use_cases

urlpatterns = [
    path("usage/", overview.overview, name="usage"),
    *capabilities.capabilities.urls,
    path("usage/capabilities/<int:pk>/", capabilities.capability, name="capability"),
    path("usage/capabilities/<int:pk>/retire/", capabilities.capability_retire, name="capability-retire"),
    *use_cases.use_cases.urls,
    path("usage/use-cases/<int:pk>/", use_cases.use_case, name="use-case"),
    *shadows.shadow_systems.urls,
    path("usage/shadow-systems/<int:pk>/", shadows.shadow_system, name="shadow-system"),
    path("usage/shadow-systems/<int:pk>/x-ray/", shadows.x_ray_new, name="shadow-x-ray"),
    path("usage/shadow-systems/<int:pk>/again/", shadows.x_ray_again, name="shadow-x-ray-again"),
    path("usage/shadow-systems/<int:pk>/retire/", shadows.shadow_retire, name="shadow-retire"),
    *ledgers.effort.urls,
    path("usage/effort/<int:pk>/", ledgers.effort_release, name="effort-release"),
    path("usage/effort/<int:pk>/entries/new/", ledgers.entry_new, name="effort-entry-new"),
    path("usage/effort/<int:pk>/settle/", ledgers.effort_settle, name="effort-settle"),
    path("usage/effort/entries/<int:pk>/remove/", ledgers.entry_remove, name="effort-entry-remove"),
    *ledgers.returns.urls,
    path("usage/imports/", imports.import_list, name="usage-imports"),
    path("usage/imports/new/", imports.import_new, name="usage-import-new"),
    path("usage/imports/<int:pk>/", imports.import_result, name="usage-import"),
    path("usage/imports/<int:pk>/faults.csv", imports.import_faults, name="usage-import-faults"),
    path("my-use/", own.my_use, name="my-use"),
    path("my-use/<int:pk>/opinion/", own.my_opinion, name="my-opinion"),
]
