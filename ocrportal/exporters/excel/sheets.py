"""Sheets of a workbook, written row by row within the limits of spreadsheet programs.

Rows and columns beyond the limits continue on another sheet of the same name. A text that is too
long for a cell ends with an ellipsis; the caller writes the full text elsewhere (see
``is_too_long`` and ``pieces``).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from ocrportal.exporters.excel.cell_values import CellValue
from ocrportal.exporters.excel.sheet_names import unique_sheet_names
from ocrportal.markup import legal_in_xml
from ocrportal.text import columns_of

# https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_TEXT = 32_767
"""Length of a cell's text in UTF-16 code units."""
MIN_WIDTH, _MAX_WIDTH = 6, 60
"""Widths of a column, in characters."""
_LINE_HEIGHT, _MAX_HEIGHT = 15, 409
"""Heights of a row, in points."""
_ELLIPSIS = " …"
_BOLD = Font(name="Calibri", size=11, bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")

Content = str | int | CellValue
"""The content of a cell; an empty text leaves the cell empty."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows for a sheet."""

    rows: Sequence[Sequence[Content]]
    head_rows: int = 0
    """Number of rows with the labels of the columns, which are bold and frozen."""
    frozen_columns: int = 0
    """Number of columns that are frozen."""
    merged: Collection[tuple[int, int, int, int]] = ()
    """Merged cells: first row and column, last row and column, from 0."""
    alignments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """The horizontal alignment of cells, by row and column from 0, where it is known."""


class Book:
    """A workbook that writes its sheets to temporary files."""

    def __init__(self) -> None:
        self._book = Workbook(write_only=True)
        self._name = unique_sheet_names()

    def add_sheet(self, name: str, ending: str = "", place: int | None = None) -> Sheet:
        """Add an empty sheet; a long name is shortened before its ending."""
        return Sheet(self._book.create_sheet(self._name(name, ending), place))

    def add_grid(self, name: str, grid: Grid, ending: str = "", place: int | None = None) -> int:
        """Add as many sheets as a grid needs, and return their number."""
        count = 0
        width = max(map(len, grid.rows), default=0)
        head, rows = grid.rows[: grid.head_rows], grid.rows[grid.head_rows :]
        room = MAX_ROWS - len(head)
        for left in range(0, max(width, 1), MAX_COLUMNS):
            for top in range(0, max(len(rows), 1), room):
                part = [row[left : left + MAX_COLUMNS] for row in [*head, *rows[top : top + room]]]
                where = None if place is None else place + count
                sheet = self.add_sheet(name, ending, where)
                sheet.write_grid(part, grid)
                count += 1
        return count

    @property
    def is_empty(self) -> bool:
        return not self._book.worksheets

    def save(self, out: BinaryIO, title: str) -> None:
        self._book.properties.title = legal_in_xml(title)[:255]
        self._book.properties.creator = ""
        self._book.save(out)


class Sheet:
    """One sheet, written row by row."""

    def __init__(self, sheet: WriteOnlyWorksheet) -> None:
        self._sheet = sheet
        self._written = 0

    @property
    def is_full(self) -> bool:
        return self._written == MAX_ROWS

    def begin(
        self, widths: Sequence[int], head: Sequence[str] = (), frozen_columns: int = 0
    ) -> None:
        """Set the widths of the columns in characters, and write the frozen header row."""
        for number, width in enumerate(widths, 1):
            columns = self._sheet.column_dimensions  # type: ignore[attr-defined]  # stubs lack them
            columns[get_column_letter(number)].width = width + 2
        if head or frozen_columns:
            rows = 2 if head else 1
            self._sheet.freeze_panes = f"{get_column_letter(frozen_columns + 1)}{rows}"
        if head:
            self.append(head, bold=True)

    def append(
        self,
        row: Sequence[Content],
        *,
        bold: bool = False,
        wrapped: bool = False,
        alignments: Sequence[str] = (),
    ) -> None:
        """Write a row; long texts are wrapped, with ``wrapped`` all texts."""
        cells = [_cell(self._sheet, entry, bold, wrapped) for entry in row]
        for cell, alignment in zip(cells, alignments, strict=False):
            if cell is not None and alignment:
                cell.alignment = _aligned(alignment, wrapped=bool(cell.alignment.wrap_text))
        self._sheet.append(cells)
        self._written += 1

    def append_across(self, text: str, widths: Sequence[int], *, bold: bool = False) -> None:
        """Write a text across all columns, with the height that its lines need."""
        room = sum(widths)
        lines = sum(math.ceil(max(columns_of(line), 1) / room) for line in text.splitlines() or "-")
        number = self._written + 1
        if lines > 1:
            heights = self._sheet.row_dimensions  # type: ignore[attr-defined]  # stubs lack them
            heights[number].height = min(_LINE_HEIGHT * lines, _MAX_HEIGHT)
        if len(widths) > 1:
            self.merge(0, 0, 0, len(widths) - 1, below=True)
        self.append([text], bold=bold, wrapped=lines > 1)

    def write_grid(self, rows: Sequence[Sequence[Content]], grid: Grid) -> None:
        """Write these rows of a grid and close the sheet."""
        spanning = {place[:2] for place in grid.merged if place[3] > place[1]}
        self.begin(widths_of(rows, spanning), frozen_columns=grid.frozen_columns)
        if grid.head_rows:
            corner = f"{get_column_letter(grid.frozen_columns + 1)}{grid.head_rows + 1}"
            self._sheet.freeze_panes = corner
        is_whole = len(rows) == len(grid.rows)
        if is_whole:
            for place in grid.merged:
                self.merge(*place)
        for number, row in enumerate(rows):
            known = [grid.alignments.get((number, column), "") for column in range(len(row))]
            self.append(row, bold=number < grid.head_rows, alignments=known if is_whole else ())
        self._sheet.close()

    def merge(self, top: int, left: int, bottom: int, right: int, *, below: bool = False) -> None:
        """Merge cells; they are counted from 0, or with ``below`` from the next row."""
        if below:
            top, bottom = top + self._written, bottom + self._written
        first = f"{get_column_letter(left + 1)}{top + 1}"
        cells = self._sheet.merged_cells  # type: ignore[attr-defined]  # stubs lack them
        cells.add(f"{first}:{get_column_letter(right + 1)}{bottom + 1}")

    def close(self) -> None:
        """Finish the sheet."""
        self._sheet.close()


def widths_of(
    rows: Sequence[Sequence[Content]], spanning: Collection[tuple[int, int]] = ()
) -> list[int]:
    """The widths of columns for their contents; cells that span columns are ignored."""
    widths = [MIN_WIDTH] * max(map(len, rows), default=0)
    for number, row in enumerate(rows):
        for column, entry in enumerate(row):
            if (number, column) not in spanning:
                widths[column] = max(widths[column], _width(shown(entry)))
    return widths


def is_too_long(text: str) -> bool:
    """Whether a text exceeds the limit of a cell."""
    return len(text) > MAX_TEXT or len(text.encode("utf-16-le", "replace")) > 2 * MAX_TEXT


def pieces(text: str) -> Iterator[str]:
    """A text in pieces that fit a cell; most texts are one piece."""
    units = legal_in_xml(text).encode("utf-16-le")
    while True:
        piece = units[: 2 * MAX_TEXT].decode("utf-16-le", errors="ignore")
        yield piece
        units = units[len(piece.encode("utf-16-le")) :]
        if not units:
            return


def _cell(sheet: WriteOnlyWorksheet, entry: Content, bold: bool, wrapped: bool) -> SheetCell | None:
    """A cell; None for an empty text, so that the text beside it may overflow."""
    if entry == "":
        return None
    if isinstance(entry, str):
        return _text_cell(sheet, entry, bold, wrapped)
    cell = WriteOnlyCell(sheet)
    if isinstance(entry, CellValue):
        cell.value = entry.value
        cell.number_format = entry.number_format
    else:
        cell.value = entry
    if bold:
        cell.font = _BOLD
    return cell


@cache
def _aligned(horizontal: str, *, wrapped: bool) -> Alignment:
    return Alignment(horizontal=horizontal, wrap_text=wrapped, vertical="top" if wrapped else None)


def _text_cell(sheet: WriteOnlyWorksheet, text: str, bold: bool, wrapped: bool) -> SheetCell:
    """A cell that remains text when it is edited, even if it begins like a formula."""
    legal = legal_in_xml(text)
    if is_too_long(legal):
        units = legal.encode("utf-16-le")[: 2 * (MAX_TEXT - len(_ELLIPSIS))]
        legal = units.decode("utf-16-le", errors="ignore") + _ELLIPSIS
    cell = WriteOnlyCell(sheet, legal)
    cell.data_type = "s"
    cell.quotePrefix = legal[:1] in "=+-@\t"
    if bold:
        cell.font = _BOLD
    if wrapped or (not bold and (_width(text) >= _MAX_WIDTH or "\n" in text)):
        cell.alignment = _WRAPPED
    return cell


def shown(entry: Content) -> str:
    """The text that a cell shows."""
    if isinstance(entry, CellValue):
        return entry.shown
    return str(entry)


def _width(text: str) -> int:
    """The width of the widest line of a text; Han is twice as wide as Latin."""
    widest = max(map(columns_of, text.splitlines()), default=0)
    return min(widest, _MAX_WIDTH)
