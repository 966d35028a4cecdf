"""Reads the cells of a workbook from the file that LibreOffice makes of it, with their merges.

The printed pages show numbers as ``###`` and cut texts off where a column is too narrow. The cells
themselves have everything.

Called in an isolated process (see isolation.py).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
from lxml import etree

from ocrportal.errors.ingest import DamagedFile
from ocrportal.results import Cell, Table

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ROWS_REPEATED = f"{_TABLE}number-rows-repeated"
_COLUMNS_REPEATED = f"{_TABLE}number-columns-repeated"
_MAX_CELLS = 200_000
"""In all sheets. A larger workbook is data rather than a document: its pages are used instead."""
_MAX_BYTES = 64 * 2**20
"""Of the file that LibreOffice makes, which is loaded at once."""


@dataclass(frozen=True, slots=True)
class SheetCells:
    """A printed sheet of a workbook."""

    name: str
    first_page: int
    """The pages of the PDF that show it, from 1."""
    last_page: int
    table: Table


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a workbook that are printed, in order."""

    sheets: tuple[SheetCells, ...] = ()
    has_hidden_sheets: bool = False


def read_workbook(sheets: Path, pdf: Path) -> Workbook:
    """The cells of a flat OpenDocument spreadsheet, whose pages are in ``pdf``.

    Empty if the workbook is too large. Raises DamagedFile.
    """
    if sheets.stat().st_size > _MAX_BYTES:
        return Workbook()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.parse(sheets, parser).getroot()
    except etree.XMLSyntaxError as error:
        raise DamagedFile from error
    hidden = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iterchildren(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    book = next(root.iter(f"{_OFFICE}spreadsheet"), None)
    found = [] if book is None else list(book.iterchildren(f"{_TABLE}table"))
    shown = [sheet for sheet in found if sheet.get(f"{_TABLE}style-name") not in hidden]
    pages = _pages(pdf)
    cells_left = _MAX_CELLS
    result = []
    for sheet in shown:
        name = sheet.get(f"{_TABLE}name", "")
        if name not in pages:  # an empty sheet is not printed
            continue
        cells = list(_cells(sheet, cells_left))
        cells_left -= len(cells)
        if cells_left < 0:
            return Workbook()
        if cells:
            result.append(SheetCells(name, *pages[name], _table(cells)))
    return Workbook(tuple(result), len(shown) < len(found))


def _pages(pdf: Path) -> dict[str, tuple[int, int]]:
    """The first and the last page of each sheet, from the outline that LibreOffice writes."""
    with pdfium.PdfDocument(pdf) as document:
        starts = []
        for entry in document.get_toc(max_depth=1):
            target = entry.get_dest()
            if target is not None and target.get_index() is not None:
                starts.append((entry.get_title(), target.get_index() + 1))
        ends = [start - 1 for _, start in starts[1:]] + [len(document)]
    return {name: (start, max(start, end)) for (name, start), end in zip(starts, ends, strict=True)}


class _Shown:
    """The places of rows or columns among those that are not hidden."""

    def __init__(self, elements: Sequence[etree._Element], repeated: str) -> None:
        """``repeated`` is the attribute that states how many rows or columns an element is."""
        self._starts, self._shown_before, self._is_shown = [0], [0], [True]
        for element in elements:
            self._is_shown[-1] = element.get(f"{_TABLE}visibility") not in ("collapse", "filter")
            end = self._starts[-1] + int(element.get(repeated, "1"))
            self._shown_before.append(self.before(end))
            self._starts.append(end)
            self._is_shown.append(True)

    def before(self, place: int) -> int:
        """How many are shown before a place."""
        part = bisect_right(self._starts, place) - 1
        further = place - self._starts[part] if self._is_shown[part] else 0
        return self._shown_before[part] + further

    def among(self, place: int, count: int) -> int:
        """How many of ``count`` from a place on are shown."""
        return self.before(place + count) - self.before(place)


def _cells(sheet: etree._Element, limit: int) -> Iterator[Cell]:
    """The cells with a text that are shown at least in part, at most one more than ``limit``."""
    lines, sides = (
        [
            element
            for element in sheet.iter(f"{_TABLE}table-{name}")
            # Not the data of a chart.
            if next(element.iterancestors(f"{_TABLE}table")) is sheet
        ]
        for name in ("row", "column")
    )
    rows = _Shown(lines, _ROWS_REPEATED)
    columns = _Shown(sides, _COLUMNS_REPEATED)
    count = first = 0
    for line in lines:
        repeated = int(line.get(_ROWS_REPEATED, "1"))
        cells = list(_cells_of_row(line))
        for row in range(first, first + repeated if cells else first):
            for column, text, row_span, column_span in cells:
                spans = rows.among(row, row_span), columns.among(column, column_span)
                if not all(spans):
                    continue
                yield Cell(text, rows.before(row), columns.before(column), *spans)
                count += 1
                if count > limit:
                    return
        first += repeated


def _cells_of_row(line: etree._Element) -> Iterator[tuple[int, str, int, int]]:
    column = 0
    for cell in line:
        repeated = int(cell.get(_COLUMNS_REPEATED, "1"))
        text = "\n".join(
            "".join(_texts(paragraph)) for paragraph in cell.iterchildren(f"{_TEXT}p")
        ).strip()
        spans = (
            int(cell.get(f"{_TABLE}number-rows-spanned", "1")),
            int(cell.get(f"{_TABLE}number-columns-spanned", "1")),
        )
        if cell.tag == f"{_TABLE}table-cell" and text:
            for offset in range(repeated):
                yield column + offset, text, *spans
        column += repeated


def _texts(element: etree._Element) -> Iterator[str]:
    """The texts of a paragraph, in which several spaces, tabs and line ends are elements."""
    yield element.text or ""
    for child in element:
        match child.tag:
            case tag if tag == f"{_TEXT}s":
                yield " " * int(child.get(f"{_TEXT}c", "1"))
            case tag if tag == f"{_TEXT}tab":
                yield " "
            case tag if tag == f"{_TEXT}line-break":
                yield "\n"
            case _:
                yield from _texts(child)
        yield child.tail or ""


def _table(cells: list[Cell]) -> Table:
    """The cells as a table without the empty rows and columns around them."""
    top, left = min(cell.row for cell in cells), min(cell.column for cell in cells)
    rows = max(cell.row + cell.row_span for cell in cells) - top
    columns = max(cell.column + cell.column_span for cell in cells) - left
    return Table(
        rows,
        columns,
        tuple(
            Cell(cell.text, cell.row - top, cell.column - left, cell.row_span, cell.column_span)
            for cell in cells
        ),
    )
