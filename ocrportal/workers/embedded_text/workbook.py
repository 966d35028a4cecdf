"""The cells of a workbook, stored beside the PDF of its pages, as results of these pages."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ocrportal.geometry import Rect
from ocrportal.ingest.base import PageImage
from ocrportal.ingest.convert.sheets import Workbook
from ocrportal.ingest.notes import Note
from ocrportal.jobs.models import Document, Page
from ocrportal.results import OWN_TEXT, PageResult
from ocrportal.tables.numbers import is_number

_ENDING = ".cells.json"
_MIN_PIECE = 2
"""Characters of a cell that say more than that both texts have a letter in common."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook."""

    first_page: int
    last_page: int
    cells: PageResult
    """Its table, without a place."""


def store_workbook(converted: str, workbook: Workbook) -> None:
    """Store the cells beside the PDF with this path, unless there are none."""
    if not workbook.sheets:
        return
    sheets = [
        {
            "first_page": sheet.first_page,
            "last_page": sheet.last_page,
            "cells": PageResult(0, 0, (), (sheet.table,), details={"sheet": sheet.name}).to_dict(),
        }
        for sheet in workbook.sheets
    ]
    delete_workbook(converted)  # of a lease that was lost
    content = json.dumps(sheets, ensure_ascii=False).encode()
    default_storage.save(converted + _ENDING, ContentFile(content))


def delete_workbook(converted: str) -> None:
    """Delete the cells stored beside the PDF with this path, if there are any."""
    default_storage.delete(converted + _ENDING)


def sheets_of(document: Document) -> list[Sheet]:
    """The sheets of a workbook; empty for any other document."""
    path = (document.converted.name or "") + _ENDING
    if not document.converted or not default_storage.exists(path):
        return []
    with default_storage.open(path) as file:
        stored = json.load(file)
    return [
        Sheet(entry["first_page"], entry["last_page"], PageResult.from_dict(entry["cells"]))
        for entry in stored
    ]


def with_cells(page: Page, picture: PageImage, sheets: Sequence[Sheet]) -> PageImage | None:
    """The picture of a page with the cells of its sheet; None if it shows no sheet.

    A sheet is one table, on its first page. The texts of its further pages are in that table.
    """
    sheet = next((s for s in sheets if s.first_page <= page.number <= s.last_page), None)
    if sheet is None:
        return None
    is_first = page.number == sheet.first_page
    if not is_first and not _has_page(page, sheet.first_page):
        return None  # only some pages were chosen
    text = picture.own_text or PageResult(picture.width, picture.height, (), engine=OWN_TEXT)
    cells = [_squeezed(cell.text) for table in sheet.cells.tables for cell in table.cells]
    content, cells = "".join(cells), sorted(cells)
    lines = [line for line in text.lines if not _is_cut_off(_squeezed(line.text), content, cells)]
    notes = () if picture.own_text or not picture.notes else (Note.SHEET_PICTURES.value,)
    if not is_first:
        notes = (*notes, Note.SHEET_CONTINUES.value)
        return replace(picture, own_text=replace(text, lines=()), notes=notes)
    # A header, a footer or a label of a chart is beside the table.
    beside = [line for line in lines if _squeezed(line.text) not in content]
    inside = [line for line in text.lines if line not in beside]
    box = Rect.around_quads(line.box for line in inside) if inside else None
    place = box or Rect(0, 0, picture.width, picture.height)
    tables = tuple(replace(table, box=place.quad) for table in sheet.cells.tables)
    result = replace(text, lines=tuple(lines), tables=tables, details=sheet.cells.details)
    return replace(picture, own_text=result, notes=notes)


def _is_cut_off(text: str, content: str, cells: Sequence[str]) -> bool:
    """True for texts that narrow columns cut off, each continued by its neighbour.

    So each piece is the beginning of a cell; ``cells`` are sorted. A number is not cut off: where
    it does not fit into its column, hash signs are printed.
    """
    if not text.strip("#"):
        return True
    if text in content or is_number(text):
        return False
    reached = {0}
    for start in range(len(text)):
        if start not in reached:
            continue
        for end in range(start + _MIN_PIECE, len(text) + 1):
            place = bisect_left(cells, text[start:end])
            if place == len(cells) or not cells[place].startswith(text[start:end]):
                break
            reached.add(end)
    return len(text) in reached


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _has_page(page: Page, number: int) -> bool:
    return Page.objects.filter(document=page.document_id, number=number).exists()
