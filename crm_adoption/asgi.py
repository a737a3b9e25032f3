"""The same site for an ASGI server; we run WSGI, because nothing here holds a connection open."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_adoption.settings")

application = get_asgi_application()
