"""The addresses of all screens."""

from django.urls import path

from ocrportal.web.views import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
