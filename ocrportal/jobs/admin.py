"""Jobs in the administration: owner and status, never the content of pages."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ocrportal.accounts.models import User
from ocrportal.jobs.models import Job
from ocrportal.jobs.retention import delete_jobs_as_admin


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    """A read-only list with deletion: a user can be deleted only after their jobs."""

    list_display = ("name", "owner", "status", "pages_total", "created_at")
    list_filter = ("status", "owner")
    search_fields = ("name", "owner__username")
    list_select_related = ("owner",)
    fields = ("name", "owner", "service", "engine", "status", "created_at", "finished_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_deleted_objects(
        self, objs: QuerySet[Job] | Sequence[Job], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """The objects that the confirmation lists: the jobs, without their pages."""
        names = [str(job) for job in objs]
        return names, {str(Job._meta.verbose_name_plural): len(names)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Job) -> None:
        self.delete_queryset(request, Job.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Delete the jobs with their files."""
        assert isinstance(request.user, User)  # only users get into the administration
        delete_jobs_as_admin(admin=request.user, jobs=queryset)
