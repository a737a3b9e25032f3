"""The web process: `gunicorn crm_adoption.wsgi`."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from crm_adoption.kit.memory import keep_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_adoption.settings")

application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # now, and not by the first request
keep_loaded()
