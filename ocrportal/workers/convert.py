"""Converting a document without pages of its own to a file that has pages, stored beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from ocrportal.ingest.convert.ofd import convert_ofd
from ocrportal.ingest.convert.office import ConvertedOffice, convert_office
from ocrportal.ingest.notes import Note
from ocrportal.ingest.readers.video import FRAMES, extract_frames
from ocrportal.ingest.sandbox.isolation import call_isolated
from ocrportal.ingest.sniff.file_type import Format
from ocrportal.jobs.files import converted_path
from ocrportal.jobs.leases import update_owned
from ocrportal.jobs.models import Document
from ocrportal.workers.document_state import clear_if_deleted
from ocrportal.workers.embedded_text.passages import delete_passages, store_passages
from ocrportal.workers.embedded_text.workbook import delete_workbook, store_workbook
from ocrportal.workers.scratch import scratch_folder

MB = 1024 * 1024


def convert(document: Document, path: Path, fmt: Format) -> None:
    """Store the document at ``path`` as a PDF, or as the frames of a video.

    Raises what the converters raise, and NeedsTooMuchMemory, NeedsTooMuchTime, ReaderCrashed.
    """
    with scratch_folder() as folder:
        made = _converted(path, fmt, folder)
        with made.pdf.open("rb") as file:
            stored = default_storage.save(converted_path(document, made.pdf.suffix), File(file))
    store_workbook(stored, made.workbook)
    store_passages(stored, made.passages)
    notes = [
        *([Note.HIDDEN_SHEETS.value] if made.workbook.has_hidden_sheets else []),
        *([Note.TEXT_ADDED.value] if made.passages else []),
    ]
    if not update_owned(document, converted=stored, notes=notes):
        delete_workbook(stored)  # cancelled meanwhile
        delete_passages(stored)
        default_storage.delete(stored)
        clear_if_deleted(document.job_id)


def _converted(path: Path, fmt: Format, folder: Path) -> ConvertedOffice:
    seconds, memory_mb = settings.CONVERSION_SECONDS, settings.READER_MEMORY_MB
    max_unpacked_bytes = settings.MAX_ARCHIVE_MB * MB
    if fmt.kind == "office":
        return convert_office(
            path,
            fmt,
            folder,
            seconds=seconds,
            memory_mb=memory_mb,
            max_unpacked_bytes=max_unpacked_bytes,
        )
    if fmt.kind == "ofd":
        target = folder / "pages.pdf"
        read: Callable[[], object] = partial(
            convert_ofd, path, target, max_unpacked_bytes=max_unpacked_bytes
        )
    else:
        target = folder / f"frames.{FRAMES.extension}"
        read = partial(
            extract_frames,
            path,
            target,
            fmt.key,
            max_seconds=settings.MAX_VIDEO_MINUTES * 60,
            max_pixels=settings.MAX_MEGAPIXELS * 1_000_000,
            max_frames=settings.MAX_PAGES_PER_FILE,
        )
    call_isolated(read, memory_mb=memory_mb, seconds=seconds)
    return ConvertedOffice(target)
