from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "crm_adoption.kit"
    label = "kit"
