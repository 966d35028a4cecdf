"""The URL configuration of the portal."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from ocrportal.api.routes import api

urlpatterns = [
    # The catalogue of the admin with our translations too, instead of its own.
    path("admin/jsi18n/", JavaScriptCatalog.as_view()),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("", include("ocrportal.web.urls")),
]
