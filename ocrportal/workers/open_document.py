"""Opening documents: from a stored source to page rows with images, as a stream."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from ocrportal.accounts.source_passwords import unseal
from ocrportal.errors.ingest import IngestError, TooManyPages
from ocrportal.ingest.base import Limits, PageSource, Preprocessing
from ocrportal.ingest.page_range import parse_page_range
from ocrportal.ingest.readers.pdf import notes_of_pdf
from ocrportal.ingest.readers.video import FRAMES
from ocrportal.ingest.sandbox.isolation import call_isolated, open_isolated
from ocrportal.ingest.sniff.file_type import Format, sniff
from ocrportal.jobs.files import source_path
from ocrportal.jobs.job_status import refresh_job_status
from ocrportal.jobs.leases import (
    check_attempts,
    lease_next,
    lease_seconds,
    owned,
    release,
    update_owned,
)
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.workers.convert import convert
from ocrportal.workers.document_state import clear_if_deleted, fail, finish
from ocrportal.workers.embedded_text.workbook import sheets_of
from ocrportal.workers.extract_archive import extract_archive
from ocrportal.workers.fetch_source import fetch_source
from ocrportal.workers.originals import digest_of, on_disk
from ocrportal.workers.rasterise import rasterise_page

SLICE_SECONDS = 10
"""The duration of a slice. Between two slices of a long document the worker opens documents of
other jobs, and no slice comes near the time limit of a task."""
COPYING_SHARE = 3
"""A file in a bucket is downloaded for each slice, which then lasts this many times as long as
the download, within the limit of a task."""

COUNT_SECONDS = 1.0
"""The interval of counting pages that need no engine: blank ones, and those with own text."""

PageReady = Callable[[Job], None]


def limits() -> Limits:
    """The limits of one source, from the settings."""
    return Limits(
        max_bytes=settings.MAX_FILE_MB * 1024 * 1024,
        max_pixels=settings.MAX_MEGAPIXELS * 1_000_000,
        max_pages=settings.MAX_PAGES_PER_FILE,
        max_video_seconds=settings.MAX_VIDEO_MINUTES * 60,
    )


def _ignore() -> None:
    """The default for a caller that does all the work itself."""


def open_next_document(
    page_ready: PageReady,
    document_added: Callable[[], None] = _ignore,
    job_id: int | None = None,
    threads: int = 1,
) -> bool:
    """Process the next document of the least recently opened job, for one slice of time at most.

    The steps are to fetch it, to extract or convert it, and to rasterise its pages. Calls
    ``page_ready`` with the job for each page that can now be recognised, and ``document_added``
    for each document that was extracted from an archive. True if work remains, so that the task
    must run again. ``job_id`` limits the choice to one job; ``threads`` is the number of threads
    of the engine, which checks the texts of files.
    """
    document = lease_next(
        _queued_documents(job_id), seconds=lease_seconds(settings.OPENING_TIME_LIMIT_SECONDS)
    )
    if document is None:
        return False
    _mark_started(document.job)
    try:
        check_attempts(document)
        if document.address and not document.file:
            more = _fetch_original(document)
        else:
            more = _open(document, page_ready, document_added, threads)
    except FileNotFoundError:  # the stored original is missing
        fail(document, IngestError())
        more = False
    except IngestError as error:
        fail(document, error)
        more = False
    refresh_job_status(document.job_id)
    return more


def _queued_documents(job_id: int | None) -> QuerySet[Document]:
    """Queued documents in the order in which they are opened."""
    queued = Document.objects.filter(status=Document.Status.QUEUED, job__status__in=Job.ACTIVE)
    if job_id is not None:
        queued = queued.filter(job=job_id)
    return queued.order_by(F("job__opened_at").asc(nulls_first=True), "job", "position")


def _mark_started(job: Job) -> None:
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(opened_at=now)
    Job.objects.filter(pk=job.pk, status=Job.Status.QUEUED).update(
        status=Job.Status.RUNNING, started_at=now
    )


def _fetch_original(document: Document) -> bool:
    """Store the file at the document's address; the next lease makes its pages."""
    fetched = fetch_source(document)
    with fetched.file:
        original = File(fetched.file)
        path = default_storage.save(source_path(document, fetched.format.extension), original)
        kept = update_owned(
            document,
            file=path,
            name=fetched.name,
            media_type=fetched.format.media_type,
            size=original.size,
        )
    if not kept:  # cancelled meanwhile
        default_storage.delete(path)
        clear_if_deleted(document.job_id)
    return release(document)


def _open(
    document: Document, page_ready: PageReady, document_added: Callable[[], None], threads: int
) -> bool:
    started = time.monotonic()
    with on_disk(document.converted or document.file) as path:
        slice_seconds = max(SLICE_SECONDS, COPYING_SHARE * (time.monotonic() - started))
        slice_seconds = min(slice_seconds, settings.OPENING_TIME_LIMIT_SECONDS / 4)
        fmt = _format_of(document, path)
        if not document.digest:
            update_owned(document, digest=digest_of(path))
        if fmt.kind == "archive":
            return extract_archive(document, path, document_added)
        if fmt.kind != "pages":
            convert(document, path, fmt)
            return release(document)
        return _open_slice(document, path, fmt, slice_seconds, page_ready, threads)


def _format_of(document: Document, path: Path) -> Format:
    # The frames of a converted video are a ZIP, which must not be extracted as an archive.
    if str(document.converted).endswith(f".{FRAMES.extension}"):
        return FRAMES
    with path.open("rb") as file:
        return sniff(file)


def _open_slice(
    document: Document,
    path: Path,
    fmt: Format,
    seconds: float,
    page_ready: PageReady,
    threads: int,
) -> bool:
    ends, counted = time.monotonic() + seconds, time.monotonic()
    if fmt.key == "pdf" and document.page_count is None and not document.converted:
        update_owned(document, notes=_notes(document, path))
    with open_isolated(
        path,
        fmt,
        limits(),
        password=unseal(document.password),
        preprocessing=Preprocessing.from_dict(document.job.preprocessing),
        memory_mb=settings.READER_MEMORY_MB,
        seconds=settings.READER_SECONDS,
    ) as source:
        _plan_pages(document, source)
        sheets = sheets_of(document)
        waiting = Page.objects.filter(document=document, status=Page.Status.WAITING)
        for page in waiting.select_related("job", "document").order_by("number"):
            if not owned(document).exists():
                return False
            ready = rasterise_page(page, source, threads, sheets)
            for _ in range(ready):
                page_ready(document.job)
            if not ready and time.monotonic() - counted > COUNT_SECONDS:
                refresh_job_status(document.job_id)  # no engine does so for these
                counted = time.monotonic()
            # Checked last, so that each slice makes a page even if the file opens slowly.
            if time.monotonic() > ends:
                return release(document)
    finish(document)
    _approve_if_single(document.job, page_ready)
    return False


def _notes(document: Document, path: Path) -> list[str]:
    return call_isolated(
        notes_of_pdf,
        path,
        unseal(document.password),
        memory_mb=settings.READER_MEMORY_MB,
        seconds=settings.READER_SECONDS,
    )


def _approve_if_single(job: Job, page_ready: PageReady) -> None:
    """Approve a job that has one page: a single call needs no confirmation."""
    if Document.objects.filter(job=job, status__in=Document.ACTIVE).exists():
        return
    waits = Job.objects.filter(pk=job.pk, approved=False)
    if Page.objects.filter(job=job).count() == 1 and waits.update(approved=True):
        page_ready(job)


def _plan_pages(document: Document, source: PageSource) -> None:
    """Create a row for each selected page, so that their number is known from the start."""
    if document.page_count is not None:
        return
    # A page range applies to documents with pages, not to single images among them.
    page_range = document.job.page_range if source.page_count > 1 else ""
    chosen = parse_page_range(page_range).select(source.page_count)
    if len(chosen) > settings.MAX_PAGES_PER_FILE:
        raise TooManyPages(pages=len(chosen), limit=settings.MAX_PAGES_PER_FILE)
    with transaction.atomic():
        # Locked, so that a cancel either prevents the pages or cancels all of them.
        if owned(document).select_for_update().first() is None:
            return
        # A retry finds existing pages, some of them split.
        there = set(Page.objects.filter(document=document).values_list("number", flat=True))
        Page.objects.bulk_create(
            [
                Page(job_id=document.job_id, document=document, number=number)
                for number in chosen
                if number not in there
            ],
            batch_size=500,
        )
        document.page_count = source.page_count
        document.save(update_fields=["page_count"])
    refresh_job_status(document.job_id)
