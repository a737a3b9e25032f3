from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "crm_adoption.people"
    label = "people"
