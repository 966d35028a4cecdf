"""The WSGI application: ``gunicorn ocrportal.wsgi``."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrportal.settings")

application = get_wsgi_application()

# Before the server starts its workers, which share the memory, and before the first request.
import_module(settings.ROOT_URLCONF)
