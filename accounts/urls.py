"""Addresses of this app."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("accounts/agreement/", views.agreement, name="account-agreement"),
    path("accounts/agreement/compare/", views.compare, name="account-compare"),
    path("accounts/agreement/settings/", views.settings, name="account-agreement-settings"),
    path("accounts/disagreements/", views.disagreements, name="account-disagreements"),
]
