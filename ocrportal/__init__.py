"""OCR Portal. The Celery application is made with the package, so that tasks find it."""

from ocrportal.celery import app as celery_app

__all__ = ["celery_app"]
