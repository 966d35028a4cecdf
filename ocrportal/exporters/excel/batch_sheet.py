"""The fields of several documents, such as cards, receipts and invoices, as one sheet.

    Fields    a row per document and a column per label; a row per page, or per item such as
              each of several tickets on a page, if they have fields
    Items     the rows of lists, such as the goods of an invoice, with the title of the document

A document without fields has a row with a note. All rows are in memory until the columns are
known.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ocrportal.exporters.excel.cell_values import field_value
from ocrportal.exporters.excel.sheets import MAX_COLUMNS, Book, Content, Grid, shown
from ocrportal.layout.blocks import Entry, FieldGroup, ItemTable
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.laid_out_page import LaidOutPage

_MAX_FROZEN = 3
"""Columns before the labels, at most: document, page, item."""


@dataclass(slots=True)
class _Row:
    page: str | int
    item: str
    """Number of the item on the page; empty for the page itself."""
    values: dict[str, Content] = field(default_factory=dict)


class _Rows:
    """Rows by document, and the labels of all."""

    def __init__(self) -> None:
        self.labels: dict[str, None] = {}
        self.by_document: list[list[_Row]] = []

    def put(self, row: _Row, label: str, value: Content) -> None:
        """Add a value in the column of its label; a repeated label gets another column."""
        name, number = label, 1
        while name in row.values:
            number += 1
            name = f"{label} ({number})"
        if name not in self.labels and len(self.labels) + _MAX_FROZEN + 1 >= MAX_COLUMNS:
            name = next(reversed(self.labels))
            value = f"{shown(row.values.get(name, ''))} {label}: {shown(value)}".strip()
        self.labels[name] = None
        row.values[name] = value


class Batch:
    """Collects the fields of pages, and writes them to sheets at the end."""

    def __init__(self, document: LaidOutDocument) -> None:
        self._titles = [part.title for part in document.documents]
        self._fields = _Rows()
        self._items: dict[str, _Rows] = {}

    def add(self, page: LaidOutPage, block: FieldGroup | ItemTable) -> None:
        """Add the fields of a page."""
        if isinstance(block, FieldGroup):
            item = _item_of(block.entries)
            row = self._row(self._fields, page, item)
            title = _within(block.title, item)
            for entry in block.entries:
                self._fields.put(row, titled(title, entry.label), typed(entry))
            return
        item = next((_item_of(row[:1], rows=True) for row in block.rows), "")
        title = _within(block.title, item)
        # An untitled list is the whole page: its items, such as licence plates, are numbered.
        rows = self._items.setdefault(title, _Rows()) if title else self._fields
        for number, entries in enumerate(block.rows, 1):
            row = _Row(page_of(page), item if title else str(number))
            _of_document(rows, page).append(row)
            for entry in entries:
                rows.put(row, entry.label, typed(entry))

    def write(self, book: Book) -> None:
        """Write the sheets if a document has fields."""
        if not self._fields.labels and not self._items:
            return
        book.add_grid(_("Fields"), self._grid(self._fields, every_document=True), place=0)
        for place, (title, rows) in enumerate(self._items.items(), 1):
            book.add_grid(title, self._grid(rows, every_document=False), place=place)

    def _row(self, rows: _Rows, page: LaidOutPage, item: str) -> _Row:
        found = _of_document(rows, page)
        if not found or (found[-1].page, found[-1].item) != (page_of(page), item):
            found.append(_Row(page_of(page), item))
        return found[-1]

    def _grid(self, rows: _Rows, *, every_document: bool) -> Grid:
        """With ``every_document`` a document without rows has a row with a note."""
        all_rows = [row for found in rows.by_document for row in found]
        with_page = any(row.page != 1 for row in all_rows)
        with_item = any(row.item for row in all_rows)
        found = [*rows.by_document, *([] for _more in self._titles[len(rows.by_document) :])]
        has_notes = every_document and not all(found)
        head: list[Content] = [_("Document")]
        head += [_("Page")] if with_page else []
        head += [_("No.")] if with_item else []
        frozen = len(head)
        head += [_("Note")] if has_notes else []
        head += rows.labels
        body: list[list[Content]] = []
        for title, of_document in zip(self._titles, found, strict=True):
            for row in of_document:
                about: list[Content] = [title]
                about += [row.page] if with_page else []
                about += [int(row.item) if row.item else ""] if with_item else []
                about += [""] if has_notes else []
                body.append([*about, *(row.values.get(label, "") for label in rows.labels)])
            if not of_document and every_document:
                body.append([title, *[""] * (frozen - 1), _("No fields were found.")])
        return Grid([head, *body], head_rows=1, frozen_columns=frozen if with_item else 1)


def typed(entry: Entry) -> Content:
    """The value of a field, as a number or date if it is one."""
    if len(entry.fields) != 1:
        return entry.value
    path = entry.fields[0].path
    name = next((part for part in reversed(path) if not part.isdigit()), path[-1])
    return field_value(name, entry.value) or entry.value


def titled(title: str, label: str) -> str:
    """The label of a column with the title of its group, if it has one."""
    return _("%(label)s: %(value)s") % {"label": title, "value": label} if title else label


def page_of(page: LaidOutPage) -> str | int:
    """The time of a page in a video, else its number."""
    return page.source.time_code or page.source.number


def _of_document(rows: _Rows, page: LaidOutPage) -> list[_Row]:
    while len(rows.by_document) <= page.document_index:
        rows.by_document.append([])
    return rows.by_document[page.document_index]


def _item_of(entries: tuple[Entry, ...], *, rows: bool = False) -> str:
    """The number of the item that entries belong to; empty for the page itself.

    With ``rows`` the entries are a row of a list, and the number of the row is ignored.
    """
    path = next((entry.fields[0].path for entry in entries if entry.fields), ())
    inner = path[: -2 if rows else -1]
    return next((name for name in inner if name.isdigit()), "")


def _within(title: str, item: str) -> str:
    """The title of a group without the number of the item, which is in the row."""
    return title.partition(f" {item}")[2].removeprefix(" – ") if item else title
