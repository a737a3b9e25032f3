from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "crm_adoption.jobs"
    label = "jobs"

    def ready(self) -> None:
        import_module("crm_adoption.celery")  # the wiring: every process that rings needs the configured application
        import_module("crm_adoption.jobs.celery")
        autodiscover_modules("tasks")
