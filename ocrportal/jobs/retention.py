"""Deleting jobs and expired exports."""

from __future__ import annotations

import logging
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ocrportal.accounts.models import User
from ocrportal.jobs.access import export_for, job_for
from ocrportal.jobs.files import delete_export_files, delete_job_files
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.jobs.models.export import Export, kept_for

logger = logging.getLogger(__name__)

MAX_AT_ONCE = 64
"""Files that one call deletes."""


@transaction.atomic
def delete_job(*, user: User, job_id: int) -> None:
    """Delete a job of this user with its documents, pages, results and files.

    A running job ends: its workers lose their leases and drop their results. Raises
    Http404 for a job that is not the user's.
    """
    _delete(job_for(user, job_id).pk)


@transaction.atomic
def delete_jobs_as_admin(*, admin: User, jobs: QuerySet[Job]) -> None:
    """Delete jobs of any owner, such as those of a former user.

    Raises django.core.exceptions.PermissionDenied for a user who may not delete jobs.
    """
    if not admin.has_perm("jobs.delete_job"):
        raise PermissionDenied
    for job_id in list(jobs.values_list("pk", flat=True)):
        _delete(job_id)


def delete_export(*, user: User, export_id: int) -> None:
    """Delete an export of this user with its file, also one that is being written.

    Raises Http404 for an export that is not the user's.
    """
    _delete_export(export_for(user, export_id))


def delete_expired_exports() -> None:
    """Delete the exports whose storage time is over.

    While the storage is out of reach they stay, and are deleted by a later call.
    """
    ended = Export.objects.filter(finished_at__lt=timezone.now() - kept_for())
    for export in ended[:MAX_AT_ONCE]:
        try:
            _delete_export(export)
        except Exception:  # of any storage: the recovery continues without it
            logger.exception("export %s cannot be deleted yet", export.pk)
            return


def _delete_export(export: Export) -> None:
    now = timezone.now()
    # A worker that writes it loses its lease and stops.
    Export.objects.filter(pk=export.pk, status__in=Export.ACTIVE).update(
        status=Export.Status.CANCELLED, lease_expires_at=None, finished_at=now, updated_at=now
    )
    # The row is deleted last: without it the file could not be found if the storage fails.
    delete_export_files(export.job_id, export.pk)
    Export.objects.filter(pk=export.pk).delete()


def _delete(job_id: int) -> None:
    # A worker that adds pages or a result does so before the locks or finds no rows after them.
    # Rows that it added in between would make the deletion fail.
    Job.objects.select_for_update(no_key=True).get(pk=job_id)
    list(Document.objects.filter(job=job_id).select_for_update().values_list("pk"))
    list(Page.objects.filter(job=job_id).order_by("pk").select_for_update().values_list("pk"))
    Job.objects.filter(pk=job_id).delete()
    transaction.on_commit(partial(delete_job_files, job_id))
