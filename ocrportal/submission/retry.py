"""Retrying what failed or was cancelled."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from ocrportal.accounts.models import User
from ocrportal.errors.request import NothingToRetry
from ocrportal.jobs.access import job_for
from ocrportal.jobs.job_status import refresh_job_status
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.submission import queue


@transaction.atomic
def retry_job(*, user: User, job_id: int, enqueue: bool = True) -> Job:
    """Queue the failed and cancelled work of a job again; finished pages stay as they are.

    Raises Http404 for a job of another user and NothingToRetry if no work failed or was cancelled.
    """
    job = job_for(user, job_id)
    Job.objects.select_for_update().get(pk=job.pk)
    again = (Page.Status.FAILED, Page.Status.CANCELLED)
    reset = {"attempts": 0, "error_code": "", "error_params": {}}
    reset_page = {**reset, "retries": 0, "not_before": None}
    now = timezone.now()
    pages = Page.objects.filter(job=job, status__in=again)
    readable = pages.exclude(image="").update(
        status=Page.Status.QUEUED, updated_at=now, **reset_page
    )
    pages.filter(image="").update(status=Page.Status.WAITING, updated_at=now, **reset_page)
    ended = (Document.Status.FAILED, Document.Status.CANCELLED, Document.Status.OPENED)
    documents = (
        Document.objects.filter(job=job, status__in=ended)
        .exclude(file="", address="")
        .exclude(status=Document.Status.OPENED, pk__in=_documents_without_waiting_pages(job))
    )
    document_ids = list(documents.values_list("pk", flat=True))
    Document.objects.filter(pk__in=document_ids).update(status=Document.Status.QUEUED, **reset)
    if not readable and not document_ids:
        raise NothingToRetry
    Job.objects.filter(pk=job.pk).update(
        status=Job.Status.RUNNING, started_at=now, finished_at=None
    )
    if enqueue:
        for _ in document_ids:
            queue.wake_on_commit(queue.wake_for_document)
        for _ in range(readable):
            queue.wake_on_commit(partial(queue.wake_for_page, job))
    refresh_job_status(job.pk)
    job.refresh_from_db()
    return job


def _documents_without_waiting_pages(job: Job) -> list[int]:
    documents = Document.objects.filter(job=job).exclude(pages__status=Page.Status.WAITING)
    return list(documents.values_list("pk", flat=True))
