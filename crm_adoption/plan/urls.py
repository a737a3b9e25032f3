"""Addresses of this app."""

from django.urls import path

from crm_adoption.plan import views

urlpatterns = [
    path("", views.home, name="home"),
    path("ingredients/", views.ingredients, name="ingredients"),
    path("ingredients/<slug:slug>/", views.ingredient, name="ingredient"),
]
