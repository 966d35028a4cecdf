"""What a job's documents and pages make of the job as a whole."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from ocrportal.jobs.models import Document, Job, Page


@transaction.atomic
def settle(job_id: int) -> None:
    """Count the job's pages anew and end the job if nothing is left to do.

    Called after every change to a document or page, by whoever changed it. Counting
    anew, under a lock on the job, cannot drift as adding one would after a crash.
    """
    job = Job.objects.select_for_update().filter(pk=job_id, status__in=Job.ACTIVE).first()
    if job is None:
        return
    fields = count_pages(job)
    documents = Document.objects.filter(job=job).aggregate(
        active=Count("pk", filter=Q(status__in=Document.ACTIVE)),
        failed=Count("pk", filter=Q(status=Document.Status.FAILED)),
    )
    if not documents["active"] and job.pages_ended == job.pages_total:
        job.status = _verdict(job.pages_done, job.pages_failed + documents["failed"])
        job.finished_at = timezone.now()
        fields += ["status", "finished_at"]
    job.save(update_fields=fields)


def count_pages(job: Job) -> list[str]:
    """Set the job's numbers of pages, without saving; the fields set.

    The caller holds a lock on the job, so that nobody saves older numbers after it.
    """
    pages = Page.objects.filter(job=job).aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(status=Page.Status.DONE)),
        failed=Count("pk", filter=Q(status=Page.Status.FAILED)),
    )
    job.pages_total, job.pages_done, job.pages_failed = (
        pages["total"],
        pages["done"],
        pages["failed"],
    )
    return ["pages_total", "pages_done", "pages_failed"]


def _verdict(done: int, failed: int) -> Job.Status:
    if not failed:
        return Job.Status.DONE
    return Job.Status.PARTIAL if done else Job.Status.FAILED
