"""From the rows of a document or a job to a file one can download."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile

from ocrportal.errors import (
    ExportError,
    NoAnswers,
    NothingToExport,
    NoTimeCodes,
    UnknownFormat,
)
from ocrportal.exporters import FORMATS, ExportFormat, offered_formats
from ocrportal.exporters.archive import safe_file_name, unique_names, write_archive
from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.options import AS_USUAL, ExportOptions
from ocrportal.jobs.models import Document, Job, Page, Result

SPOOLED_BYTES = 8 * 1024 * 1024
"""An export up to this size stays in memory, a larger one goes to a temporary file."""
_PDF_TYPE = "application/pdf"


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

    Raises UnknownFormat, NothingToExport while no page has a result, NoTimeCodes for
    subtitles of what is no video, NoAnswers for those of a cloud that was not asked, or
    ExportError if a page picture is gone or unreadable.
    """
    kind = export_format(key)
    if not _recognised(document).exists():
        raise NothingToExport
    file = _spool(lambda out: kind.write(_export_document(document), out, options))
    name = safe_file_name(PurePath(document.name).stem, kind.extension)
    return Export(name=name, media_type=kind.media_type, file=file)


def export_job(job: Job, key: str, options: ExportOptions = AS_USUAL) -> Export:
    """Write all recognised documents of a job: the file itself if it is one, else a ZIP.

    Documents that the format does not suit are left out of the ZIP. Raises UnknownFormat,
    NothingToExport while no page has a result, NoTimeCodes or NoAnswers if it suits none of
    them, or ExportError if a page picture is gone or unreadable.
    """
    kind = export_format(key)
    documents = _exportable(job)
    if job.document_count == 1:
        return export_document(documents[0], key, options)
    refuse_unless_suited(documents, [kind])
    return _archive(job, documents, [kind], options)


def export_archive(job: Job, options: ExportOptions = AS_USUAL) -> Export:
    """Write all recognised documents of a job in each format that suits them, as one ZIP.

    Raises NothingToExport while no page has a result, or ExportError if a page picture is
    gone or unreadable.
    """
    return _archive(job, _exportable(job), list(FORMATS.values()), options)


def _archive(
    job: Job, documents: list[Document], kinds: list[ExportFormat], options: ExportOptions
) -> Export:
    file = _spool(partial(write_archive, _members(documents, kinds, options)))
    name = safe_file_name(PurePath(job.name).stem, ".zip")
    return Export(name=name, media_type="application/zip", file=file)


def suiting_formats(document: Document) -> list[ExportFormat]:
    """The formats in which a document can be written."""
    answered = Page.objects.filter(document=document, result__raw__isnull=False)
    return offered_formats(for_video=document.is_video, with_answers=answered.exists())


def refuse_unless_suited(documents: Iterable[Document], kinds: Sequence[ExportFormat]) -> None:
    """Raise NoTimeCodes or NoAnswers if none of these formats suits any of the documents."""
    if not any(_suiting(document, kinds) for document in documents):
        raise NoTimeCodes if kinds[0].for_videos else NoAnswers


def text_of_job(job: Job, options: ExportOptions = AS_USUAL) -> str:
    """What the TXT files of a job's recognised documents say, one after the other."""
    texts = []
    for document in exportable_documents(job):
        with export_document(document, "txt", options).file as file:
            texts.append(file.read().decode().rstrip("\n"))
    return "\n\n".join(filter(None, texts))


def export_each(document: Document, keys: Sequence[str]) -> Iterator[tuple[Export, str]]:
    """Write the recognised pages of a document in each of the formats that suit it.

    With each file comes the name that no file of another document of the job has. Raises as
    :func:`export_document` does.
    """
    for kind in _suiting(document, [export_format(key) for key in keys]):
        export = export_document(document, kind.key)
        with export.file:
            yield export, _name_in_job(document, kind.extension)


def exportable_documents(job: Job) -> QuerySet[Document]:
    """The documents of a job with at least one recognised page, in order."""
    recognised = Document.objects.filter(job=job, pages__result__isnull=False)
    return recognised.distinct().order_by("position")


def _spool(write: Callable[[BinaryIO], None]) -> BinaryIO:
    """A temporary file with what ``write`` wrote, open at its start."""
    with ExitStack() as on_failure:
        spool = on_failure.enter_context(tempfile.SpooledTemporaryFile(SPOOLED_BYTES))
        file = cast("BinaryIO", spool)  # it has all that a binary file has, but another type
        write(file)
        file.seek(0)
        on_failure.pop_all()  # from here on the caller closes it
    return file


def _name_in_job(document: Document, extension: str) -> str:
    """Equal names are numbered in the order of all documents, whichever have results by now."""
    fresh_name = unique_names()
    labels = Document.objects.filter(job=document.job_id, position__lte=document.position)
    names = [
        fresh_name(safe_file_name(PurePath(label).stem, extension))
        for label in labels.order_by("position").values_list("name", flat=True)
    ]
    return names[-1]


def _members(
    documents: list[Document], kinds: list[ExportFormat], options: ExportOptions
) -> Iterator[tuple[str, BinaryIO]]:
    for document in documents:
        for kind in _suiting(document, kinds):
            export = export_document(document, kind.key, options)
            with export.file:
                yield export.name, export.file


def _suiting(document: Document, kinds: Sequence[ExportFormat]) -> list[ExportFormat]:
    return [kind for kind in suiting_formats(document) if kind in kinds]


def _exportable(job: Job) -> list[Document]:
    """The recognised documents of a job; raises NothingToExport if there are none."""
    documents = list(exportable_documents(job))
    if not documents:
        raise NothingToExport
    return documents


def _recognised(document: Document) -> QuerySet[Page]:
    return Page.objects.filter(document=document, result__isnull=False)


def _export_document(document: Document) -> ExportDocument:
    pdf = _pdf_of(document)
    return ExportDocument(
        title=PurePath(document.name).stem,
        iter_pages=partial(_export_pages, document),
        open_pdf=partial(_open, pdf) if pdf else None,
    )


def _pdf_of(document: Document) -> FieldFile | None:
    """The PDF whose pages a document has: the file itself, or what it was converted to."""
    if (document.converted.name or "").endswith(".pdf"):
        return document.converted
    if document.media_type == _PDF_TYPE and document.file:
        return document.file
    return None


def _export_pages(document: Document) -> Iterator[ExportPage]:
    pages = _recognised(document).select_related("result").defer("result__raw")
    # A result holds each character with its place: few at a time stay in memory.
    for page in pages.order_by("number", "part").iterator(chunk_size=20):
        assert page.result is not None  # the query asks for it
        yield ExportPage(
            number=page.number,
            result=page.result.page_result,
            read_image=partial(_read, page),
            dpi=page.dpi,
            service=page.result.service,
            seconds=page.seconds,
            part=page.part,
            read_answer=partial(_answer, page.result.pk),
        )


def _answer(result_id: int) -> Any:
    return Result.objects.values_list("raw", flat=True).get(pk=result_id)


def _read(page: Page) -> bytes:
    with _open(page.image) as file:
        return file.read()


def _open(stored: FieldFile) -> BinaryIO:
    try:
        return cast("BinaryIO", stored.storage.open(stored.name or "", "rb"))
    except OSError as error:
        raise ExportError from error
