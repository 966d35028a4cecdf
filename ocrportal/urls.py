"""All addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

from ocrportal.web.views.health import healthz, readyz

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", healthz),
    path("readyz", readyz),
    path("", include("ocrportal.web.urls")),
]
