"""The URL configuration of the portal."""

from django.contrib import admin
from django.urls import include, path

from ocrportal.api.routes import api

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("", include("ocrportal.web.urls")),
]
