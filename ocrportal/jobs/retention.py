"""Letting go of what we hold."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ocrportal.accounts.models import User
from ocrportal.jobs.access import export_for, job_for
from ocrportal.jobs.files import delete_export_files, delete_job_files
from ocrportal.jobs.kept_exports import Export, kept_for
from ocrportal.jobs.models import Document, Job, Page

MOST_AT_ONCE = 64
"""Files that one sweep deletes."""


@transaction.atomic
def delete_job(*, user: User, job_id: int) -> None:
    """Delete a job of this user with its documents, pages, results and files.

    A running job ends: its workers find their rows gone and drop what they have. Raises
    Http404 for a job that is not the user's.
    """
    _delete(job_for(user, job_id).pk)


@transaction.atomic
def delete_jobs_as_admin(*, admin: User, jobs: QuerySet[Job]) -> None:
    """Delete jobs of whichever owner, such as those of somebody who left.

    Raises django.core.exceptions.PermissionDenied for a user who may not delete jobs.
    """
    if not admin.has_perm("jobs.delete_job"):
        raise PermissionDenied
    for job_id in list(jobs.values_list("pk", flat=True)):
        _delete(job_id)


@transaction.atomic
def delete_export(*, user: User, export_id: int) -> None:
    """Delete an export of this user with its file; one that is being written is dropped.

    Raises Http404 for an export that is not the user's.
    """
    _delete_export(export_for(user, export_id))


def delete_expired_exports() -> None:
    """Delete the exports that were kept long enough."""
    ended = Export.objects.filter(finished_at__lt=timezone.now() - kept_for())
    for export in ended[:MOST_AT_ONCE]:
        _delete_export(export)


def _delete_export(export: Export) -> None:
    # The file last: the row leads to it, should the storage be out of reach.
    job_id, export_id = export.job_id, export.pk
    Export.objects.filter(pk=export_id).delete()
    transaction.on_commit(partial(delete_export_files, job_id, export_id))


def _delete(job_id: int) -> None:
    # A worker that is adding pages or a result comes before the locks or finds nothing
    # after them. What it added unseen, the database would refuse to leave without its row.
    Job.objects.select_for_update(no_key=True).get(pk=job_id)
    list(Document.objects.filter(job=job_id).select_for_update().values_list("pk"))
    list(Page.objects.filter(job=job_id).order_by("pk").select_for_update().values_list("pk"))
    Job.objects.filter(pk=job_id).delete()
    transaction.on_commit(partial(delete_job_files, job_id))
