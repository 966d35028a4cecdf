"""Workbooks for spreadsheets (.xlsx).

    Fields      a row per page, a column per label
    Page 3      a table of page 3; the next one there is “Page 3 (2)”
    Text        the paragraphs of all pages, a row each

Sheets without content are left out; a document without any has an empty sheet of text.
Rows go to temporary files as they come: only fields stay in memory to the end, since their
columns are known then.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from ocrportal.exporters.cell_values import value_of
from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.field_groups import FieldGroup, ItemTable, table_of_items
from ocrportal.exporters.flow import FlowPage, flow_of
from ocrportal.exporters.layout import Paragraph
from ocrportal.exporters.markup import legal_in_xml
from ocrportal.exporters.options import AS_USUAL, ExportOptions, Lines
from ocrportal.exporters.sheet_names import unique_sheet_names
from ocrportal.exporters.text import labelled, printed_rows
from ocrportal.results import Table

_MOST_COLUMNS = 16_384
"""Of a sheet."""
_LONGEST_TEXT = 32_767
"""Of a cell."""
_NARROWEST, _WIDEST, _TEXT_WIDTH = 6, 60, 100
"""Of a column, in characters."""
_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def write_workbook(
    document: ExportDocument, out: BinaryIO, options: ExportOptions = AS_USUAL
) -> None:
    """Write a document as .xlsx."""
    writer = _Writer(options.lines)
    for page in flow_of(document, options):
        writer.write(page)
    writer.save(out, document.title)


class _Writer:
    """Writes page after page; at last the fields of all."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._book = Workbook(write_only=True)
        self._name = unique_sheet_names()
        self._tables = 0
        self._text: WriteOnlyWorksheet | None = None
        self._labels: dict[str, None] = {}
        """Of the columns, in their order."""
        self._fields: list[tuple[str | int, dict[str, str]]] = []
        """What says which page it is, and its values by label."""

    def write(self, flow: FlowPage) -> None:
        page = flow.page
        name = _("Page %(number)s") % {"number": page.number}
        fields: dict[str, str] = {}
        for part in flow.parts:
            match part:
                case Paragraph():
                    for row in printed_rows(part) if self._lines == "printed" else [part.text]:
                        self._add_text(page, row)
                case Table():
                    self._add_table(name, part)
                case FieldGroup():
                    self._add_fields(page, part, fields)
                case ItemTable():
                    self._add_table(f"{name} {part.title}", table_of_items(part), head_row=True)
        if fields:
            self._fields.append((page.time_code or page.number, fields))

    def save(self, out: BinaryIO, title: str) -> None:
        if self._fields:
            self._write_fields()
        if not self._book.worksheets:
            self._text_sheet()
        self._book.properties.title = legal_in_xml(title)[:255]
        self._book.properties.creator = ""
        self._book.save(out)

    def _text_sheet(self) -> WriteOnlyWorksheet:
        if self._text is None:
            self._text = self._book.create_sheet(self._name(_("Text")))
            _set_widths(self._text, [_NARROWEST, _TEXT_WIDTH])
            self._text.freeze_panes = "A2"
            head = (_("Page"), _("Text"))
            self._text.append([_text_cell(self._text, text, bold=True) for text in head])
        return self._text

    def _add_text(self, page: ExportPage, text: str) -> None:
        sheet = self._text_sheet()
        sheet.append([page.time_code or page.number, _text_cell(sheet, text, wrapped=True)])

    def _add_table(self, name: str, table: Table, *, head_row: bool = False) -> None:
        sheet = self._book.create_sheet(self._name(name), self._tables)
        self._tables += 1
        for cell in table.cells:
            if cell.row_span > 1 or cell.column_span > 1:
                first = f"{get_column_letter(cell.column + 1)}{cell.row + 1}"
                last_column = get_column_letter(cell.column + cell.column_span)
                sheet.merged_cells.add(f"{first}:{last_column}{cell.row + cell.row_span}")
        wide = {(cell.row, cell.column) for cell in table.cells if cell.column_span > 1}
        _write_rows(sheet, table.texts(), head_row=head_row, spanning=wide)

    def _add_fields(self, page: ExportPage, group: FieldGroup, fields: dict[str, str]) -> None:
        for entry in group.entries:
            label = name = _titled(group.title, entry.label)
            number = 1
            while name in fields:  # a key that is printed twice, each with its own value
                number += 1
                name = f"{label} ({number})"
            if name not in self._labels and len(self._labels) + 1 == _MOST_COLUMNS:
                self._add_text(page, labelled(entry))
            else:
                self._labels[name] = None
                fields[name] = entry.value

    def _write_fields(self) -> None:
        sheet = self._book.create_sheet(self._name(_("Fields")), 0)
        sheet.freeze_panes = "B2"
        rows = [[_("Page"), *self._labels]]
        rows += [
            [str(page), *(fields.get(label, "") for label in self._labels)]
            for page, fields in self._fields
        ]
        _write_rows(sheet, rows, head_row=True)


def _write_rows(
    sheet: WriteOnlyWorksheet,
    rows: list[list[str]],
    *,
    head_row: bool,
    spanning: Iterable[tuple[int, int]] = (),
) -> None:
    """Fill a sheet; what spans columns does not widen the first of them."""
    spanning = set(spanning)
    widths = [_NARROWEST] * max(map(len, rows), default=0)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if (number, column) not in spanning:
                widths[column] = max(widths[column], _width(text))
    _set_widths(sheet, widths)
    for number, row in enumerate(rows):
        head = head_row and number == 0
        sheet.append(
            [_text_cell(sheet, text, bold=True) if head else _cell(sheet, text) for text in row]
        )
    sheet.close()


def _cell(sheet: WriteOnlyWorksheet, text: str) -> SheetCell | None:
    """A number or date where a text is one; nothing for an empty text."""
    if not text:
        return None
    known = value_of(text)
    if known is None:
        return _text_cell(sheet, text, wrapped=_width(text) >= _WIDEST or "\n" in text)
    cell = WriteOnlyCell(sheet)
    cell.value = known.value
    cell.number_format = known.number_format
    return cell


def _text_cell(
    sheet: WriteOnlyWorksheet, text: str, *, bold: bool = False, wrapped: bool = False
) -> SheetCell:
    """A text that stays one, whatever it begins with, also when somebody edits it."""
    shown = legal_in_xml(text)[:_LONGEST_TEXT]
    cell = WriteOnlyCell(sheet, shown)
    cell.data_type = "s"
    cell.quotePrefix = shown[:1] in "=+-@\t"
    if bold:
        cell.font = _BOLD
    if wrapped:
        cell.alignment = _WRAPPED
    return cell


def _titled(title: str, label: str) -> str:
    """The label of a value as the column that says to which group it belongs."""
    return _("%(label)s: %(value)s") % {"label": title, "value": label} if title else label


def _set_widths(sheet: WriteOnlyWorksheet, widths: list[int]) -> None:
    for number, width in enumerate(widths, 1):
        columns = sheet.column_dimensions  # type: ignore[attr-defined]  # its stubs lack them
        columns[get_column_letter(number)].width = width + 2


def _width(text: str) -> int:
    """Of the widest line of a text; Han is twice as wide as Latin."""
    widest = max(map(_line_width, text.splitlines()), default=0)
    return min(widest, _WIDEST)


def _line_width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)
