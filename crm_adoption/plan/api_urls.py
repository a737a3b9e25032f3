"""API addresses of this app."""

from django.urls import path

from crm_adoption.plan.api import IngredientsView, RiskView

urlpatterns = [
    path("ingredients/", IngredientsView.as_view(), name="api-ingredients"),
    path("risk/", RiskView.as_view(), name="api-risk"),
]
