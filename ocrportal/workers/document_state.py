"""What becomes of a document in hand: it is opened, it fails, or it goes back in line.

Each is one conditional change that holds only as long as the claim does.
"""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ocrportal.errors import IngestError
from ocrportal.jobs.files import delete_job_files
from ocrportal.jobs.leases import held
from ocrportal.jobs.models import Document, Job, Page

logger = logging.getLogger(__name__)


def ours(document: Document) -> QuerySet[Document]:
    """The document as long as our claim holds; nothing once it was cancelled or taken over."""
    return Document.objects.filter(held(document), status=Document.Status.OPENING)


def release(document: Document) -> bool:
    """Give the rest of the document back; True unless it was taken or cancelled."""
    return bool(
        ours(document).update(
            status=Document.Status.QUEUED, claimed_until=None, attempts=0, updated_at=timezone.now()
        )
    )


def finish(document: Document) -> None:
    """All that can be had of the document is there; its password is forgotten."""
    ours(document).update(
        status=Document.Status.OPENED,
        claimed_until=None,
        attempts=0,
        password="",
        updated_at=timezone.now(),
    )


def fail(document: Document, error: IngestError) -> None:
    """The document ends with this error. Its password, if any, was no use and is forgotten."""
    logger.info("document %s failed: %s", document.pk, error.code)
    with transaction.atomic():
        failed = ours(document).update(
            status=Document.Status.FAILED,
            error_code=error.code,
            error_params=error.params,
            claimed_until=None,
            page_count=None,
            password="",
            updated_at=timezone.now(),
        )
        if failed:
            # Pages it could not get to will not come; the document itself tells why.
            Page.objects.filter(document=document, status=Page.Status.WAITING).delete()


def clear_if_deleted(job_id: int) -> None:
    """Remove the folders of a job's files, which came back with what was stored too late."""
    if not Job.objects.filter(pk=job_id).exists():
        delete_job_files(job_id)
