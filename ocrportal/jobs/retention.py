"""Letting go of what we hold."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from ocrportal.accounts.models import User
from ocrportal.jobs.access import job_for
from ocrportal.jobs.files import delete_job_files
from ocrportal.jobs.models import Job


@transaction.atomic
def delete_job(*, user: User, job_id: int) -> None:
    """Delete a job of this user with its documents, pages, results and files.

    A running job ends: its workers find their rows gone and drop what they have. Raises
    Http404 for a job that is not the user's.
    """
    job = job_for(user, job_id)
    job_id = job.pk
    Job.objects.filter(pk=job_id).delete()
    transaction.on_commit(partial(delete_job_files, job_id))
