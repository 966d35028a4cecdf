"""Excel workbooks (.xlsx).

    Fields      a row per page, a column per label
    Page 3      a table of page 3; the next table of the page is “Page 3 (2)”
    Text        the paragraphs of all pages, a row each

Empty sheets are left out; an empty document has an empty sheet of text. With ``sheets="pages"``
each page is a sheet (page_sheets.py). Several documents in one file have their titles on each
sheet or in each row, and their fields on one sheet (batch_sheet.py).

Rows are written to temporary files. Only fields are in memory until the end, when their columns
are known.
"""

from __future__ import annotations

from typing import BinaryIO

from django.utils.translation import gettext as _

from ocrportal.exporters.excel.batch_sheet import Batch, page_of, titled, typed
from ocrportal.exporters.excel.page_sheets import (
    add_page_sheet,
    alignments_of,
    fits_a_sheet,
    merged_cells,
    values_of,
)
from ocrportal.exporters.excel.sheets import (
    MAX_COLUMNS,
    MIN_WIDTH,
    Book,
    Content,
    Grid,
    Sheet,
    is_too_long,
    pieces,
)
from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions
from ocrportal.layout.blocks import (
    Block,
    FieldGroup,
    Figure,
    Formula,
    ItemTable,
    Paragraph,
    TableBlock,
)
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.plain_text import printed_lines, text_lines

_NAME_WIDTH, _TEXT_WIDTH = 30, 100


def write_workbook(
    document: LaidOutDocument, out: BinaryIO, options: ExportOptions = DEFAULT_OPTIONS
) -> None:
    """Write a document as an Excel workbook."""
    writer = _Writer(document, options)
    for page in document.flowing_pages(
        headers_footers=options.headers_footers, join=options.joins_paragraphs
    ):
        writer.write(page)
    writer.save(out)


class _Writer:
    """Writes the pages one by one, and the fields of all at the end."""

    def __init__(self, document: LaidOutDocument, options: ExportOptions) -> None:
        self._document, self._options = document, options
        self._keep_lines = options.lines == "printed"
        self._book = Book()
        self._batch = Batch(document) if document.is_merged else None
        self._tables = 0
        """Number of sheets with tables; sheets of text follow them."""
        self._text: Sheet | None = None
        self._labels: dict[str, None] = {}
        """The labels of the columns, in order."""
        self._fields: list[tuple[str | int, dict[str, Content]]] = []
        """The number or time of each page, and its values by label."""

    def write(self, page: LaidOutPage) -> None:
        fields: dict[str, Content] = {}
        by_page = self._options.sheets == "pages" and fits_a_sheet(page)
        if by_page:
            add_page_sheet(self._book, page, self._tables, keep_lines=self._keep_lines)
            self._tables += 1
        for block in page.blocks:
            if self._batch and isinstance(block, FieldGroup | ItemTable):
                self._batch.add(page, block)
            if by_page or (self._batch and isinstance(block, FieldGroup | ItemTable)):
                self._keep_long(page, block)
                continue
            match block:
                case Paragraph() | Formula():
                    for row in printed_lines(block) if self._keep_lines else [block.text]:
                        self._add_text(page, row.replace("\t", " "))
                case Figure():
                    for row in text_lines(block):
                        self._add_text(page, row)
                case TableBlock():
                    self._add_table(page, block)
                case FieldGroup():
                    self._add_fields(page, block, fields)
                case ItemTable():
                    self._add_items(page, block)
        if fields:
            self._fields.append((page_of(page), fields))

    def save(self, out: BinaryIO) -> None:
        if self._fields:
            head = [_("Page"), *self._labels]
            rows: list[list[Content]] = [
                [page, *(fields.get(label, "") for label in self._labels)]
                for page, fields in self._fields
            ]
            self._book.add_grid(
                _("Fields"), Grid([head, *rows], head_rows=1, frozen_columns=1), place=0
            )
        if self._batch:
            self._batch.write(self._book)
        if self._book.is_empty:
            self._text_sheet()
        self._book.save(out, self._document.title)

    def _text_sheet(self) -> Sheet:
        if self._text is None or self._text.is_full:
            self._text = self._book.add_sheet(_("Text"))
            widths, head = [MIN_WIDTH, _TEXT_WIDTH], [_("Page"), _("Text")]
            if self._document.is_merged:
                widths, head = [_NAME_WIDTH, *widths], [_("Document"), *head]
            self._text.begin(widths, head)
        return self._text

    def _add_text(self, page: LaidOutPage, text: str) -> None:
        for piece in pieces(text):
            source = [page.document_title] if self._document.is_merged else []
            self._text_sheet().append([*source, page_of(page), piece], wrapped=True)

    def _add_table(self, page: LaidOutPage, block: TableBlock) -> None:
        table = block.table
        grid = Grid(
            values_of(table),
            head_rows=table.head_rows,
            merged=[*merged_cells(table)],
            alignments=alignments_of(block, page.result),
        )
        self._add_grid(page, "", grid)
        self._keep_long(page, block)

    def _add_items(self, page: LaidOutPage, items: ItemTable) -> None:
        rows = [[typed(entry) for entry in row] for row in items.rows]
        self._add_grid(page, f" {items.title}", Grid([items.columns, *rows], head_rows=1))
        self._keep_long(page, items)

    def _add_grid(self, page: LaidOutPage, ending: str, grid: Grid) -> None:
        name = page.source.sheet_name or _("Page %(number)s") % {"number": page.source.number}
        if page.document_title:
            self._tables += self._book.add_grid(page.document_title, grid, f" {name}", self._tables)
        else:
            self._tables += self._book.add_grid(f"{name}{ending}", grid, place=self._tables)

    def _keep_long(self, page: LaidOutPage, block: Block) -> None:
        """Add texts that exceed the limit of a cell to the sheet of text."""
        match block:
            case Paragraph() | Formula() | Figure():
                texts = []  # divided into several cells
            case TableBlock():
                texts = [cell.text for cell in block.table.cells]
            case FieldGroup():
                texts = [entry.value for entry in block.entries]
            case ItemTable():
                texts = [entry.value for row in block.rows for entry in row]
        for text in filter(is_too_long, texts):
            self._add_text(page, text)

    def _add_fields(self, page: LaidOutPage, group: FieldGroup, fields: dict[str, Content]) -> None:
        self._keep_long(page, group)
        for entry in group.entries:
            label = name = titled(group.title, entry.label)
            number = 1
            while name in fields:  # a key that is printed twice
                number += 1
                name = f"{label} ({number})"
            if name not in self._labels and len(self._labels) + 1 == MAX_COLUMNS:
                self._add_text(page, entry.text)
            else:
                self._labels[name] = None
                fields[name] = typed(entry)
