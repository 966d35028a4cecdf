"""The end of the lease on a document: it is opened or fails."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from ocrportal.errors.ingest import IngestError
from ocrportal.jobs import leases
from ocrportal.jobs.files import delete_job_files
from ocrportal.jobs.models import Document, Job, Page

logger = logging.getLogger(__name__)


def finish(document: Document, **changes: Any) -> None:
    """Mark the document as opened and delete its password: all its pages exist."""
    leases.end(document, Document.Status.OPENED, password="", **changes)


def fail(document: Document, error: IngestError) -> None:
    """End the document with this error, and delete its password."""
    logger.info("document %s failed: %s", document.pk, error.code)
    with transaction.atomic():
        if leases.fail(document, error, page_count=None, password=""):
            # Pages without an image will not get one; the error of the document explains it.
            Page.objects.filter(document=document, status=Page.Status.WAITING).delete()


def clear_if_deleted(job_id: int) -> None:
    """Delete the files of a deleted job, for a caller that stored one after the deletion."""
    if not Job.objects.filter(pk=job_id).exists():
        delete_job_files(job_id)
