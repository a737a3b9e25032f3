"""Addresses of this app."""

from django.urls import path

from contacts import views

urlpatterns = [
    path("role-call/", views.role_call, name="role-call"),
    path("role-call/answers/", views.role_call_answers, name="role-call-answers"),
]
