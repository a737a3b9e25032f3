"""The web process: `gunicorn crm_adoption.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_adoption.settings")

application = get_wsgi_application()
