"""From the rows of a document or a job to a file one can download."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from ocrportal.errors import (
    ExportError,
    NoAnswers,
    NothingToExport,
    NoTimeCodes,
    UnknownFormat,
)
from ocrportal.exporters.archive import safe_file_name, unique_names, write_archive
from ocrportal.exporters.document import ExportDocument, ExportPage, merged
from ocrportal.exporters.formats import FORMATS, ExportFormat, offered_formats
from ocrportal.exporters.name_pattern import DEFAULT_NAME_PATTERN, NameFacts, filled
from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.jobs.watching import tell_written, told_pages

SPOOLED_BYTES = 8 * 1024 * 1024
"""An export up to this size stays in memory, a larger one goes to a temporary file."""
_PDF_TYPE = "application/pdf"
_INNER_ENDINGS = tuple({kind.extension.rpartition(".")[0] for kind in FORMATS.values()} - {""})
"""What stands before the last ending in formats of two, such as ``.pdfa``."""
_ANY_ENDING = f".{'x' * (max(len(kind.extension) for kind in FORMATS.values()) - 1)}"
"""As long as the longest."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A written file, open at its start; whoever gets it closes it."""

    name: str
    media_type: str
    file: BinaryIO


def export_format(key: str) -> ExportFormat:
    """The format with this key; raises UnknownFormat."""
    if key not in FORMATS:
        raise UnknownFormat(format=key, known=", ".join(FORMATS))
    return FORMATS[key]


def export_document(
    document: Document, key: str, options: ExportOptions = DEFAULT_OPTIONS
) -> WrittenFile:
    """Write the recognised pages of one document.

    Raises UnknownFormat, NothingToExport while no page has a result, NoTimeCodes for
    subtitles of what is no video, NoAnswers for those of a cloud that was not asked, or
    ExportError if a page picture is gone or unreadable.
    """
    kind = export_format(key)
    if not _recognised(document).exists():
        raise NothingToExport
    numbers = _numbers(document.job, options.names)
    label = _label(document.job, document, options.names, numbers)
    return _written(document, kind, options, label)


def export_job(job: Job, key: str, options: ExportOptions = DEFAULT_OPTIONS) -> WrittenFile:
    """Write all recognised documents of a job: the file itself if it is one, else a ZIP.

    ``options.merged`` makes one file of several, in formats that can hold them. Documents
    that the format does not suit are left out of the ZIP. Raises UnknownFormat,
    NothingToExport while no page has a result, NoTimeCodes or NoAnswers if it suits none of
    them, or ExportError if a page picture is gone or unreadable.
    """
    kind = export_format(key)
    documents = _exportable(job)
    if job.document_count == 1:
        return export_document(documents[0], key, options)
    refuse_unless_suited(documents, [kind])
    if options.merged and not kind.for_one:
        return _merged(job, kind, options)
    return _archive(job, documents, [kind], options)


def export_archive(job: Job, options: ExportOptions = DEFAULT_OPTIONS) -> WrittenFile:
    """Write all recognised documents of a job in each format that suits them, as one ZIP.

    With ``options.merged`` they are one file in each format that can hold several. Raises
    NothingToExport while no page has a result, or ExportError if a page picture is gone or
    unreadable.
    """
    return _archive(job, _exportable(job), list(FORMATS.values()), options)


def _archive(
    job: Job, documents: list[Document], kinds: list[ExportFormat], options: ExportOptions
) -> WrittenFile:
    file = _spool(partial(write_archive, _members(job, documents, kinds, options)))
    name = safe_file_name(PurePath(job.name).stem, ".zip")
    return WrittenFile(name=name, media_type="application/zip", file=file)


def suiting_formats(document: Document) -> list[ExportFormat]:
    """The formats in which a document can be written."""
    answered = Page.objects.filter(document=document, result__raw__isnull=False)
    return offered_formats(for_video=document.is_video, with_answers=answered.exists())


def refuse_unless_suited(documents: Iterable[Document], kinds: Sequence[ExportFormat]) -> None:
    """Raise NoTimeCodes or NoAnswers if none of these formats suits any of the documents."""
    if not any(_suiting(document, kinds) for document in documents):
        raise NoTimeCodes if kinds[0].for_videos else NoAnswers


def text_of_job(job: Job, options: ExportOptions = DEFAULT_OPTIONS) -> str:
    """What the TXT files of a job's recognised documents say, one after the other."""
    texts = []
    for document in exportable_documents(job):
        with export_document(document, "txt", options).file as file:
            texts.append(file.read().decode().rstrip("\n"))
    return "\n\n".join(filter(None, texts))


def export_each(document: Document, keys: Sequence[str], label: str) -> Iterator[WrittenFile]:
    """Write the recognised pages of a document in each of the formats that suit it.

    ``label`` is its name among those of :func:`labels_in_job`. Raises as
    :func:`export_document` does.
    """
    for kind in _suiting(document, [export_format(key) for key in keys]):
        export = _written(document, kind, DEFAULT_OPTIONS, label)
        with export.file:
            yield export


def labels_in_job(job: Job, pattern: str = DEFAULT_NAME_PATTERN) -> dict[int, str]:
    """What the files of each document are called, without their ending, by its id.

    Equal names are numbered in the order of all documents, whichever have results by now.
    """
    fresh_name = unique_names()
    documents = Document.objects.filter(job=job).order_by("position")
    labels = documents.only("position", "name", "page_count")
    numbers = _numbers(job, pattern)
    named = {}
    for row in labels:
        # With room for the longest ending, so that no two become alike where they are cut.
        name = safe_file_name(_label(job, row, pattern, numbers), _ANY_ENDING)
        named[row.pk] = fresh_name(name).removesuffix(_ANY_ENDING)
    return named


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


def _written(
    document: Document, kind: ExportFormat, options: ExportOptions, label: str
) -> WrittenFile:
    return _write(_export_document(document), kind, options, label)


def _write(
    document: ExportDocument, kind: ExportFormat, options: ExportOptions, label: str
) -> WrittenFile:
    file = _spool(lambda out: kind.write(document, out, options))
    tell_written(kind.key, document, file)
    name = safe_file_name(label, kind.extension)
    return WrittenFile(name=name, media_type=kind.media_type, file=file)


def _label(job: Job, document: Document, pattern: str, numbers: Mapping[int, int]) -> str:
    facts = NameFacts(
        name=PurePath(document.name).stem,
        number=numbers.get(document.pk, 0),
        of=len(numbers),
        job=PurePath(job.name).stem,
        day=timezone.localdate(job.created_at),
        service=job.service,
        pages=document.page_count or 0,
    )
    label = filled(pattern, facts)
    # So that “scan.pdfa” as PDF is not called what “scan” is as PDF/A.
    return f"{label}_" if label.casefold().endswith(_INNER_ENDINGS) else label


def _numbers(job: Job, pattern: str) -> dict[int, int]:
    """The number of each document by its id, from 1, if the pattern asks; archives have none."""
    if "{number}" not in pattern:
        return {}
    rows = Document.objects.filter(job=job, members=None).order_by("position")
    return {pk: number for number, pk in enumerate(rows.values_list("pk", flat=True), 1)}


def _merged(job: Job, kind: ExportFormat, options: ExportOptions) -> WrittenFile:
    """All documents of a job as one file, with those of which nothing was read, for a list."""
    documents = Document.objects.filter(job=job, members=None).order_by("position")
    whole = merged(PurePath(job.name).stem, [_export_document(row) for row in documents])
    return _write(whole, kind, options, whole.title)


def _members(
    job: Job, documents: list[Document], kinds: list[ExportFormat], options: ExportOptions
) -> Iterator[tuple[str, BinaryIO]]:
    one_file = [kind for kind in kinds if options.merged and not kind.for_one]
    suiting = {kind.key for document in documents for kind in suiting_formats(document)}
    for kind in (kind for kind in one_file if kind.key in suiting):
        export = _merged(job, kind, options)
        with export.file:
            yield export.name, export.file
    labels = labels_in_job(job, options.names)
    for document in documents:
        for kind in _suiting(document, [kind for kind in kinds if kind not in one_file]):
            export = _written(document, kind, options, labels[document.pk])
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
        iter_pages=lambda: told_pages(_export_pages(document), document.pk),
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
