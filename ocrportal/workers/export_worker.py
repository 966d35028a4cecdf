"""Exports that are kept: written, read back, stored.

The lease is renewed while pages are written. A worker that lost it, because the export was
cancelled, deleted or leased again, stops at the next page and leaves no files behind.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path, PurePath

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone, translation

from ocrportal.errors.base import PortalError
from ocrportal.errors.export import ExportError
from ocrportal.exporters.options import read_options
from ocrportal.exporters.verification import Score, worst_of
from ocrportal.jobs import leases
from ocrportal.jobs.exporting import (
    WrittenFile,
    export_archive,
    export_document,
    export_job,
)
from ocrportal.jobs.files import delete_export_files, export_path
from ocrportal.jobs.models.export import ALL_FORMATS, Export
from ocrportal.layout.source import RecognisedPage
from ocrportal.workers.document_state import clear_if_deleted
from ocrportal.workers.scratch import scratch_folder

logger = logging.getLogger(__name__)

LEASE_SECONDS = 600
"""Longer than the end of an export takes, when no more pages are read: packing the file,
reading it back, and storing it in a bucket."""
LOOK_SECONDS = 0.5
"""The interval of storing the progress, which also detects that the lease is lost."""
MAX_VERIFIED_FILES = 20
"""Files of one export that are read back; a ZIP may have many more."""


class ExportUnwanted(Exception):
    """The lease is lost, so the file must not be stored."""


def write_next_export() -> bool:
    """Write the next export from its start; True if another one is queued."""
    queued = Export.objects.filter(status=Export.Status.QUEUED)
    export = leases.lease_next(queued.order_by("created_at", "pk"), seconds=LEASE_SECONDS)
    if export is None:
        return False
    with _temporary_files_in_scratch():
        write_export(export)
    return queued.exists()


def write_export(export: Export) -> None:
    """Write an export that this thread has leased, and keep its file or why there is none."""
    try:
        leases.check_attempts(export)
        delete_export_files(export.job_id, export.pk)  # what an attempt left that was killed
        progress = _Progress(export)
        with translation.override(export.language):
            written = _write(export, progress)
        with written.file:
            _keep(export, written, progress.score)
    except ExportUnwanted:
        logger.info("export %s was cancelled or leased again meanwhile", export.pk)
    except PortalError as error:
        _fail(export, error)
    except Exception:
        _fail(export, ExportError())
        raise


class _Progress:
    """Reports the pages written to the row, and collects the scores of verified files."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._pages_before = 0
        """Pages of the files that are complete."""
        self._pages_in_file = 0
        self._pages_of_file = 0
        self._reported = time.monotonic()
        self._scores: list[Score] = []

    @property
    def score(self) -> Score | None:
        return worst_of(self._scores) if self._scores else None

    def file_begins(self, page_count: int) -> None:
        self._pages_before += self._pages_of_file
        self._pages_in_file, self._pages_of_file = 0, page_count

    def page_written(self, page: RecognisedPage) -> None:
        """Count a page; raises ExportUnwanted once the lease is lost."""
        self._pages_in_file += 1
        if time.monotonic() - self._reported >= LOOK_SECONDS:
            self._report()

    def wants_verification(self) -> bool:
        return len(self._scores) < MAX_VERIFIED_FILES

    def file_verified(self, score: Score) -> None:
        """Keep a score; raises ExportUnwanted once the lease is lost."""
        self._scores.append(score)
        self._report()

    def _report(self) -> None:
        self._reported = time.monotonic()
        # If the text cannot be added to a PDF, its pages are written again as images.
        pages = self._pages_before + min(self._pages_in_file, self._pages_of_file)
        if not leases.renew(
            self._export,
            seconds=LEASE_SECONDS,
            pages_written=min(pages, self._export.pages_total),
        ):
            raise ExportUnwanted


def _write(export: Export, progress: _Progress) -> WrittenFile:
    options = read_options(export.options)
    if export.document is not None:
        return export_document(export.document, export.format, options, progress)
    if export.format == ALL_FORMATS:
        return export_archive(export.job, options, progress)
    return export_job(export.job, export.format, options, progress)


def _keep(export: Export, written: WrittenFile, score: Score | None) -> None:
    written.file.seek(0, os.SEEK_END)
    size = written.file.tell()
    written.file.seek(0)
    path = export_path(export, PurePath(written.name).suffix)
    stored = default_storage.save(path, File(written.file))
    if not leases.end(
        export,
        Export.Status.DONE,
        file=stored,
        name=written.name,
        media_type=written.media_type,
        size=size,
        score=asdict(score) if score else None,
        pages_written=export.pages_total,
        finished_at=timezone.now(),
    ):
        default_storage.delete(stored)
        if not Export.objects.filter(pk=export.pk).exists():
            delete_export_files(export.job_id, export.pk)
            clear_if_deleted(export.job_id)
        raise ExportUnwanted


def _fail(export: Export, error: PortalError) -> None:
    logger.info("export %s failed: %s", export.pk, error.code)
    leases.fail(export, error, finished_at=timezone.now())


@contextmanager
def _temporary_files_in_scratch() -> Iterator[None]:
    """Have libraries put their temporary files where they go even if this process is killed.

    For a process that does nothing else at the time: it is a setting of all its threads.
    """
    with scratch_folder() as folder:
        before = tempfile.tempdir
        tempfile.tempdir = str(Path(folder))
        try:
            yield
        finally:
            tempfile.tempdir = before
