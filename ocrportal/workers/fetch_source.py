"""Fetching the file at a document's address, from the web or from a bucket."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from ocrportal.accounts.credentials import may_use, store_of
from ocrportal.errors.ingest import (
    AddressGivesNothing,
    BucketNeedsCredential,
    StoreAccessDenied,
    StoreCredentialMissing,
    StoreKeyRefused,
)
from ocrportal.ingest.fetch.bucket_address import ObjectAddress, parse_object_address
from ocrportal.ingest.fetch.http import FetchedFile, fetch
from ocrportal.ingest.fetch.object_store import read_object
from ocrportal.ingest.fetch.store import Store
from ocrportal.jobs.models import Document, Job

FETCHING_SHARE = 0.75
"""The time limit of a fetch, well below that of its task: a slow server occupies a worker."""
FORBIDDEN = ("HTTP 401", "HTTP 403")


def fetch_source(document: Document) -> FetchedFile:
    """Fetch the file at the document's address, within the limits of the settings.

    An object is read with the access key that was chosen for the storage of its job, one with
    a web address that anybody may read also without. Raises IngestError.
    """
    where = parse_object_address(document.address)
    if where is None or where.is_presigned:
        return _fetch(document.address)
    store = _store_for(document.job, where)
    if store is None:
        return _fetch_public(document.address, where)
    try:
        return read_object(
            store,
            where.bucket,
            where.key,
            max_bytes=_max_bytes(),
            max_seconds=_max_seconds(),
            folder=Path(settings.FILE_UPLOAD_TEMP_DIR),
        )
    except (StoreKeyRefused, StoreAccessDenied) as error:
        # A credential for other buckets must not make a public bucket inaccessible.
        return _fetch_public(document.address, where, refusal=error)


def _store_for(job: Job, where: ObjectAddress) -> Store | None:
    credential = job.storage_credential
    if credential is None:
        return None
    if not may_use(job.owner, credential):
        raise StoreCredentialMissing
    store = store_of(credential)
    return store.at(where.endpoint, where.region) if where.endpoint else store


def _fetch_public(
    address: str, where: ObjectAddress, refusal: StoreKeyRefused | StoreAccessDenied | None = None
) -> FetchedFile:
    needed = refusal or BucketNeedsCredential(bucket=where.bucket)
    if not where.endpoint:  # the endpoint is part of the credential
        raise needed
    try:
        return _fetch(address)
    except AddressGivesNothing as error:
        if error.params["answer"] in FORBIDDEN:
            raise needed from error
        raise


def _fetch(address: str) -> FetchedFile:
    return fetch(
        address,
        max_bytes=_max_bytes(),
        max_seconds=_max_seconds(),
        internal_hosts=settings.INTERNAL_HOSTS,
        folder=Path(settings.FILE_UPLOAD_TEMP_DIR),
    )


def _max_bytes() -> int:
    megabytes: int = settings.MAX_FILE_MB
    return megabytes * 1024 * 1024


def _max_seconds() -> float:
    return settings.PAGE_TIME_LIMIT_SECONDS * FETCHING_SHARE
