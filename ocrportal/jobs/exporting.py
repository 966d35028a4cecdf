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
from django.db.models.fields.files import FieldFile

from ocrportal.accounts.encryption import SecretUnreadable, decrypt
from ocrportal.errors import ExportError, NothingToExport, UnknownFormat
from ocrportal.exporters import FORMATS, ExportFormat
from ocrportal.exporters.archive import safe_file_name, write_archive
from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.jobs.models import Document, Job, Page

SPOOLED_BYTES = 8 * 1024 * 1024
"""An export up to this size stays in memory, a larger one goes to a temporary file."""
_PDF_TYPE = "application/pdf"
_RESHAPING = ("split", "level", "straighten")
"""Steps of preparation after which a page's picture is no longer that of its source."""


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


def export_document(document: Document, key: str) -> Export:
    """Write the recognised pages of one document.

    Raises UnknownFormat, NothingToExport while no page has a result, or ExportError if a
    page picture is gone or unreadable.
    """
    kind = export_format(key)
    if not _recognised(document).exists():
        raise NothingToExport
    file = _spool(partial(kind.write, _export_document(document)))
    name = safe_file_name(PurePath(document.name).stem, kind.extension)
    return Export(name=name, media_type=kind.media_type, file=file)


def export_job(job: Job, key: str) -> Export:
    """Write all recognised documents of a job: the file itself if it is one, else a ZIP.

    Raises UnknownFormat, NothingToExport while no page has a result, or ExportError if a
    page picture is gone or unreadable.
    """
    export_format(key)
    documents = _exportable(job)
    if not documents:
        raise NothingToExport
    if job.document_count == 1:
        return export_document(documents[0], key)
    return export_archive(job, [key])


def export_archive(job: Job, keys: list[str]) -> Export:
    """Write all recognised documents of a job in each of the formats, as one ZIP.

    Raises UnknownFormat, NothingToExport while no page has a result, or ExportError if a
    page picture is gone or unreadable.
    """
    for key in keys:
        export_format(key)
    documents = _exportable(job)
    if not documents:
        raise NothingToExport
    file = _spool(partial(write_archive, _members(documents, keys)))
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


def _members(documents: list[Document], keys: list[str]) -> Iterator[tuple[str, BinaryIO]]:
    for document in documents:
        for key in keys:
            export = export_document(document, key)
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
    pdf = _pdf_of(document)
    return ExportDocument(
        title=PurePath(document.name).stem,
        iter_pages=partial(_export_pages, document),
        open_pdf=partial(_open, pdf) if pdf else None,
        pdf_password=_password(document),
    )


def _pdf_of(document: Document) -> FieldFile | None:
    """The PDF whose pages a document has: the file itself, or what it was converted to."""
    if (document.converted.name or "").endswith(".pdf"):
        return document.converted
    if document.media_type == _PDF_TYPE and document.file:
        return document.file
    return None


def _password(document: Document) -> str | None:
    """What opens the document's PDF, as far as it is kept and can be read."""
    try:
        return decrypt(document.password) or None
    except SecretUnreadable:  # the keys were changed: then its pages are pictures
        return None


def _export_pages(document: Document) -> Iterator[ExportPage]:
    preparation = document.job.preparation
    reshaped = any(preparation.get(step) for step in _RESHAPING)
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
            as_in_source=page.part == 0 and not reshaped,
        )


def _read(page: Page) -> bytes:
    with _open(page.image) as file:
        return file.read()


def _open(stored: FieldFile) -> BinaryIO:
    try:
        return cast("BinaryIO", stored.storage.open(stored.name or "", "rb"))
    except OSError as error:
        raise ExportError from error
