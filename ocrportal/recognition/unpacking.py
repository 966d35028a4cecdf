"""From an archive to documents: each file in it becomes one of the same job."""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Max, Sum

from ocrportal.accounts.source_passwords import unseal
from ocrportal.errors import ArchiveTooFull, IntakeError
from ocrportal.intake.archive import ArchiveLimits, Member, iter_members
from ocrportal.intake.sniff import Format, sniff
from ocrportal.jobs.files import source_path
from ocrportal.jobs.labels import label_of
from ocrportal.jobs.models import Document, Job
from ocrportal.recognition.holding import ours
from ocrportal.recognition.scratch import scratch_folder

logger = logging.getLogger(__name__)

ARCHIVE_TYPE = "application/zip"
"""The media type of documents that have members instead of pages."""
MB = 1024 * 1024


def unpack(document: Document, path: Path, added: Callable[[], None]) -> None:
    """Make a document of each file in the archive at ``path``; calls ``added`` after each.

    A worker that comes again after another died goes on where that one was: files come in
    the same order each time. Raises what :func:`~ocrportal.intake.archive.iter_members`
    raises, and ArchiveTooFull.
    """
    there = Document.objects.filter(archive=document).count()
    with scratch_folder() as folder, path.open("rb") as file:
        members = iter_members(
            file,
            _limits(document),
            password=unseal(document.password),
            folder=folder,
            depth=_depth(document),
        )
        for member in islice(members, there, None):
            if not _add(document, member):
                return  # cancelled meanwhile
            added()
    ours(document).update(page_count=0)


def _limits(document: Document) -> ArchiveLimits:
    # Of all archives of a job together: else one that holds archives could hold any number.
    others = Document.objects.filter(job=document.job_id, archive__isnull=False)
    used = others.exclude(archive=document).aggregate(used=Sum("size"))["used"] or 0
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


@transaction.atomic
def _add(document: Document, member: Member) -> bool:
    """Add a member as the job's last document; False if the archive is not ours any more."""
    # Locked, so that a cancel comes before the document or finds it, and so that two archives
    # of a job do not give the same position.
    job = Job.objects.select_for_update().get(pk=document.job_id)
    if not ours(document).exists():
        return False
    documents = Document.objects.filter(job=job)
    if documents.filter(archive__isnull=False).count() >= settings.MAX_ARCHIVE_FILES:
        raise ArchiveTooFull(limit=settings.MAX_ARCHIVE_FILES)
    last = documents.aggregate(last=Max("position"))["last"]
    row = Document(
        job=job, archive=document, position=last + 1, name=label_of(member.name), password=""
    )
    try:
        fmt = _format_of(member.file, member.error)
    except IntakeError as error:
        row.status = Document.Status.FAILED
        row.error_code, row.error_params = error.code, error.params
        row.save()
    else:
        row.password = document.password
        row.media_type = fmt.media_type
        row.save()
        original = File(member.file)
        row.size = original.size
        row.file.name = row.file.storage.save(source_path(row, fmt.extension), original)
        row.save(update_fields=["size", "file"])
    job.document_count = documents.exclude(media_type=ARCHIVE_TYPE).count()
    job.save(update_fields=["document_count"])
    return True


def _format_of(file: BinaryIO | None, error: IntakeError | None) -> Format:
    if file is None:
        raise error or IntakeError()
    return sniff(file)
