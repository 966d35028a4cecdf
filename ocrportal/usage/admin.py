"""The ledger in the admin site, call by call."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from ocrportal.usage.models import Call


@admin.register(Call)
class CallAdmin(admin.ModelAdmin):
    """Finds single calls, such as those of a page; calls cannot be added, changed or deleted."""

    list_display = ("at", "user_name", "credential_name", "service", "status", "code", "units")
    list_filter = ("service", "code", "region")
    search_fields = ("user_name", "credential_name", "code", "=page_id")
    date_hierarchy = "at"
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Call | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Call | None = None) -> bool:
        return False
