"""Submitting a job: its rows, its originals and the messages to the workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from ocrportal.accounts.models import Credential, User
from ocrportal.accounts.source_passwords import seal
from ocrportal.errors.ingest import IngestError
from ocrportal.errors.request import NothingSubmitted
from ocrportal.ingest.base import Preprocessing
from ocrportal.jobs.files import delete_job_files, source_path
from ocrportal.jobs.job_status import refresh_job_status
from ocrportal.jobs.labels import label_of
from ocrportal.jobs.lease_owner import lease_owner
from ocrportal.jobs.models import Document, Job
from ocrportal.submission import queue
from ocrportal.submission.sources import Source

RECEPTION = timedelta(hours=1)
"""The lease of an upload: storing the files of a submission takes less time."""


def submit(
    *,
    user: User,
    sources: Sequence[Source],
    service: str,
    engine: str,
    page_range: str = "",
    options: dict[str, Any] | None = None,
    preprocessing: Mapping[str, bool] | None = None,
    password: str = "",
    credential: Credential | None = None,
    storage_credential: Credential | None = None,
    bypass_cache: bool = False,
    approved: bool = True,
    enqueue: bool = True,
) -> Job:
    """Create a job of the sources, store the originals and wake the workers.

    A cloud engine needs a ``credential``. With ``bypass_cache`` it is called even for pages that
    have an earlier result; without ``approved`` only after :func:`~.approve.approve_job`.
    ``preprocessing`` selects steps of ingest.base.Preprocessing, ``password`` opens protected
    files, and ``storage_credential`` reads private objects among the addresses.

    A source with an error becomes a failed document, and the other sources are processed. Raises
    NothingSubmitted without any source. Without ``enqueue`` no worker is woken: the caller does
    the work itself.
    """
    if not sources:
        raise NothingSubmitted
    with transaction.atomic():
        job = Job.objects.create(
            owner=user,
            name=label_of(sources[0].name),
            service=service,
            engine=engine,
            options=options or {},
            preprocessing=Preprocessing.from_dict(preprocessing or {}).to_dict(),
            credential=credential,
            storage_credential=storage_credential,
            bypass_cache=bypass_cache,
            approved=approved,
            page_range=page_range,
            document_count=len(sources),
        )
        documents = [
            _add_document(job, position, source, seal(password))
            for position, source in enumerate(sources, start=1)
        ]
    # Outside a transaction: a slow bucket would block every other writer on SQLite.
    with ExitStack() as undo:
        # A job whose files cannot be stored, for example on a full disk, is deleted.
        undo.callback(_forget, job.pk)
        stored = [
            _store(document, source)
            for document, source in zip(documents, sources, strict=True)
            if document.status == Document.Status.RECEIVING
        ]
        undo.pop_all()
    _hand_over(job, stored, enqueue)
    refresh_job_status(job.pk)
    return Job.objects.filter(pk=job.pk).first() or job  # deleted meanwhile


def _add_document(job: Job, position: int, source: Source, password: str) -> Document:
    document = Document(
        job=job,
        position=position,
        name=label_of(source.name),
        address=source.address,
        password=password,
    )
    error = source.error
    if error is None and not source.address and (source.file is None or source.format is None):
        error = IngestError()
    if error is not None:
        document.status = Document.Status.FAILED
        document.password = ""  # it is never opened
        document.error_code, document.error_params = error.code, error.params
    elif source.file is not None and source.format is not None:
        document.status = Document.Status.RECEIVING
        document.lease_owner = lease_owner()
        document.lease_expires_at = timezone.now() + RECEPTION
        document.media_type = source.format.media_type
        document.size = source.file.size
    document.save()
    return document


def _store(document: Document, source: Source) -> Document:
    """Store the original and set the document's file, without saving the row."""
    assert source.file is not None
    assert source.format is not None
    path = source_path(document, source.format.extension)
    document.file.name = document.file.storage.save(path, source.file)
    return document


@transaction.atomic
def _hand_over(job: Job, stored: Sequence[Document], enqueue: bool) -> None:
    """Queue the stored documents of the job and wake the workers."""
    now = timezone.now()
    for document in stored:
        received = Document.objects.filter(pk=document.pk)
        # Also for a document that was cancelled meanwhile, which may be retried.
        received.update(file=document.file.name)
        received.filter(status=Document.Status.RECEIVING).update(
            status=Document.Status.QUEUED, lease_expires_at=None, updated_at=now
        )
    waiting = Document.objects.filter(job=job, status=Document.Status.QUEUED).count()
    if not Job.objects.filter(pk=job.pk).exists():  # deleted meanwhile
        delete_job_files(job.pk)
    elif enqueue:
        for _ in range(waiting):
            queue.wake_on_commit(queue.wake_for_document)


def _forget(job_id: int) -> None:
    Job.objects.filter(pk=job_id).delete()
    delete_job_files(job_id)
