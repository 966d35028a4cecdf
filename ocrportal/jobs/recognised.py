"""Converts the rows of a document to recognised pages, the input of the layout."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile

from ocrportal.errors.export import ExportError
from ocrportal.jobs.models import Document, Page, Result
from ocrportal.layout.source import RecognisedDocument, RecognisedPage

_PDF_TYPE = "application/pdf"


def recognised_document(document: Document) -> RecognisedDocument:
    """A document with its recognised pages, streamed from the database."""
    pdf = _pdf_of(document)
    return RecognisedDocument(
        title=PurePath(document.name).stem,
        page_count=pages_with_results(document).count(),
        iter_pages=partial(_pages, document),
        open_pdf=partial(_open, pdf) if pdf else None,
    )


def recognised_page(page: Page) -> RecognisedPage:
    """A page that has a result."""
    assert page.result is not None  # the caller has checked
    return RecognisedPage(
        number=page.number,
        result=page.result.page_result,
        read_image=partial(_read, page),
        dpi=page.dpi,
        service=page.result.service,
        seconds=page.seconds,
        part=page.part,
        read_answer=partial(_answer, page.result.pk),
    )


def pages_with_results(document: Document) -> QuerySet[Page]:
    """The recognised pages of a document."""
    return Page.objects.filter(document=document, result__isnull=False)


def _pages(document: Document) -> Iterator[RecognisedPage]:
    pages = pages_with_results(document).select_related("result").defer("result__raw")
    # A result contains the position of each character: only a few are in memory at a time.
    return map(recognised_page, pages.order_by("number", "part").iterator(chunk_size=20))


def _pdf_of(document: Document) -> FieldFile | None:
    """The PDF of the pages of a document: its file, or the file it was converted to."""
    if (document.converted.name or "").endswith(".pdf"):
        return document.converted
    if document.media_type == _PDF_TYPE and document.file:
        return document.file
    return None


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
