"""The web process: `gunicorn crm_adoption.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from crm_adoption.kit.memory import keep_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_adoption.settings")

application = get_wsgi_application()
assert get_resolver().url_patterns  # loaded now and not by the first request
keep_loaded()
