"""The contents of a page as the page screen shows them: fields, tables and running text.

Parts with a position on the image have the keys of their outlines, see
:mod:`ocrportal.web.views.page.context`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ocrportal.jobs.doubts import DOUBTFUL_BELOW
from ocrportal.jobs.result_places import cell_key, field_key
from ocrportal.layout.blocks import (
    Block,
    Entry,
    FieldGroup,
    Figure,
    Formula,
    ItemTable,
    Paragraph,
    TableBlock,
)
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.plain_text import page_text, text_lines
from ocrportal.results import Field
from ocrportal.web.views.page.blocks import BlockTag, tag_of
from ocrportal.web.views.page.context import Piece, TextLine, cell_pieces, rows_of


@dataclass(frozen=True, slots=True)
class EntryView:
    """One value with its label."""

    label: str
    names: str
    """The names of the fields in the cloud's response."""
    value: str
    percent: int | None
    """Confidence in percent; None unless it is low."""
    outlines: tuple[str, ...]
    key: str
    """Its text for the clipboard, in ``PageParts.texts``."""


@dataclass(frozen=True, slots=True)
class FieldsView:
    tag: BlockTag
    title: str
    entries: tuple[EntryView, ...]
    kind: str = "fields"


@dataclass(frozen=True, slots=True)
class ItemsView:
    tag: BlockTag
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[EntryView, ...], ...]
    key: str
    kind: str = "items"


@dataclass(frozen=True, slots=True)
class CellView:
    pieces: tuple[Piece, ...]
    row_span: int
    column_span: int
    outline: str
    """Empty if its position is unknown."""


@dataclass(frozen=True, slots=True)
class TableView:
    tag: BlockTag
    rows: tuple[tuple[CellView, ...], ...]
    key: str
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class TextView:
    tag: BlockTag
    lines: tuple[TextLine, ...]
    """Empty for a figure without words."""
    kind: str = "text"


View = FieldsView | ItemsView | TableView | TextView


@dataclass(frozen=True, slots=True)
class PageParts:
    """The contents of a page in reading order, and the texts of its copy buttons."""

    views: tuple[View, ...]
    texts: dict[str, str]
    """``joined`` and ``kept`` are the whole page, with paragraphs joined or as printed;
    ``fields``, if the page has any, contains all fields as rows with tabs; the other texts
    belong to a view."""


def parts_of(page: LaidOutPage) -> PageParts:
    """The blocks of a page as the screen shows them."""
    return _Builder(page).build()


class _Builder:
    def __init__(self, page: LaidOutPage) -> None:
        self._page = page
        # By identity: a page may have the same field twice.
        self._places = {id(entry): n for n, entry in enumerate(page.source.result.fields)}
        self._texts: dict[str, str] = {}

    def build(self) -> PageParts:
        blocks = self._page.blocks
        views = tuple(self._view(tag_of(n, block), block) for n, block in enumerate(blocks, 1))
        fields = [block for block in blocks if isinstance(block, FieldGroup | ItemTable)]
        if fields:
            self._texts["fields"] = "\n".join(row for block in fields for row in _tabbed(block))
        whole = {"joined": page_text(self._page), "kept": page_text(self._page, keep_lines=True)}
        return PageParts(views, whole | self._texts)

    def _view(self, tag: BlockTag, block: Block) -> View:
        match block:
            case FieldGroup():
                return FieldsView(tag, block.title, tuple(map(self._entry, block.entries)))
            case ItemTable():
                rows = tuple(tuple(map(self._entry, row)) for row in block.rows)
                key = self._copied("\n".join(_tabbed(block)))
                return ItemsView(tag, block.title, block.columns, rows, key)
            case TableBlock():
                return self._table(tag, block)
            case Paragraph() | Formula() | Figure():
                return TextView(tag, tuple(rows_of(self._page.result, block)))

    def _entry(self, entry: Entry) -> EntryView:
        return EntryView(
            label=entry.label,
            names=" / ".join(dict.fromkeys(".".join(found.path) for found in entry.fields)),
            value=entry.value,
            percent=_percent(*(found.confidence for found in entry.fields)),
            outlines=tuple(map(self._outline, filter(_has_place, entry.fields))),
            key=self._copied(entry.value),
        )

    def _outline(self, entry: Field) -> str:
        return field_key(self._places[id(entry)])

    def _table(self, tag: BlockTag, block: TableBlock) -> TableView:
        table = block.table
        place = self._page.result.tables.index(table)
        numbers = {(cell.row, cell.column): n for n, cell in enumerate(table.cells)}
        indices = (index for row in block.lines for index in row.indices)
        lines = table.lines_in_cells(self._page.result.lines[index] for index in indices)
        pieces = {
            (cell.row, cell.column): tuple(cell_pieces(cell, inside))
            for cell, inside in zip(table.cells, lines, strict=True)
        }
        rows = [
            tuple(
                CellView(
                    pieces=pieces.get((cell.row, cell.column), ()),
                    row_span=cell.row_span,
                    column_span=cell.column_span,
                    outline=cell_key(place, numbers[cell.row, cell.column]) if cell.box else "",
                )
                for cell in row
            )
            for row in table.grid()
        ]
        key = self._copied("\n".join(text_lines(block)))
        return TableView(tag, tuple(rows), key)

    def _copied(self, text: str) -> str:
        key = f"part-{len(self._texts)}"
        self._texts[key] = text
        return key


def _has_place(entry: Field) -> bool:
    return entry.box is not None


def _percent(*confidences: float | None) -> int | None:
    doubtful = [known for known in confidences if known is not None and known < DOUBTFUL_BELOW]
    return round(100 * min(doubtful)) if doubtful else None


def _tabbed(block: FieldGroup | ItemTable) -> Iterator[str]:
    """Rows for a spreadsheet, with labels and values in separate columns."""
    if isinstance(block, ItemTable):
        yield from text_lines(block)
        return
    if block.title:
        yield block.title
    for entry in block.entries:
        yield f"{entry.label}\t{' '.join(entry.value.split())}"
