"""The Celery application: the broker is a doorbell, the Job row is the truth (reliability.md 2.2)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_adoption.settings")

app = Celery("crm_adoption")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["crm_adoption.jobs"])
