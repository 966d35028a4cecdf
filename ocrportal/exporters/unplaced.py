"""What stands on a page, nobody knows where: texts that are in none of its lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ocrportal.catalogue.spec import Service
from ocrportal.exporters.text import labelled
from ocrportal.layout.contents import Part, contents_of, holds, normalize_for_match
from ocrportal.layout.fields import Entry, FieldGroup, ItemTable
from ocrportal.layout.page import Paragraph
from ocrportal.results import Cell, Line, PageResult, Table


def unplaced_rows(result: PageResult, service: Service | None) -> Iterator[str]:
    """Fields, rows of tables and paragraphs that the lines of the page do not tell already."""
    if not (result.fields or result.tables or result.blocks):
        return  # spares the layout of a plain page
    placed = normalize_for_match("".join(line.text for line in result.lines))
    lines = result.upright().lines
    for part in contents_of(result, service):
        yield from _rows(part, placed, lines)


def _rows(part: Part, placed: str, lines: Sequence[Line]) -> Iterator[str]:
    match part:
        case Paragraph():
            if not part.lines and normalize_for_match(part.text) not in placed:
                yield part.text
        case Table():
            for row in range(part.rows):
                cells = [cell for cell in part.cells if cell.row == row and cell.text]
                if not all(
                    normalize_for_match(cell.text) in placed or _is_in_lines(cell, lines)
                    for cell in cells
                ):
                    yield " ".join(cell.text for cell in cells)
        case FieldGroup():
            for entry in part.entries:
                if not _is_placed(entry, placed):
                    yield labelled(entry)
        case ItemTable():
            for entries in part.rows:
                if not all(_is_placed(entry, placed) for entry in entries):
                    yield " ".join(entry.value for entry in entries if entry.value)


def _is_in_lines(cell: Cell, lines: Sequence[Line]) -> bool:
    """Whether the lines in a cell have all its characters: other cells' lines are between them."""
    if cell.box is None:
        return False
    inside = "".join(line.text for line in lines if holds(cell.box, line))
    return Counter(normalize_for_match(cell.text)) <= Counter(normalize_for_match(inside))


def _is_placed(entry: Entry, placed: str) -> bool:
    return all(normalize_for_match(found.value) in placed for found in entry.fields)
