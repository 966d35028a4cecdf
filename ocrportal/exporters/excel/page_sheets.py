"""One sheet per page with its fields, text and tables in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ocrportal.exporters.excel.batch_sheet import typed
from ocrportal.exporters.excel.cell_values import column_values
from ocrportal.exporters.excel.sheets import (
    MAX_COLUMNS,
    MAX_ROWS,
    Book,
    Content,
    pieces,
    widths_of,
)
from ocrportal.exporters.table_style import table_style
from ocrportal.layout.blocks import (
    Block,
    FieldGroup,
    Figure,
    Formula,
    ItemTable,
    Paragraph,
    TableBlock,
)
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.plain_text import printed_lines, text_lines
from ocrportal.results import PageResult, Table

_TEXT_WIDTH = 80
"""Minimum width of text, in characters."""
_EXTRA_WIDTH = 10
"""Width of an empty column that text spans, in characters."""
_HORIZONTAL = {"left": "left", "centre": "center", "right": "right", "justified": "left"}


@dataclass(frozen=True, slots=True)
class _SheetRows:
    """The rows of a block with their merged cells, or a text across all columns."""

    rows: list[list[Content]]
    text: str = ""
    is_bold: bool = False
    """Whether its text, or its first row, is bold."""
    merged: tuple[tuple[int, int, int, int], ...] = ()


def fits_a_sheet(page: LaidOutPage) -> bool:
    """Whether the limits of a sheet allow the rows and columns of a page."""
    tables = [block.table for block in page.blocks if isinstance(block, TableBlock)]
    rows = sum(_max_rows(block) for block in page.blocks)
    return rows <= MAX_ROWS and all(table.columns <= MAX_COLUMNS for table in tables)


def add_page_sheet(book: Book, page: LaidOutPage, place: int, *, keep_lines: bool) -> None:
    """Write a page that fits a sheet to a new sheet at this position."""
    blocks = [rows for block in page.blocks for rows in _rows_of(block, keep_lines=keep_lines)]
    rows: list[list[Content]] = []
    spanning: set[tuple[int, int]] = set()
    for block in blocks:
        spanning |= {
            (len(rows) + top, left) for top, left, _bottom, right in block.merged if right > left
        }
        rows += block.rows
    widths = widths_of(rows, spanning) if rows else [_TEXT_WIDTH]
    while sum(widths) < _TEXT_WIDTH:
        widths.append(min(_TEXT_WIDTH - sum(widths), _EXTRA_WIDTH))
    name = page.source.sheet_name or _("Page %(number)s") % {"number": page.source.number}
    sheet = book.add_sheet(
        page.document_title or name, f" {name}" if page.document_title else "", place
    )
    sheet.begin(widths)
    for block in blocks:
        if block.text:
            for piece in pieces(block.text):
                sheet.append_across(piece, widths, bold=block.is_bold)
        for merged in block.merged:
            sheet.merge(*merged, below=True)
        for number, row in enumerate(block.rows):
            sheet.append(row, bold=block.is_bold and number == 0)
    sheet.close()


def _rows_of(block: Block, *, keep_lines: bool) -> Iterator[_SheetRows]:
    match block:
        case Paragraph(kind="contents_entry") if not keep_lines:
            yield _SheetRows([list(block.text.split("\t"))])
        case Paragraph() | Formula():
            is_bold = isinstance(block, Paragraph) and block.kind == "heading"
            for row in printed_lines(block) if keep_lines else [block.text]:
                yield _SheetRows([], row, is_bold=is_bold)
        case Figure():
            for row in text_lines(block):
                yield _SheetRows([], row)
        case TableBlock(table=table):
            yield _SheetRows([*values_of(table), []], merged=tuple(merged_cells(table)))
        case FieldGroup():
            yield _SheetRows([], block.title, is_bold=True)
            yield _SheetRows([*([entry.label, typed(entry)] for entry in block.entries), []])
        case ItemTable():
            yield _SheetRows([], block.title, is_bold=True)
            rows = [[typed(entry) for entry in row] for row in block.rows]
            yield _SheetRows([list(block.columns), *rows, []], is_bold=True)


def merged_cells(table: Table) -> Iterator[tuple[int, int, int, int]]:
    """Merged cells: first row and column, last row and column, from 0."""
    for cell in table.cells:
        if cell.row_span > 1 or cell.column_span > 1:
            last = cell.row + cell.row_span - 1, cell.column + cell.column_span - 1
            yield (cell.row, cell.column, *last)


def values_of(table: Table) -> list[list[Content]]:
    """The values of the cells of a table, with numbers and dates converted."""
    heads = table.head_rows
    columns = [column_values(texts, heads) for texts in zip(*table.texts(), strict=True)]
    return [list(row) for row in zip(*columns, strict=True)]


def alignments_of(block: TableBlock, upright: PageResult) -> dict[tuple[int, int], str]:
    """The printed alignments of the cells, by row and column; empty if they are not known."""
    style = table_style(block, upright)
    if style is None:
        return {}
    return {
        (cell.row, cell.column): _HORIZONTAL[found.alignment]
        for cell, found in zip(block.table.cells, style.cells, strict=True)
    }


def _max_rows(block: Block) -> int:
    """The maximum number of rows of a block, including the empty row after it."""
    match block:
        case Paragraph() | Formula() | Figure():
            return sum(
                1
                for row in [block.text, *(line.text for line in block.lines)]
                for _piece in pieces(row)
            )
        case TableBlock():
            return block.table.rows + 1
        case FieldGroup():
            return len(block.entries) + 2
        case ItemTable():
            return len(block.rows) + 3
