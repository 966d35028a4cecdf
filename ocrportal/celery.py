"""The Celery application: workers start with ``celery -A ocrportal worker``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrportal.settings")

app = Celery("ocrportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["ocrportal.recognition"])
