"""From the rows of a document or a job to a file one can download."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import BinaryIO, cast

from django.db.models import QuerySet

from ocrportal.errors import ExportError, NothingToExport, UnknownFormat
from ocrportal.exporters import FORMATS, ExportFormat
from ocrportal.exporters.archive import safe_file_name, write_archive
from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.options import AS_USUAL, ExportOptions
from ocrportal.jobs.models import Document, Job, Page

SPOOLED_BYTES = 8 * 1024 * 1024
"""An export up to this size stays in memory, a larger one goes to a temporary file."""


@dataclass(frozen=True, slots=True)
class Export:
    """A written file, open at its start; whoever gets it closes it."""

    name: str
    media_type: str
    file: BinaryIO


def export_format(key: str) -> ExportFormat:
    """The format with this key; raises UnknownFormat."""
    if key not in FORMATS:
        raise UnknownFormat(format=key, known=", ".join(FORMATS))
    return FORMATS[key]


def export_document(document: Document, key: str, options: ExportOptions = AS_USUAL) -> Export:
    """Write the recognised pages of one document.

    Raises UnknownFormat, NothingToExport while no page has a result, or ExportError if a
    page picture is gone or unreadable.
    """
    kind = export_format(key)
    if not _recognised(document).exists():
        raise NothingToExport
    file = _spool(lambda out: kind.write(_export_document(document), out, options))
    name = safe_file_name(PurePath(document.name).stem, kind.extension)
    return Export(name=name, media_type=kind.media_type, file=file)


def export_job(job: Job, key: str, options: ExportOptions = AS_USUAL) -> Export:
    """Write all recognised documents of a job: the file itself if it is one, else a ZIP.

    Raises UnknownFormat, NothingToExport while no page has a result, or ExportError if a
    page picture is gone or unreadable.
    """
    export_format(key)
    documents = _exportable(job)
    if not documents:
        raise NothingToExport
    if job.document_count == 1:
        return export_document(documents[0], key, options)
    return export_archive(job, [key], options)


def export_archive(job: Job, keys: list[str], options: ExportOptions = AS_USUAL) -> Export:
    """Write all recognised documents of a job in each of the formats, as one ZIP.

    Raises UnknownFormat, NothingToExport while no page has a result, or ExportError if a
    page picture is gone or unreadable.
    """
    for key in keys:
        export_format(key)
    documents = _exportable(job)
    if not documents:
        raise NothingToExport
    file = _spool(partial(write_archive, _members(documents, keys, options)))
    name = safe_file_name(PurePath(job.name).stem, ".zip")
    return Export(name=name, media_type="application/zip", file=file)


def _spool(write: Callable[[BinaryIO], None]) -> BinaryIO:
    """A temporary file with what ``write`` wrote, open at its start."""
    with ExitStack() as on_failure:
        spool = on_failure.enter_context(tempfile.SpooledTemporaryFile(SPOOLED_BYTES))
        file = cast("BinaryIO", spool)  # it has all that a binary file has, but another type
        write(file)
        file.seek(0)
        on_failure.pop_all()  # from here on the caller closes it
    return file


def _members(
    documents: list[Document], keys: list[str], options: ExportOptions
) -> Iterator[tuple[str, BinaryIO]]:
    for document in documents:
        for key in keys:
            export = export_document(document, key, options)
            with export.file:
                yield export.name, export.file


def _exportable(job: Job) -> list[Document]:
    return list(
        Document.objects.filter(job=job, pages__result__isnull=False)
        .distinct()
        .order_by("position")
    )


def _recognised(document: Document) -> QuerySet[Page]:
    return Page.objects.filter(document=document, result__isnull=False)


def _export_document(document: Document) -> ExportDocument:
    return ExportDocument(
        title=PurePath(document.name).stem, iter_pages=partial(_export_pages, document)
    )


def _export_pages(document: Document) -> Iterator[ExportPage]:
    pages = _recognised(document).select_related("result").defer("result__raw").order_by("number")
    # A result holds each character with its place: few at a time stay in memory.
    for page in pages.iterator(chunk_size=20):
        assert page.result is not None  # the query asks for it
        yield ExportPage(
            number=page.number,
            result=page.result.page_result,
            read_image=partial(_read, page),
            dpi=page.dpi,
            service=page.result.service,
        )


def _read(page: Page) -> bytes:
    try:
        with page.image.open("rb") as file:
            data: bytes = file.read()
    except OSError as error:
        raise ExportError from error
    return data
