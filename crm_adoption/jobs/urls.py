"""Addresses of the pages about jobs."""

from django.urls import path

from crm_adoption.jobs import views

urlpatterns = [
    path("", views.job_list, name="jobs"),
    path("<int:pk>/", views.job_detail, name="job"),
    path("<int:pk>/progress/", views.job_progress, name="job-progress"),
    path("<int:pk>/cancel/", views.job_cancel, name="job-cancel"),
    path("<int:pk>/try-again/", views.job_try_again, name="job-try-again"),
]
