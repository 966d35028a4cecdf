from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from ocrportal.accounts.models import User


@admin.register(User)
class PortalUserAdmin(UserAdmin):
    """Django's own screens for users, with the language beside the names."""

    fieldsets = (*(UserAdmin.fieldsets or ()), (_("Preferences"), {"fields": ("language",)}))
