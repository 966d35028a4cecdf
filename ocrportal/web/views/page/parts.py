"""What stands on a page, as the page screen shows it: fields, tables and running text.

Whatever has a place on the picture carries the keys of its outlines there, see
:mod:`ocrportal.web.views.page.context`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from ocrportal.catalogue.spec import Service
from ocrportal.exporters.text import printed_rows, text_rows
from ocrportal.layout.contents import Part, contents_of
from ocrportal.layout.fields import Entry, FieldGroup, ItemTable
from ocrportal.layout.page import Paragraph
from ocrportal.results import Field, PageResult, Table
from ocrportal.web.views.page.context import DOUBTFUL_BELOW, TextLine, cell_key, field_key, text_of


@dataclass(frozen=True, slots=True)
class EntryView:
    """One value with its label."""

    label: str
    names: str
    """What the cloud calls it, for those who work with its answers."""
    value: str
    percent: int | None
    """How sure the engine is; None unless doubtful."""
    outlines: tuple[str, ...]
    key: str
    """Its text for the clipboard, in ``PageParts.texts``."""


@dataclass(frozen=True, slots=True)
class FieldsView:
    title: str
    entries: tuple[EntryView, ...]
    kind: str = "fields"


@dataclass(frozen=True, slots=True)
class ItemsView:
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[EntryView, ...], ...]
    key: str
    kind: str = "items"


@dataclass(frozen=True, slots=True)
class CellView:
    text: str
    row_span: int
    column_span: int
    percent: int | None
    outline: str
    """Empty if its place is not known."""


@dataclass(frozen=True, slots=True)
class TableView:
    rows: tuple[tuple[CellView, ...], ...]
    key: str
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class TextView:
    paragraphs: tuple[tuple[TextLine, ...], ...]
    kind: str = "text"


View = FieldsView | ItemsView | TableView | TextView


@dataclass(frozen=True, slots=True)
class PageParts:
    """All of a page in its order, and what its copy buttons copy."""

    views: tuple[View, ...]
    texts: dict[str, str]
    """``joined`` and ``kept`` are the whole page, with paragraphs joined or as printed;
    ``fields``, if there are any, all of them as rows with tabs; the others belong to a view."""


def parts_of(result: PageResult, service: Service | None) -> PageParts:
    """The parts of a page; ``service`` is the one that read it, for labels."""
    return _Builder(result).build(contents_of(result, service))


def whole_text(parts: list[Part], *, lines_kept: bool = False) -> str:
    """A page as plain text: a line per paragraph or, with ``lines_kept``, per printed row."""
    rows = printed_rows if lines_kept else text_rows
    return "\n".join(row for part in parts for row in rows(part))


class _Builder:
    def __init__(self, result: PageResult) -> None:
        self._result = result
        self._tables = result.upright().tables
        # By identity: a page may say the same twice.
        self._places = {id(entry): place for place, entry in enumerate(result.fields)}
        self._texts: dict[str, str] = {}

    def build(self, parts: list[Part]) -> PageParts:
        views: list[View] = []
        for is_text, run in groupby(parts, key=lambda part: isinstance(part, Paragraph)):
            neighbours = list(run)
            views += [self._text(neighbours)] if is_text else map(self._view, neighbours)
        fields = [part for part in parts if isinstance(part, FieldGroup | ItemTable)]
        if fields:
            self._texts["fields"] = "\n".join(row for part in fields for row in _tabbed(part))
        whole = {"joined": whole_text(parts), "kept": whole_text(parts, lines_kept=True)}
        return PageParts(tuple(views), whole | self._texts)

    def _text(self, paragraphs: list[Part]) -> TextView:
        found = [part for part in paragraphs if isinstance(part, Paragraph)]
        return TextView(tuple(tuple(lines) for lines in text_of(self._result, found)))

    def _view(self, part: Part) -> View:
        match part:
            case FieldGroup():
                return FieldsView(part.title, tuple(map(self._entry, part.entries)))
            case ItemTable():
                rows = tuple(tuple(map(self._entry, row)) for row in part.rows)
                key = self._copied("\n".join(_tabbed(part)))
                return ItemsView(part.title, part.columns, rows, key)
            case Table():
                return self._table(part)
            case Paragraph():
                return self._text([part])

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

    def _table(self, table: Table) -> TableView:
        place = self._tables.index(table)
        numbers = {(cell.row, cell.column): n for n, cell in enumerate(table.cells)}
        rows = [
            tuple(
                CellView(
                    text=cell.text,
                    row_span=cell.row_span,
                    column_span=cell.column_span,
                    percent=_percent(cell.confidence),
                    outline=cell_key(place, numbers[cell.row, cell.column]) if cell.box else "",
                )
                for cell in row
            )
            for row in table.grid()
        ]
        key = self._copied("\n".join(text_rows(table)))
        return TableView(tuple(rows), key)

    def _copied(self, text: str) -> str:
        key = f"part-{len(self._texts)}"
        self._texts[key] = text
        return key


def _has_place(entry: Field) -> bool:
    return entry.box is not None


def _percent(*confidences: float | None) -> int | None:
    doubtful = [known for known in confidences if known is not None and known < DOUBTFUL_BELOW]
    return round(100 * min(doubtful)) if doubtful else None


def _tabbed(part: FieldGroup | ItemTable) -> Iterator[str]:
    """Rows for a spreadsheet: labels and values in columns of their own."""
    if isinstance(part, ItemTable):
        yield from text_rows(part)
        return
    if part.title:
        yield part.title
    for entry in part.entries:
        yield f"{entry.label}\t{' '.join(entry.value.split())}"
