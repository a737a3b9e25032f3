from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from crm_adoption.kit import health, metrics, shell
from crm_adoption.kit.access import EVERYBODY


class JobsConfig(AppConfig):
    name = "crm_adoption.jobs"
    label = "jobs"

    def ready(self) -> None:
        import_module("crm_adoption.celery")  # the wiring: every process that rings needs the configured application
        import_module("crm_adoption.jobs.celery")
        autodiscover_modules("tasks")
        shell.register(shell.Place("Jobs", "jobs", "hourglass", EVERYBODY, 90))
        watching = import_module("crm_adoption.jobs.watching")
        health.register("workers", watching.workers)
        kinds = "Jobs that are not done, by kind and state."
        metrics.register("crma_jobs", kinds, watching.by_kind_and_state, labels=("kind", "state"))
        oldest = "Seconds the oldest waiting job has waited."
        metrics.register("crma_job_oldest_waiting_seconds", oldest, watching.oldest_waiting, labels=("queue",))
        metrics.register("crma_job_sweep_age_seconds", "Seconds since the last sweep.", watching.since_sweep)
