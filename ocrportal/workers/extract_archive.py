"""Extracting an archive: each file in it becomes a document of the same job."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max, Sum

from ocrportal.accounts.source_passwords import unseal
from ocrportal.errors.ingest import ArchiveTooFull, IngestError
from ocrportal.ingest.archive import ArchiveLimits, Member, iter_members
from ocrportal.ingest.sniff.file_type import Format, sniff
from ocrportal.jobs.files import member_path
from ocrportal.jobs.labels import label_of
from ocrportal.jobs.leases import owned, release
from ocrportal.jobs.models import Document, Job
from ocrportal.workers.document_state import clear_if_deleted, finish
from ocrportal.workers.scratch import scratch_folder

ARCHIVE_TYPE = "application/zip"
"""The media type of documents that have members instead of pages."""
SLICE_SECONDS = 60
"""Longer than the slices of other documents, because each slice skips the earlier members."""
MB = 1024 * 1024


def extract_archive(document: Document, path: Path, added: Callable[[], None]) -> bool:
    """Add a document for each file in the archive at ``path``, and call ``added`` after each.

    True if that takes longer than a slice, so that the task must run again. The next slice
    continues where this one stopped, as after a crash: the order of the files is always the same.
    Raises what :func:`~ocrportal.ingest.archive.iter_members` raises, and ArchiveTooFull.
    """
    ends = time.monotonic() + SLICE_SECONDS
    there = Document.objects.filter(archive=document).count()
    with scratch_folder() as folder, path.open("rb") as file:
        members = iter_members(
            file,
            _limits(document),
            password=unseal(document.password),
            folder=folder,
            depth=_depth(document),
        )
        for number, member in islice(enumerate(members, start=1), there, None):
            if not _add(document, number, member):
                return False  # cancelled meanwhile
            added()
            if time.monotonic() > ends:
                return release(document)
    finish(document, page_count=0)
    return False


def _limits(document: Document) -> ArchiveLimits:
    # All archives of a job share the limit, because an archive can contain archives.
    members = Document.objects.filter(job=document.job_id, archive__isnull=False)
    used = members.exclude(archive=document).aggregate(used=Sum("size"))["used"] or 0
    return ArchiveLimits(
        max_files=settings.MAX_ARCHIVE_FILES,
        max_unpacked_bytes=max(0, settings.MAX_ARCHIVE_MB * MB - used),
        max_ratio=settings.MAX_ARCHIVE_RATIO,
        max_depth=settings.MAX_ARCHIVE_DEPTH,
        max_file_bytes=settings.MAX_FILE_MB * MB,
    )


def _depth(document: Document) -> int:
    depth, outer = 1, document.archive
    while outer is not None:
        depth, outer = depth + 1, outer.archive
    return depth


def _add(document: Document, number: int, member: Member) -> bool:
    """Add a member as the job's last document; False if the archive is not owned any more."""
    row = Document(job_id=document.job_id, archive=document, name=label_of(member.name))
    with ExitStack() as undo:
        try:
            fmt = _format_of(member.file, member.error)
        except IngestError as error:
            row.status = Document.Status.FAILED
            row.error_code, row.error_params = error.code, error.params
        else:
            row.password = document.password
            row.media_type = fmt.media_type
            original = File(member.file)
            row.size = original.size
            # Before the transaction: a slow bucket would block every other writer on SQLite.
            # A file whose worker exits before the commit is deleted with the job.
            stored = default_storage.save(member_path(document, number, fmt.extension), original)
            undo.callback(_drop, document, stored)
            row.file.name = stored
        if not _insert(document, row):
            return False
        undo.pop_all()
    return True


def _drop(document: Document, stored: str) -> None:
    default_storage.delete(stored)
    clear_if_deleted(document.job_id)


@transaction.atomic
def _insert(document: Document, row: Document) -> bool:
    # Locked, so that a cancel either prevents the document or cancels it, and so that two
    # archives of a job do not use the same position.
    job = Job.objects.select_for_update().filter(pk=document.job_id).first()
    if job is None or not owned(document).exists():
        return False
    documents = Document.objects.filter(job=job)
    if documents.filter(archive__isnull=False).count() >= settings.MAX_ARCHIVE_FILES:
        raise ArchiveTooFull(limit=settings.MAX_ARCHIVE_FILES)
    row.position = documents.aggregate(last=Max("position"))["last"] + 1
    row.save()
    job.document_count = documents.exclude(media_type=ARCHIVE_TYPE).count()
    job.save(update_fields=["document_count"])
    return True


def _format_of(file: BinaryIO | None, error: IngestError | None) -> Format:
    if file is None:
        raise error or IngestError()
    return sniff(file)
