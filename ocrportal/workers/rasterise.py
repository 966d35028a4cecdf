"""Rasterising a page of an opened source: its image is stored, and it is queued, split or done."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from PIL import Image

from ocrportal.errors.engine import EngineError
from ocrportal.errors.ingest import IngestError
from ocrportal.ingest.base import PageImage, PageSource, Preprocessing
from ocrportal.ingest.notes import Note
from ocrportal.ingest.preprocessing.blank_page import is_blank
from ocrportal.ingest.preprocessing.spreads import gutter
from ocrportal.ingest.readers.encoding import encode_page
from ocrportal.jobs.files import picture_path, thumbnail_path
from ocrportal.jobs.models import Document, Page
from ocrportal.results import BLANK, PageResult
from ocrportal.workers.document_state import clear_if_deleted
from ocrportal.workers.embedded_text.own_text import check_own_text
from ocrportal.workers.embedded_text.workbook import Sheet, with_cells
from ocrportal.workers.page_state import add_result

WITH_TEXT_OF_THE_FILE = {"general-text"}
"""Services whose result is only text, which the text layer of a page can replace."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A page image, or one half of it, that becomes a row."""

    number: int
    """0 for a whole page; 1 and 2 for its left and right half."""
    picture: PageImage
    left: int = 0
    """Its left edge in the whole image, in pixels."""


def rasterise_page(
    page: Page, source: PageSource, threads: int = 1, sheets: Sequence[Sheet] = ()
) -> int:
    """Store the image of a waiting page; the number of pages that an engine must read.

    Zero if the page is blank or has a text of its own, which is checked with ``threads`` threads;
    two if it is split. ``sheets`` are those of a workbook.

    An unreadable page fails, and the other pages of its document continue. A page that was
    cancelled meanwhile is not changed.
    """
    waiting = Page.objects.filter(pk=page.pk, status=Page.Status.WAITING)
    preprocessing = Preprocessing.from_dict(page.job.preprocessing)
    try:
        picture = source.read_page(page.number)
        if page.job.service not in WITH_TEXT_OF_THE_FILE:
            picture = replace(picture, own_text=None, notes=())
        elif (with_sheet := with_cells(page, picture, sheets)) is not None:
            picture = with_sheet
        elif picture.own_text is not None:
            checked = check_own_text(picture, picture.own_text, threads)
            picture = replace(picture, own_text=checked.text, notes=checked.notes)
        parts = _parts(picture, preprocessing)
    except (IngestError, EngineError) as error:
        # Only this page fails: the other pages of the document may be readable.
        waiting.update(
            status=Page.Status.FAILED,
            error_code=error.code,
            error_params=error.params,
            updated_at=timezone.now(),
        )
        return 0
    rows = [_row(page, part, preprocessing) for part in parts]
    if not _keep(page, rows):
        for fields, _result in rows:
            default_storage.delete(fields["image"])
            default_storage.delete(fields["thumbnail"])
        clear_if_deleted(page.job_id)
        return 0
    return sum(result is None for _fields, result in rows)


def _parts(picture: PageImage, preprocessing: Preprocessing) -> list[_Part]:
    if picture.own_text is not None:
        return [_Part(0, picture)]
    with Image.open(io.BytesIO(picture.data)) as image:
        middle = gutter(image)
        if middle is None:
            return [_Part(0, picture)]
        if not preprocessing.split:
            return [_Part(0, replace(picture, notes=(*picture.notes, Note.SPREAD.value)))]
        halves = [
            image.crop((0, 0, middle, image.height)),
            image.crop((middle, 0, image.width, image.height)),
        ]
    left, right = (
        replace(encode_page(half, picture.dpi), seconds=picture.seconds, notes=picture.notes)
        for half in halves
    )
    return [_Part(1, left), _Part(2, right, middle)]


def _row(
    page: Page, part: _Part, preprocessing: Preprocessing
) -> tuple[dict[str, Any], PageResult | None]:
    """The fields of a page whose image is stored, and its result if it needs no engine."""
    picture = part.picture
    result = _result_without_engine(picture, preprocessing)
    ending = picture.extension
    image = default_storage.save(picture_path(page, ending, part.number), ContentFile(picture.data))
    thumbnail = default_storage.save(
        thumbnail_path(page, part.number), ContentFile(picture.thumbnail)
    )
    fields = {
        "status": Page.Status.QUEUED if result is None else Page.Status.DONE,
        "image": image,
        "thumbnail": thumbnail,
        "digest": hashlib.sha256(picture.data).hexdigest(),
        "width": picture.width,
        "height": picture.height,
        "dpi": picture.dpi,
        "notes": list(picture.notes),
        "part": part.number,
        "left": part.left,
        "seconds": picture.seconds,
        "is_blank": result is not None and result.engine == BLANK,
        "updated_at": timezone.now(),
    }
    return fields, result


def _result_without_engine(picture: PageImage, preprocessing: Preprocessing) -> PageResult | None:
    """The result of a page that needs no engine; None if an engine must read it."""
    if picture.own_text is not None:
        return picture.own_text
    if preprocessing.skip_blank:
        with Image.open(io.BytesIO(picture.data)) as image:
            if is_blank(image):
                return PageResult(picture.width, picture.height, (), engine=BLANK)
    return None


@transaction.atomic
def _keep(page: Page, rows: list[tuple[dict[str, Any], PageResult | None]]) -> bool:
    """Write the rows, the first over the waiting page; False if that is not waiting any more."""
    # Locked, so that a cancel either prevents the second half or cancels it. The document is
    # locked first, in the order in which a deletion locks them.
    Document.objects.select_for_update(no_key=True).filter(pk=page.document_id).first()
    waiting = Page.objects.select_for_update().filter(pk=page.pk, status=Page.Status.WAITING)
    if waiting.first() is None:
        return False
    (first, first_result), *halves = rows
    Page.objects.filter(pk=page.pk).update(**first)
    _add_result(page, first_result)
    for fields, result in halves:
        half = Page(job_id=page.job_id, document_id=page.document_id, number=page.number, **fields)
        half.save(force_insert=True)
        half.job, half.document = page.job, page.document
        _add_result(half, result)
    return True


def _add_result(page: Page, result: PageResult | None) -> None:
    if result is None:
        return
    kept = add_result(page, result, engine=result.engine)
    Page.objects.filter(pk=page.pk).update(result=kept)
