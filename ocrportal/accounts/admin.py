from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ocrportal.accounts.models import ApiToken, User


@admin.register(User)
class PortalUserAdmin(UserAdmin):
    """Django's own screens for users, with their language and the limit of cloud calls."""

    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("Preferences"), {"fields": ("language",)}),
        (_("Huawei Cloud"), {"fields": ("calls_per_month",)}),
    )


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Admins see who has tokens and take them away; they can neither read nor make one."""

    list_display = ("user", "created_at")
    list_filter = ("user",)
    fields = ("user", "created_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
