"""Results of a job written into a bucket, document by document."""

from __future__ import annotations

import logging
import time

from django.db.models import F

from ocrportal.accounts.credentials import may_use, store_of
from ocrportal.errors import (
    ExportError,
    IngestError,
    ObjectExists,
    ObjectUnknown,
    StoreCredentialMissing,
)
from ocrportal.ingest.fetch.object_store import Store, look_up_metadata, write_object
from ocrportal.jobs import leases
from ocrportal.jobs.export_names import labels_in_job
from ocrportal.jobs.exporting import export_each, exportable_documents
from ocrportal.jobs.models import Delivery, Document

logger = logging.getLogger(__name__)

SLICE_SECONDS = 10
"""As with opening: no slice comes near the time limit of a task."""
MARK = "ocr-portal-job"
"""The note on each object that says which job wrote it."""


def deliver_next() -> bool:
    """Write files of the delivery whose turn it is, for one slice of time.

    True if some of it remain, so that somebody must come again. What a slice that died had
    written is written once more.
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
    delivery: Delivery, store: Store, document: Document, label: str
) -> tuple[int, int]:
    """Write its files; how many these are, and how many of them were there already."""
    # Other portals count their jobs from 1 as well.
    mark = f"{delivery.job_id} {delivery.job.created_at.isoformat()}"
    written = replaced = 0
    for export in export_each(document, delivery.formats, label):
        key = delivery.prefix + export.name
        replaced += _is_there(store, delivery.bucket, key, mark)
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


def _is_there(store: Store, bucket: str, key: str, mark: str) -> bool:
    """True if an earlier delivery wrote the object; raises ObjectExists for anybody else's."""
    try:
        metadata = look_up_metadata(store, bucket, key)
    except ObjectUnknown:
        return False
    # Stores give the names back in whatever case they like.
    if {name.lower(): value for name, value in metadata.items()}.get(MARK) != mark:
        raise ObjectExists(key=key, bucket=bucket)
    return True
