"""Exports that are kept: written, read back, stored.

A claim is renewed while pages come; whoever lost it, because the export was cancelled, deleted
or taken over, stops at the next page and leaves nothing behind.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path, PurePath
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils import timezone, translation

from ocrportal.errors import ExportAbandoned, ExportError, PortalError
from ocrportal.exporters.document import ExportDocument
from ocrportal.exporters.options import read_options
from ocrportal.exporters.verification import SAMPLE, Score, check_pdf, check_word, worst_of
from ocrportal.jobs.exporting import (
    WrittenFile,
    export_archive,
    export_document,
    export_job,
)
from ocrportal.jobs.files import delete_export_files, export_path
from ocrportal.jobs.leases import MAX_ATTEMPTS, claim, held
from ocrportal.jobs.models.export import ALL_FORMATS, Export
from ocrportal.jobs.watching import watched_by
from ocrportal.workers.document_state import clear_if_deleted
from ocrportal.workers.scratch import scratch_folder

logger = logging.getLogger(__name__)

CLAIM_SECONDS = 600
"""Longer than the end of an export takes, when no more pages are read: packing the file,
reading it back, and storing it in a bucket."""
LOOK_SECONDS = 0.5
"""How often the row learns how far it is, and the writer whether it is still wanted."""
CHECKS: dict[str, Callable[[ExportDocument, BinaryIO], Score]] = {
    "docx": check_word,
    "pdf": check_pdf,
    "pdfa": check_pdf,
}
"""Formats that are read back. In an archive the first ``SAMPLE`` of such files are."""


class ExportUnwanted(Exception):
    """The claim is lost: there is nothing more to do."""


def write_next_export() -> bool:
    """Write the export whose turn it is, from the start; True if another one waits."""
    queued = Export.objects.filter(status=Export.Status.QUEUED)
    turns = queued.order_by("created_at", "pk")
    while (export_id := turns.values_list("pk", flat=True).first()) is not None:
        row = queued.filter(pk=export_id)
        if claim(row, seconds=CLAIM_SECONDS, status=Export.Status.RUNNING):
            with _temporary_files_in_scratch():
                write_export(export_id)
            return queued.exists()
    return False


def write_export(export_id: int) -> None:
    """Write one that this thread has claimed, and keep its file or why there is none."""
    export = Export.objects.select_related("job", "document").filter(pk=export_id).first()
    if export is None:  # deleted meanwhile
        return
    try:
        if export.attempts > MAX_ATTEMPTS:
            raise ExportAbandoned(attempts=MAX_ATTEMPTS)
        delete_export_files(export.job_id, export.pk)  # what an attempt left that was killed
        progress = _Progress(export)
        with translation.override(export.language), watched_by(progress):
            written = _write(export)
        with written.file:
            _keep(export, written, progress.score)
    except ExportUnwanted:
        logger.info("export %s was given up", export.pk)
    except PortalError as error:
        _fail(export, error)
    except Exception:
        _fail(export, ExportError())
        raise


class _Progress:
    """Tells the row of the pages written, and reads back each file."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._before = 0
        """Pages of the files that are written."""
        self._source = self._in_pass = 0
        self._furthest: Counter[int] = Counter()
        """Pages of each document in the file in hand: formats may go through them again."""
        self._told = time.monotonic()
        self._scores: list[Score] = []

    @property
    def score(self) -> Score | None:
        return worst_of(self._scores) if self._scores else None

    def pass_begins(self, source: int) -> None:
        self._source, self._in_pass = source, 0

    def page_read(self) -> None:
        self._in_pass += 1
        self._furthest[self._source] = max(self._furthest[self._source], self._in_pass)
        if time.monotonic() - self._told >= LOOK_SECONDS:
            self._tell()

    def file_written(self, key: str, document: ExportDocument, file: BinaryIO) -> None:
        if key in CHECKS and len(self._scores) < SAMPLE:
            self._scores.append(CHECKS[key](document, file))
        self._before += self._furthest.total()
        self._furthest.clear()
        self._tell()

    def _tell(self) -> None:
        self._told = time.monotonic()
        now = timezone.now()
        # The page that was read last is not written yet.
        pages = self._before + max(self._furthest.total() - 1, 0)
        if not _ours(self._export).update(
            pages_written=min(pages, self._export.pages_total),
            claimed_until=now + timedelta(seconds=CLAIM_SECONDS),
            updated_at=now,
        ):
            raise ExportUnwanted


def _write(export: Export) -> WrittenFile:
    options = read_options(export.options)
    if export.document is not None:
        return export_document(export.document, export.format, options)
    if export.format == ALL_FORMATS:
        return export_archive(export.job, options)
    return export_job(export.job, export.format, options)


def _keep(export: Export, written: WrittenFile, score: Score | None) -> None:
    written.file.seek(0, os.SEEK_END)
    size = written.file.tell()
    written.file.seek(0)
    path = export_path(export, PurePath(written.name).suffix)
    stored = default_storage.save(path, File(written.file))
    now = timezone.now()
    if not _ours(export).update(
        status=Export.Status.DONE,
        file=stored,
        name=written.name,
        media_type=written.media_type,
        size=size,
        score=asdict(score) if score else None,
        pages_written=export.pages_total,
        claimed_until=None,
        finished_at=now,
        updated_at=now,
    ):
        default_storage.delete(stored)
        if not Export.objects.filter(pk=export.pk).exists():
            delete_export_files(export.job_id, export.pk)
            clear_if_deleted(export.job_id)
        raise ExportUnwanted


def _ours(export: Export) -> QuerySet[Export]:
    return Export.objects.filter(held(export), status=Export.Status.RUNNING)


def _fail(export: Export, error: PortalError) -> None:
    logger.info("export %s failed: %s", export.pk, error.code)
    now = timezone.now()
    _ours(export).update(
        status=Export.Status.FAILED,
        error_code=error.code,
        error_params=error.params,
        claimed_until=None,
        finished_at=now,
        updated_at=now,
    )


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
