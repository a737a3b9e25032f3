from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "crm_adoption.usage"
    label = "usage"
