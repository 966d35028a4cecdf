"""Requesting that the results of a job are written into a bucket."""

from __future__ import annotations

from django.db import transaction

from ocrportal.accounts.models import Credential, User
from ocrportal.errors.export import NothingToExport
from ocrportal.errors.request import JobStillActive
from ocrportal.exporters.name_pattern import DEFAULT_NAME_PATTERN
from ocrportal.jobs.access import job_for
from ocrportal.jobs.exporting import export_format, exportable_documents, refuse_unless_suited
from ocrportal.jobs.models import Delivery, Job
from ocrportal.submission import queue


@transaction.atomic
def deliver_job(
    *,
    user: User,
    job_id: int,
    credential: Credential,
    bucket: str,
    prefix: str,
    formats: list[str],
    names: str = DEFAULT_NAME_PATTERN,
) -> Delivery:
    """Request that the results of a job are written into a bucket, as files below ``prefix``.

    ``names`` is a validated pattern for the file names. Files of an earlier delivery of the job
    are overwritten, other objects never. Documents that a format does not suit are left out.
    Raises Http404 for a job of another user, JobStillActive, NothingToExport if no page has a
    result, and NoTimeCodes or NoAnswers if no format suits any document.
    """
    job = Job.objects.select_for_update(no_key=True).get(pk=job_for(user, job_id).pk)
    if job.is_active:
        raise JobStillActive
    documents = exportable_documents(job)
    if not documents:
        raise NothingToExport
    refuse_unless_suited(documents, [export_format(key) for key in formats])
    delivery = Delivery.objects.create(
        job=job,
        credential=credential,
        bucket=bucket,
        prefix=prefix,
        formats=formats,
        names=names,
    )
    queue.wake_on_commit(queue.wake_for_delivery)
    return delivery
