"""The status and the page counts of a job, derived from its documents and pages."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from ocrportal.jobs.models import Document, Job, Page


@transaction.atomic
def refresh_job_status(job_id: int) -> None:
    """Count the job's pages again, and end the job if no work is left.

    Every function that changes a document or page calls this afterwards. Counting again under a
    lock on the job stays correct after a crash, which counters that add one do not.
    """
    job = Job.objects.select_for_update().filter(pk=job_id, status__in=Job.ACTIVE).first()
    if job is None:
        return
    documents, pages = Document.objects.filter(job=job), Page.objects.filter(job=job)
    # Checked before counting: active rows may end meanwhile, but ended rows stay ended.
    is_over = not (
        documents.filter(status__in=Document.ACTIVE).exists()
        or pages.filter(status__in=Page.ACTIVE).exists()
    )
    fields = count_pages(job)
    if is_over:
        # A cancelled job that continues with one document keeps its cancelled documents.
        ended_badly = (Document.Status.FAILED, Document.Status.CANCELLED)
        undone = job.pages_total - job.pages_done
        undone += documents.filter(status__in=ended_badly).count()
        job.status = _verdict(job.pages_done, undone)
        job.finished_at = timezone.now()
        fields += ["status", "finished_at"]
    job.save(update_fields=fields)


def count_pages(job: Job) -> list[str]:
    """Set the job's page counts without saving; the names of the fields set.

    The caller holds a lock on the job, so that no other process saves older counts after it.
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


def _verdict(done: int, undone: int) -> Job.Status:
    if not undone:
        return Job.Status.DONE
    return Job.Status.PARTIAL if done else Job.Status.FAILED
