"""Approving the cloud calls of a job."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from ocrportal.accounts.models import User
from ocrportal.errors.request import JobNotActive
from ocrportal.jobs.access import job_for
from ocrportal.jobs.models import Job, Page
from ocrportal.submission import queue


@transaction.atomic
def approve_job(*, user: User, job_id: int) -> Job:
    """Allow the cloud calls of a job, after its owner has seen their number.

    Raises Http404 for a job of another user and JobNotActive if it has ended.
    """
    job = job_for(user, job_id)
    if not Job.objects.filter(pk=job.pk, status__in=Job.ACTIVE).update(approved=True):
        raise JobNotActive
    queued = Page.objects.filter(job=job, status=Page.Status.QUEUED).count()
    for _ in range(min(queued, queue.MAX_WAKES)):
        queue.wake_on_commit(partial(queue.wake_for_page, job))
    job.refresh_from_db()
    return job
