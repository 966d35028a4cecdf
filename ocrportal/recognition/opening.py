"""From a stored source to page rows with pictures, as a stream."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from ocrportal.errors import IntakeError, OpeningAbandoned, TooManyPages
from ocrportal.intake.pages import (
    Limits,
    PageImage,
    PageSource,
    open_pages,
    parse_page_range,
)
from ocrportal.intake.sniff import sniff
from ocrportal.jobs.files import delete_job_files, picture_path, source_path, thumbnail_path
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.recognition.claims import MAX_ATTEMPTS, claim, claim_seconds, held
from ocrportal.recognition.fetching import fetch_source
from ocrportal.recognition.settling import settle

logger = logging.getLogger(__name__)

SLICE_SECONDS = 10
"""A long document is opened in slices of this length: in between, the worker is free
for other people's documents, and no slice comes near the time limit of a task."""


def limits() -> Limits:
    """The limits of one source, from the settings."""
    return Limits(
        max_bytes=settings.MAX_FILE_MB * 1024 * 1024,
        max_pixels=settings.MAX_MEGAPIXELS * 1_000_000,
        max_pages=settings.MAX_PAGES_PER_FILE,
    )


PageReady = Callable[[Job], None]


def open_next_document(page_ready: PageReady, job_id: int | None = None) -> bool:
    """Make page pictures of the document whose turn it is, for one slice of time.

    Calls ``page_ready`` with the job for each page that can now be recognised. True if pages of it
    remain, so that somebody must come again. ``job_id`` limits the choice to one job.
    """
    document = _claim_next(job_id)
    if document is None:
        return False
    try:
        if document.attempts > MAX_ATTEMPTS:
            raise OpeningAbandoned(attempts=MAX_ATTEMPTS)
        if document.address and not document.file:
            more = _fetch_original(document)
        else:
            more = _open_slice(document, page_ready)
    except FileNotFoundError:  # the stored original is gone
        _fail(document, IntakeError())
        more = False
    except IntakeError as error:
        _fail(document, error)
        more = False
    settle(document.job_id)
    return more


def _claim_next(job_id: int | None) -> Document | None:
    queued = Document.objects.filter(status=Document.Status.QUEUED, job__status__in=Job.ACTIVE)
    if job_id is not None:
        queued = queued.filter(job=job_id)
    turns = queued.order_by(F("job__opened_at").asc(nulls_first=True), "job", "position")
    while (document_id := turns.values_list("pk", flat=True).first()) is not None:
        row = Document.objects.filter(pk=document_id, status=Document.Status.QUEUED)
        if claim(row, seconds=claim_seconds(), status=Document.Status.OPENING):
            document = Document.objects.select_related("job").get(pk=document_id)
            _mark_started(document.job)
            return document
    return None


def _mark_started(job: Job) -> None:
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(opened_at=now)
    Job.objects.filter(pk=job.pk, status=Job.Status.QUEUED).update(
        status=Job.Status.RUNNING, started_at=now
    )


def _fetch_original(document: Document) -> bool:
    """Store what lies at the document's address; its pages are for who takes it next."""
    fetched = fetch_source(document)
    with fetched.file:
        original = File(fetched.file)
        path = default_storage.save(source_path(document, fetched.format.extension), original)
        kept = _ours(document).update(
            file=path,
            name=fetched.name,
            media_type=fetched.format.media_type,
            size=original.size,
            updated_at=timezone.now(),
        )
    if not kept:  # cancelled meanwhile
        default_storage.delete(path)
        _clear_if_deleted(document.job_id)
    return _release(document)


def _open_slice(document: Document, page_ready: PageReady) -> bool:
    ends = time.monotonic() + SLICE_SECONDS
    with document.file.open("rb") as stored:
        file = cast("BinaryIO", stored)  # Django's File has all that a binary file has
        with open_pages(file, sniff(file), limits()) as source:
            _plan_pages(document, source)
            waiting = Page.objects.filter(document=document, status=Page.Status.WAITING)
            for page in waiting.order_by("number"):
                if not _ours(document).exists():
                    return False
                _make_picture(page, source)
                page_ready(document.job)
                # Only now, so that each slice makes a page however slowly the file opens.
                if time.monotonic() > ends:
                    return _release(document)
    _ours(document).update(
        status=Document.Status.OPENED, claimed_until=None, attempts=0, updated_at=timezone.now()
    )
    _approve_if_single(document.job, page_ready)
    return False


def _approve_if_single(job: Job, page_ready: PageReady) -> None:
    """Let a job start that turns out to have one page: it needs no asking for one call."""
    if Document.objects.filter(job=job, status__in=Document.ACTIVE).exists():
        return
    waits = Job.objects.filter(pk=job.pk, approved=False)
    if Page.objects.filter(job=job).count() == 1 and waits.update(approved=True):
        page_ready(job)


def _plan_pages(document: Document, source: PageSource) -> None:
    """One row for each chosen page, so that everyone sees from the start how many."""
    if document.page_count is not None:
        return
    # A range is meant for the documents of a job, not for the single pictures among them.
    page_range = document.job.page_range if source.page_count > 1 else ""
    chosen = parse_page_range(page_range).select(source.page_count)
    if len(chosen) > settings.MAX_PAGES_PER_FILE:
        raise TooManyPages(pages=len(chosen), limit=settings.MAX_PAGES_PER_FILE)
    with transaction.atomic():
        # Locked, so that a cancel comes before the pages or finds all of them.
        if _ours(document).select_for_update().first() is None:
            return
        Page.objects.bulk_create(
            [Page(job_id=document.job_id, document=document, number=n) for n in chosen],
            batch_size=500,
            ignore_conflicts=True,  # a retry finds the pages that were done before
        )
        document.page_count = source.page_count
        document.save(update_fields=["page_count"])
    settle(document.job_id)


def _make_picture(page: Page, source: PageSource) -> None:
    ours = Page.objects.filter(pk=page.pk, status=Page.Status.WAITING)
    try:
        picture = source.read_page(page.number)
    except IntakeError as error:
        # One page out of a document: the others may well be readable.
        ours.update(
            status=Page.Status.FAILED,
            error_code=error.code,
            error_params=error.params,
            updated_at=timezone.now(),
        )
        settle(page.job_id)
        return
    image, thumbnail = _store(page, picture)
    kept = ours.update(
        status=Page.Status.QUEUED,
        image=image,
        thumbnail=thumbnail,
        digest=hashlib.sha256(picture.data).hexdigest(),
        width=picture.width,
        height=picture.height,
        dpi=picture.dpi,
        updated_at=timezone.now(),
    )
    if not kept:  # cancelled meanwhile
        default_storage.delete(image)
        default_storage.delete(thumbnail)
        _clear_if_deleted(page.job_id)


def _clear_if_deleted(job_id: int) -> None:
    """Remove the folders of a job's files, which came back with what was stored too late."""
    if not Job.objects.filter(pk=job_id).exists():
        delete_job_files(job_id)


def _store(page: Page, picture: PageImage) -> tuple[str, str]:
    image = default_storage.save(picture_path(page, picture.extension), ContentFile(picture.data))
    thumbnail = default_storage.save(thumbnail_path(page), ContentFile(picture.thumbnail))
    return image, thumbnail


def _ours(document: Document) -> QuerySet[Document]:
    """The document as long as our claim holds; nothing once it was cancelled or taken over."""
    return Document.objects.filter(held(document), status=Document.Status.OPENING)


def _release(document: Document) -> bool:
    """Give the rest of the document back; True unless it was taken or cancelled."""
    return bool(
        _ours(document).update(
            status=Document.Status.QUEUED, claimed_until=None, attempts=0, updated_at=timezone.now()
        )
    )


def _fail(document: Document, error: IntakeError) -> None:
    logger.info("document %s failed: %s", document.pk, error.code)
    with transaction.atomic():
        failed = _ours(document).update(
            status=Document.Status.FAILED,
            error_code=error.code,
            error_params=error.params,
            claimed_until=None,
            page_count=None,
            updated_at=timezone.now(),
        )
        if failed:
            # Pages it could not get to will not come; the document itself tells why.
            Page.objects.filter(document=document, status=Page.Status.WAITING).delete()
