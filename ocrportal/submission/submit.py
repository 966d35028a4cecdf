"""What users ask of the workers: submit, cancel, retry, deliver. For screens, API, commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from ocrportal.accounts.models import Credential, User
from ocrportal.accounts.source_passwords import seal
from ocrportal.errors import (
    IngestError,
    JobNotActive,
    JobStillActive,
    NothingSubmitted,
    NothingToExport,
    NothingToRetry,
    PasswordNeeded,
    PasswordNotAsked,
    PasswordWrong,
)
from ocrportal.exporters.name_pattern import DEFAULT_NAME_PATTERN
from ocrportal.ingest.base import Preprocessing
from ocrportal.ingest.sniff.file_type import Format
from ocrportal.jobs.access import document_for, job_for
from ocrportal.jobs.exporting import export_format, exportable_documents, refuse_unless_suited
from ocrportal.jobs.files import delete_job_files, source_path
from ocrportal.jobs.job_status import count_pages, refresh_job_status
from ocrportal.jobs.labels import label_of
from ocrportal.jobs.lease_owner import lease_owner
from ocrportal.jobs.models import Delivery, Document, Job, Page
from ocrportal.submission import queue

RECEPTION = timedelta(hours=1)
"""Storing the files of a submission takes no longer; whoever did it is gone by then."""


@dataclass(frozen=True, slots=True)
class Source:
    """One thing handed in: a file with its format, an address, or the error that it is."""

    name: str
    """What the user calls it."""
    address: str = ""
    """Where a worker is to fetch the file from."""
    file: File[bytes] | None = None
    format: Format | None = None
    error: IngestError | None = None


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
    """Make a job of the sources, store the originals and wake the workers.

    A cloud engine needs a ``credential``; with ``bypass_cache`` it is asked even for pages that it
    has read before, and without ``approved`` only once :func:`approve_job` was called.
    ``preprocessing`` chooses among the steps of intake.base.Preprocessing, ``password`` opens
    protected files, ``storage_credential`` reads private objects among the addresses.

    A source with an error becomes a failed document that tells why, so that the others
    go on. Raises NothingSubmitted if there is none. With ``enqueue`` off nobody is
    woken: the caller does the work itself.
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
    # Outside the transaction: on SQLite nobody else could write while a bucket takes its time.
    with ExitStack() as undo:
        # The database forgets a job that cannot be stored, say on a full disk.
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
        document.password = ""  # nobody will open it
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
    """The document with its original stored; its row does not know yet."""
    assert source.file is not None
    assert source.format is not None
    path = source_path(document, source.format.extension)
    document.file.name = document.file.storage.save(path, source.file)
    return document


@transaction.atomic
def _hand_over(job: Job, stored: Sequence[Document], enqueue: bool) -> None:
    """Give the job's documents to the workers."""
    now = timezone.now()
    for document in stored:
        received = Document.objects.filter(pk=document.pk)
        # Also of a document cancelled meanwhile, which may be tried again.
        received.update(file=document.file.name)
        received.filter(status=Document.Status.RECEIVING).update(
            status=Document.Status.QUEUED, lease_expires_at=None, updated_at=now
        )
    waiting = Document.objects.filter(job=job, status=Document.Status.QUEUED).count()
    if not Job.objects.filter(pk=job.pk).exists():  # deleted meanwhile
        delete_job_files(job.pk)
    elif enqueue:
        for _ in range(waiting):
            _once_committed(queue.wake_for_document)


def _forget(job_id: int) -> None:
    Job.objects.filter(pk=job_id).delete()
    delete_job_files(job_id)


@transaction.atomic
def cancel_job(*, user: User, job_id: int) -> Job:
    """End a job now. Pages done stay; a page in work is dropped when its worker is through.

    Raises Http404 for a stranger's job and JobNotActive if it has ended already.
    """
    job = job_for(user, job_id)
    now = timezone.now()
    cancelled = Job.objects.filter(pk=job.pk, status__in=Job.ACTIVE).update(
        status=Job.Status.CANCELLED, finished_at=now
    )
    if not cancelled:
        raise JobNotActive
    Document.objects.filter(job=job, status__in=Document.ACTIVE).update(
        status=Document.Status.CANCELLED, lease_expires_at=None
    )
    Page.objects.filter(job=job, status__in=Page.ACTIVE).update(
        status=Page.Status.CANCELLED, lease_expires_at=None, updated_at=now
    )
    job.refresh_from_db()
    # A worker may have ended a page just before, and finds no active job any more.
    job.save(update_fields=count_pages(job))
    return job


@transaction.atomic
def retry_job(*, user: User, job_id: int, enqueue: bool = True) -> Job:
    """Do again what failed or was cancelled; what is done stays as it is.

    Raises Http404 for a stranger's job and NothingToRetry if all of it is done or under way.
    """
    job = job_for(user, job_id)
    Job.objects.select_for_update().get(pk=job.pk)
    again = (Page.Status.FAILED, Page.Status.CANCELLED)
    fresh = {"attempts": 0, "error_code": "", "error_params": {}}
    fresh_page = {**fresh, "retries": 0, "not_before": None}
    now = timezone.now()
    pages = Page.objects.filter(job=job, status__in=again)
    readable = pages.exclude(image="").update(
        status=Page.Status.QUEUED, updated_at=now, **fresh_page
    )
    pages.filter(image="").update(status=Page.Status.WAITING, updated_at=now, **fresh_page)
    ended = (Document.Status.FAILED, Document.Status.CANCELLED, Document.Status.OPENED)
    documents = (
        Document.objects.filter(job=job, status__in=ended)
        .exclude(file="", address="")
        .exclude(status=Document.Status.OPENED, pk__in=_documents_without_waiting_pages(job))
    )
    document_ids = list(documents.values_list("pk", flat=True))
    Document.objects.filter(pk__in=document_ids).update(status=Document.Status.QUEUED, **fresh)
    if not readable and not document_ids:
        raise NothingToRetry
    Job.objects.filter(pk=job.pk).update(
        status=Job.Status.RUNNING, started_at=now, finished_at=None
    )
    if enqueue:
        for _ in document_ids:
            _once_committed(queue.wake_for_document)
        for _ in range(readable):
            _once_committed(partial(queue.wake_for_page, job))
    refresh_job_status(job.pk)
    job.refresh_from_db()
    return job


@transaction.atomic
def supply_password(*, user: User, document_id: int, password: str) -> Document:
    """Try a protected document again with this password.

    Raises Http404 for a stranger's document and PasswordNotAsked if it waits for none.
    """
    document = document_for(user, document_id)
    Job.objects.select_for_update().get(pk=document.job_id)
    now = timezone.now()
    asked = Document.objects.filter(
        pk=document.pk,
        status=Document.Status.FAILED,
        error_code__in=(PasswordNeeded.code, PasswordWrong.code),
    )
    if not asked.update(
        status=Document.Status.QUEUED,
        password=seal(password),
        attempts=0,
        error_code="",
        error_params={},
        updated_at=now,
    ):
        raise PasswordNotAsked
    Job.objects.filter(pk=document.job_id).update(
        status=Job.Status.RUNNING, started_at=now, finished_at=None
    )
    _once_committed(queue.wake_for_document)
    refresh_job_status(document.job_id)
    document.refresh_from_db()
    return document


@transaction.atomic
def approve_job(*, user: User, job_id: int) -> Job:
    """Let a job ask the cloud, now that its owner has seen how many calls it makes.

    Raises Http404 for a stranger's job and JobNotActive if it has ended.
    """
    job = job_for(user, job_id)
    if not Job.objects.filter(pk=job.pk, status__in=Job.ACTIVE).update(approved=True):
        raise JobNotActive
    queued = Page.objects.filter(job=job, status=Page.Status.QUEUED).count()
    for _ in range(min(queued, queue.MAX_WAKES)):
        _once_committed(partial(queue.wake_for_page, job))
    job.refresh_from_db()
    return job


@transaction.atomic
def deliver_job(
    *,
    user: User,
    job_id: int,
    credential: Credential,
    bucket: str,
    prefix: str,
    formats: list[str],
    names: str = DEFAULT_NAME_PATTERN,
) -> Delivery:
    """Have the results of a job written into a bucket, as files below ``prefix``.

    ``names`` is a checked pattern for what they are called there. What an earlier delivery of
    the job wrote there is overwritten, nothing else is. Documents that a format does not suit
    are left out. Raises Http404 for a stranger's job, JobStillActive, NothingToExport if no
    page has a result, and NoTimeCodes or NoAnswers if no format suits any document.
    """
    job = Job.objects.select_for_update(no_key=True).get(pk=job_for(user, job_id).pk)
    if job.is_active:
        raise JobStillActive
    documents = exportable_documents(job)
    if not documents:
        raise NothingToExport
    refuse_unless_suited(documents, [export_format(key) for key in formats])
    delivery = Delivery.objects.create(
        job=job,
        credential=credential,
        bucket=bucket,
        prefix=prefix,
        formats=formats,
        names=names,
    )
    _once_committed(queue.wake_for_delivery)
    return delivery


def _documents_without_waiting_pages(job: Job) -> list[int]:
    documents = Document.objects.filter(job=job).exclude(pages__status=Page.Status.WAITING)
    return list(documents.values_list("pk", flat=True))


def _once_committed(wake: Callable[[], None]) -> None:
    # Robust: the rows are there, and with the queue out of reach for now the sweep wakes
    # the workers. An error would make people hand in the same files again.
    transaction.on_commit(wake, robust=True)
