"""Exports a document or a job to a file for download."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import PurePath, PurePosixPath
from typing import BinaryIO, Protocol, cast

from django.db.models import Max, QuerySet
from django.utils import timezone

from ocrportal.errors.export import NoAnswers, NothingToExport, NoTimeCodes, UnknownFormat
from ocrportal.exporters.archive import ArchiveFile, write_archive
from ocrportal.exporters.file_names import safe_file_name
from ocrportal.exporters.formats import FORMATS, ExportFormat, offered_formats
from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions
from ocrportal.exporters.verification import Score
from ocrportal.exporters.writing import new_verification, write_document
from ocrportal.jobs.export_names import export_label, job_label, labels_in_job
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.jobs.recognised import recognised_document
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.source import RecognisedDocument, RecognisedPage
from ocrportal.pictures import PictureFolder

SPOOLED_BYTES = 8 * 1024 * 1024
"""A larger export is written to a temporary file instead of memory."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A written file, open at its start; the caller closes it."""

    name: str
    media_type: str
    file: BinaryIO


class ExportObserver(Protocol):
    """Observes the writing of an export; an exception that it raises cancels the export."""

    def file_begins(self, page_count: int) -> None:
        """Called before a file of so many pages is written in one of the formats."""

    def page_written(self, page: RecognisedPage) -> None:
        """Called after a page of the file is written; again if the pages are written again."""

    def wants_verification(self) -> bool:
        """Whether the next file is verified."""

    def file_verified(self, score: Score) -> None:
        """Called with the score of a verified file."""


def export_format(key: str) -> ExportFormat:
    """The format with this key; raises UnknownFormat."""
    if key not in FORMATS:
        raise UnknownFormat(format=key, known=", ".join(FORMATS))
    return FORMATS[key]


def export_document(
    document: Document,
    key: str,
    options: ExportOptions = DEFAULT_OPTIONS,
    observer: ExportObserver | None = None,
) -> WrittenFile:
    """Write the recognised pages of one document.

    Raises UnknownFormat, NothingToExport while no page has a result, NoTimeCodes for subtitles
    of a document that is not a video, NoAnswers if no raw answers are stored, or ExportError if
    a page image is missing or unreadable.
    """
    kind = export_format(key)
    recognised = recognised_document(document)
    if not recognised.page_count:
        raise NothingToExport
    label = export_label(document, options.names)
    return _Writing(options, observer).document(recognised, kind, label)


def export_job(
    job: Job,
    key: str,
    options: ExportOptions = DEFAULT_OPTIONS,
    observer: ExportObserver | None = None,
) -> WrittenFile:
    """Write all recognised documents of a job: the file itself if it is one, else a ZIP.

    ``options.merged`` makes one file of several, in formats that can hold them. Documents
    that the format does not suit are left out of the ZIP. Raises UnknownFormat,
    NothingToExport while no page has a result, NoTimeCodes or NoAnswers if it suits none of
    them, or ExportError if a page image is missing or unreadable.
    """
    kind = export_format(key)
    documents = _exportable(job)
    if job.document_count == 1:
        return export_document(documents[0], key, options, observer)
    refuse_unless_suited(documents, [kind])
    writing = _Writing(options, observer)
    if options.merged and not kind.is_single:
        return writing.merged(job, kind)
    return writing.archive(job, documents, [kind])


def export_archive(
    job: Job, options: ExportOptions = DEFAULT_OPTIONS, observer: ExportObserver | None = None
) -> WrittenFile:
    """Write all recognised documents of a job in each format that suits them, as one ZIP.

    With ``options.merged`` they are one file in each format that can hold several. Raises
    NothingToExport while no page has a result, or ExportError if a page image is missing
    or unreadable.
    """
    return _Writing(options, observer).archive(job, _exportable(job), list(FORMATS.values()))


def export_each(document: Document, keys: Sequence[str], label: str) -> Iterator[WrittenFile]:
    """Write the recognised pages of a document in each of the formats that suit it.

    ``label`` is its name from :func:`ocrportal.jobs.export_names.labels_in_job`, without the
    folders. Raises as
    :func:`export_document` does.
    """
    writing = _Writing(DEFAULT_OPTIONS)
    for kind in _suiting(document, [export_format(key) for key in keys]):
        export = writing.document(recognised_document(document), kind, label)
        with export.file:
            yield export


def text_of_job(job: Job, options: ExportOptions = DEFAULT_OPTIONS) -> str:
    """The text of the recognised documents of a job: that of their TXT files."""
    texts = []
    for document in exportable_documents(job):
        with export_document(document, "txt", options).file as file:
            texts.append(file.read().decode().rstrip("\n"))
    return "\n\n".join(filter(None, texts))


def suiting_formats(document: Document) -> list[ExportFormat]:
    """The formats in which a document can be written."""
    answered = Page.objects.filter(document=document, result__raw__isnull=False)
    return offered_formats(for_video=document.is_video, with_answers=answered.exists())


def refuse_unless_suited(documents: Iterable[Document], kinds: Sequence[ExportFormat]) -> None:
    """Raise NoTimeCodes or NoAnswers if none of these formats suits any of the documents."""
    if not any(_suiting(document, kinds) for document in documents):
        raise NoTimeCodes if kinds[0].requires == "times" else NoAnswers


def exportable_documents(job: Job) -> QuerySet[Document]:
    """The documents of a job with at least one recognised page, in order."""
    recognised = Document.objects.filter(job=job, pages__result__isnull=False)
    return recognised.distinct().order_by("position")


@dataclass(frozen=True, slots=True)
class _Writing:
    """Writes files with the same options and observer."""

    options: ExportOptions
    observer: ExportObserver | None = None

    def document(
        self,
        document: RecognisedDocument,
        kind: ExportFormat,
        label: str,
        folder: PictureFolder | None = None,
    ) -> WrittenFile:
        return self._write(LaidOutDocument(document.title, (document,)), kind, label, folder)

    def merged(
        self, job: Job, kind: ExportFormat, folder: PictureFolder | None = None
    ) -> WrittenFile:
        """All documents of a job as one file; a list of fields includes those without results."""
        rows = Document.objects.filter(job=job, members=None).order_by("position")
        title = PurePath(job.name).stem
        documents = tuple(map(recognised_document, rows))
        label = job_label(job, self.options.names)
        return self._write(LaidOutDocument(title, documents, is_merged=True), kind, label, folder)

    def archive(
        self, job: Job, documents: list[Document], kinds: list[ExportFormat]
    ) -> WrittenFile:
        file = _spool(partial(write_archive, self._members(job, documents, kinds)))
        name = safe_file_name(job_label(job, self.options.names), ".zip")
        return WrittenFile(name=name, media_type="application/zip", file=file)

    def _members(
        self, job: Job, documents: list[Document], kinds: list[ExportFormat]
    ) -> Iterator[ArchiveFile]:
        one_file = [kind for kind in kinds if self.options.merged and not kind.is_single]
        suiting = {kind.key for document in documents for kind in suiting_formats(document)}
        for kind in (kind for kind in one_file if kind.key in suiting):
            path = PurePosixPath(safe_file_name(job_label(job, self.options.names), ""))
            modified = _recognised_at(Page.objects.filter(document__job=job))
            yield from _with_pictures(partial(self.merged, job, kind), kind, path, modified)
        labels = labels_in_job(job, self.options.names)
        for document in documents:
            modified = _recognised_at(Page.objects.filter(document=document))
            for kind in _suiting(document, [kind for kind in kinds if kind not in one_file]):
                # Counted for each format, since pages may be recognised meanwhile.
                recognised = recognised_document(document)
                path = labels[document.pk]
                write = partial(self.document, recognised, kind, path.name)
                yield from _with_pictures(write, kind, path, modified)

    def _write(
        self,
        document: LaidOutDocument,
        kind: ExportFormat,
        label: str,
        folder: PictureFolder | None,
    ) -> WrittenFile:
        observer, verification = self.observer, None
        if observer is not None:
            observer.file_begins(document.page_count)
            document = replace(document, on_read=observer.page_written)
            if observer.wants_verification():
                verification = new_verification(kind, document.page_count)
        if verification is not None:
            document = replace(document, on_laid_out=verification.observe)
        file = _spool(lambda out: write_document(document, kind, out, self.options, folder))
        if observer is not None and verification is not None:
            observer.file_verified(verification.verify(file))
            file.seek(0)
        name = safe_file_name(label, kind.extension)
        return WrittenFile(name=name, media_type=kind.media_type, file=file)


def _with_pictures(
    write: Callable[[PictureFolder | None], WrittenFile],
    kind: ExportFormat,
    path: PurePosixPath,
    modified: datetime,
) -> Iterator[ArchiveFile]:
    """The file that ``write`` returns, and the pictures in the folder beside it.

    ``path`` is that of the file, without its extension.
    """
    with tempfile.SpooledTemporaryFile(SPOOLED_BYTES) as data:
        name = safe_file_name(path.name, "_pictures")
        folder = PictureFolder(name, data) if kind.has_picture_folder else None
        export = write(folder)
        with export.file:
            yield ArchiveFile(str(path.parent / export.name), export.file, modified)
        if folder is not None:
            for picture, file in folder.files():
                yield ArchiveFile(str(path.parent / picture), file, modified)


def _recognised_at(pages: QuerySet[Page]) -> datetime:
    """When the last of these pages was recognised, in the time zone of the portal."""
    last = pages.aggregate(last=Max("result__created_at"))["last"]
    return timezone.localtime(last)


def _spool(write: Callable[[BinaryIO], None]) -> BinaryIO:
    """A temporary file with the output of ``write``, open at its start."""
    with ExitStack() as on_failure:
        spool = on_failure.enter_context(tempfile.SpooledTemporaryFile(SPOOLED_BYTES))
        file = cast("BinaryIO", spool)  # it has the methods of a binary file
        write(file)
        file.seek(0)
        on_failure.pop_all()  # the caller closes it now
    return file


def _suiting(document: Document, kinds: Sequence[ExportFormat]) -> list[ExportFormat]:
    return [kind for kind in suiting_formats(document) if kind in kinds]


def _exportable(job: Job) -> list[Document]:
    """The recognised documents of a job; raises NothingToExport if there are none."""
    documents = list(exportable_documents(job))
    if not documents:
        raise NothingToExport
    return documents
