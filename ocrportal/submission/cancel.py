"""Cancelling a job."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from ocrportal.accounts.models import User
from ocrportal.errors.request import JobNotActive
from ocrportal.jobs.access import job_for
from ocrportal.jobs.job_status import count_pages
from ocrportal.jobs.models import Document, Job, Page


@transaction.atomic
def cancel_job(*, user: User, job_id: int) -> Job:
    """End a job now. Finished pages stay; the result of a page being processed is dropped.

    Raises Http404 for a job of another user and JobNotActive if it has ended already.
    """
    job = job_for(user, job_id)
    now = timezone.now()
    cancelled = Job.objects.filter(pk=job.pk, status__in=Job.ACTIVE).update(
        status=Job.Status.CANCELLED, finished_at=now
    )
    if not cancelled:
        raise JobNotActive
    Document.objects.filter(job=job, status__in=Document.ACTIVE).update(
        status=Document.Status.CANCELLED, lease_expires_at=None
    )
    Page.objects.filter(job=job, status__in=Page.ACTIVE).update(
        status=Page.Status.CANCELLED, lease_expires_at=None, updated_at=now
    )
    job.refresh_from_db()
    # A worker that ended a page just before finds no active job to count its pages.
    job.save(update_fields=count_pages(job))
    return job
