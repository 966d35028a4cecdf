"""Writing the results of a job into a bucket, document by document."""

from __future__ import annotations

import logging
import time
from pathlib import PurePosixPath

from django.db.models import F

from ocrportal.accounts.credentials import may_use, store_of
from ocrportal.errors.export import ExportError
from ocrportal.errors.ingest import IngestError, ObjectExists, ObjectUnknown, StoreCredentialMissing
from ocrportal.ingest.fetch.object_store import look_up_metadata, write_object
from ocrportal.ingest.fetch.store import Store
from ocrportal.jobs import leases
from ocrportal.jobs.export_names import labels_in_job
from ocrportal.jobs.exporting import export_each, exportable_documents
from ocrportal.jobs.models import Delivery, Document

logger = logging.getLogger(__name__)

SLICE_SECONDS = 10
"""The duration of a slice, far below the time limit of a task."""
MARK = "ocr-portal-job"
"""The metadata key of each object that names the job which wrote it."""


def deliver_next() -> bool:
    """Write files of the least recently updated delivery for one slice of time.

    True if files remain, so that the task must run again. After a crash the files of the last
    slice are written again.
    """
    queued = Delivery.objects.filter(status=Delivery.Status.QUEUED)
    delivery = leases.lease_next(
        queued.order_by("updated_at", "pk"), seconds=leases.lease_seconds()
    )
    if delivery is None:
        return False
    try:
        leases.check_attempts(delivery)
        return _write_slice(delivery, _store_for(delivery))
    except (IngestError, ExportError) as error:
        logger.info("delivery %s failed: %s", delivery.pk, error.code)
        leases.fail(delivery, error)
        return False


def _store_for(delivery: Delivery) -> Store:
    credential = delivery.credential
    if credential is None or not may_use(delivery.job.owner, credential):
        raise StoreCredentialMissing
    return store_of(credential)


def _write_slice(delivery: Delivery, store: Store) -> bool:
    ends = time.monotonic() + SLICE_SECONDS
    left = exportable_documents(delivery.job).filter(position__gt=delivery.position)
    labels = labels_in_job(delivery.job, delivery.names)
    for document in left:
        written, replaced = _write_document(delivery, store, document, labels[document.pk])
        if not leases.update_owned(
            delivery,
            position=document.position,
            written=F("written") + written,
            replaced=F("replaced") + replaced,
        ):
            return False
        if time.monotonic() > ends:
            return leases.release(delivery)
    leases.end(delivery, Delivery.Status.DONE)
    return False


def _write_document(
    delivery: Delivery, store: Store, document: Document, path: PurePosixPath
) -> tuple[int, int]:
    """Write the files of a document; how many were written, and how many of them replaced."""
    # The time distinguishes jobs of other portals, which are numbered from 1 as well.
    mark = f"{delivery.job_id} {delivery.job.created_at.isoformat()}"
    written = replaced = 0
    for export in export_each(document, delivery.formats, path.name):
        key = delivery.prefix + str(path.parent / export.name)
        replaced += _exists(store, delivery.bucket, key, mark)
        write_object(
            store,
            delivery.bucket,
            key,
            export.file,
            media_type=export.media_type,
            metadata={MARK: mark},
        )
        written += 1
    return written, replaced


def _exists(store: Store, bucket: str, key: str, mark: str) -> bool:
    """True if an earlier delivery of the job wrote the object; otherwise raises
    ObjectExists if there is one.
    """
    try:
        metadata = look_up_metadata(store, bucket, key)
    except ObjectUnknown:
        return False
    # Stores may change the case of metadata keys.
    if {name.lower(): value for name, value in metadata.items()}.get(MARK) != mark:
        raise ObjectExists(key=key, bucket=bucket)
    return True
