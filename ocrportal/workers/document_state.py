"""What becomes of a document in hand: it is opened, it fails, or it goes back in line.

Each is one conditional change that holds only as long as the claim does.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from ocrportal.errors import IngestError
from ocrportal.jobs import leases
from ocrportal.jobs.files import delete_job_files
from ocrportal.jobs.models import Document, Job, Page

logger = logging.getLogger(__name__)


def finish(document: Document, **changes: Any) -> None:
    """Mark the document as opened and delete its password: all its pages exist."""
    leases.end(document, Document.Status.OPENED, password="", **changes)


def fail(document: Document, error: IngestError) -> None:
    """The document ends with this error. Its password, if any, was no use and is forgotten."""
    logger.info("document %s failed: %s", document.pk, error.code)
    with transaction.atomic():
        if leases.fail(document, error, page_count=None, password=""):
            # Pages it could not get to will not come; the document itself tells why.
            Page.objects.filter(document=document, status=Page.Status.WAITING).delete()


def clear_if_deleted(job_id: int) -> None:
    """Remove the folders of a job's files, which came back with what was stored too late."""
    if not Job.objects.filter(pk=job_id).exists():
        delete_job_files(job_id)
