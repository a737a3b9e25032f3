from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "crm_adoption.plan"
    label = "plan"
