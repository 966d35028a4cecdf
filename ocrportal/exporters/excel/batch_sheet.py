"""Cards, receipts and invoices of many documents as one sheet.

    Fields    a row per document, a column per label; where a page, or an item such as one of
              several tickets on it, has fields of its own, a row for each
    Items     the rows of lists, such as an invoice's goods, each with its document's name

A document without fields has a row that says so. All rows stay in memory until the columns
are known.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ocrportal.exporters.excel.cell_values import field_value
from ocrportal.exporters.excel.sheets import MAX_COLUMNS, Book, Content, Grid, shown
from ocrportal.layout.blocks import Entry, FieldGroup, ItemTable
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.page import LaidOutPage

_KEPT = 3
"""Columns before the labels at most: document, page, item."""


@dataclass(slots=True)
class _Row:
    page: str | int
    item: str
    """Its number among the items of the page; empty for the page as a whole."""
    values: dict[str, Content] = field(default_factory=dict)


class _Rows:
    """Rows by document, and the labels that they have in common."""

    def __init__(self) -> None:
        self.labels: dict[str, None] = {}
        self.of_part: list[list[_Row]] = []

    def put(self, row: _Row, label: str, value: Content) -> None:
        """A value under its label; what is printed twice gets a column more."""
        name, number = label, 1
        while name in row.values:
            number += 1
            name = f"{label} ({number})"
        if name not in self.labels and len(self.labels) + _KEPT + 1 >= MAX_COLUMNS:
            name = next(reversed(self.labels))
            value = f"{shown(row.values.get(name, ''))} {label}: {shown(value)}".strip()
        self.labels[name] = None
        row.values[name] = value


class Batch:
    """Takes the fields of page after page; at last they become sheets."""

    def __init__(self, document: LaidOutDocument) -> None:
        self._titles = [part.title for part in document.documents]
        self._fields = _Rows()
        self._items: dict[str, _Rows] = {}

    def add(self, page: LaidOutPage, block: FieldGroup | ItemTable) -> None:
        """A part of a page with fields."""
        if isinstance(block, FieldGroup):
            item = _item_of(block.entries)
            row = self._row(self._fields, page, item)
            title = _within(block.title, item)
            for entry in block.entries:
                self._fields.put(row, titled(title, entry.label), typed(entry))
            return
        item = next((_item_of(row[:1], rows=True) for row in block.rows), "")
        title = _within(block.title, item)
        # A list that is all of the page counts its documents, such as number plates.
        rows = self._items.setdefault(title, _Rows()) if title else self._fields
        for number, entries in enumerate(block.rows, 1):
            row = _Row(page_of(page), item if title else str(number))
            _of_document(rows, page).append(row)
            for entry in entries:
                rows.put(row, entry.label, typed(entry))

    def write(self, book: Book) -> None:
        """Write the sheets, unless no document has any fields."""
        if not self._fields.labels and not self._items:
            return
        book.add_grid(_("Fields"), self._grid(self._fields, tells_all=True), place=0)
        for place, (title, rows) in enumerate(self._items.items(), 1):
            book.add_grid(title, self._grid(rows, tells_all=False), place=place)

    def _row(self, rows: _Rows, page: LaidOutPage, item: str) -> _Row:
        found = _of_document(rows, page)
        if not found or (found[-1].page, found[-1].item) != (page_of(page), item):
            found.append(_Row(page_of(page), item))
        return found[-1]

    def _grid(self, rows: _Rows, *, tells_all: bool) -> Grid:
        """``tells_all`` gives documents without rows one that says so."""
        every = [row for found in rows.of_part for row in found]
        with_page = any(row.page != 1 for row in every)
        with_item = any(row.item for row in every)
        found = [*rows.of_part, *([] for _more in self._titles[len(rows.of_part) :])]
        lacking = tells_all and not all(found)
        head: list[Content] = [_("Document")]
        head += [_("Page")] if with_page else []
        head += [_("No.")] if with_item else []
        kept = len(head)
        head += [_("Note")] if lacking else []
        head += rows.labels
        body: list[list[Content]] = []
        for title, of_document in zip(self._titles, found, strict=True):
            for row in of_document:
                about: list[Content] = [title]
                about += [row.page] if with_page else []
                about += [int(row.item) if row.item else ""] if with_item else []
                about += [""] if lacking else []
                body.append([*about, *(row.values.get(label, "") for label in rows.labels)])
            if not of_document and tells_all:
                body.append([title, *[""] * (kept - 1), _("No fields were found.")])
        return Grid([head, *body], has_head=True, kept_columns=kept if with_item else 1)


def typed(entry: Entry) -> Content:
    """A field as a number or date where it is one."""
    if len(entry.fields) != 1:
        return entry.value
    path = entry.fields[0].path
    name = next((part for part in reversed(path) if not part.isdigit()), path[-1])
    return field_value(name, entry.value) or entry.value


def titled(title: str, label: str) -> str:
    """The label of a value as the column that says to which group it belongs."""
    return _("%(label)s: %(value)s") % {"label": title, "value": label} if title else label


def page_of(page: LaidOutPage) -> str | int:
    """What says which page it is: its time in a video, else its number."""
    return page.source.time_code or page.source.number


def _of_document(rows: _Rows, page: LaidOutPage) -> list[_Row]:
    while len(rows.of_part) <= page.document_index:
        rows.of_part.append([])
    return rows.of_part[page.document_index]


def _item_of(entries: tuple[Entry, ...], *, rows: bool = False) -> str:
    """The number of the item that entries belong to; empty if it is the page itself.

    With ``rows`` they are a row of a list, whose own number does not count.
    """
    path = next((entry.fields[0].path for entry in entries if entry.fields), ())
    inner = path[: -2 if rows else -1]
    return next((name for name in inner if name.isdigit()), "")


def _within(title: str, item: str) -> str:
    """A group's title without the item that its row says already."""
    return title.partition(f" {item}")[2].removeprefix(" – ") if item else title
