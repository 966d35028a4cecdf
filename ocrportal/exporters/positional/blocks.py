"""The paragraphs and tables of a page in the order of reading, with the places of words.

What is printed in a table stands in its cells alone, never once more as running text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ocrportal.exporters.positional.words import (
    Place,
    PlacedParagraph,
    PlacedRow,
    around,
    place_of,
    placed_line,
    placed_paragraph,
)
from ocrportal.layout.contents import holds, in_order, normalize_for_match, outermost, shows
from ocrportal.layout.page import Paragraph
from ocrportal.results import Cell, PageResult, Table


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell with its printed rows, or the text alone where nobody knows where they are."""

    cell: Cell
    rows: tuple[PlacedRow, ...]
    texts: tuple[str, ...]
    """Rows without a place; none if there are printed ones."""
    place: Place | None


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table, the cells that begin in each of its rows, and all of them in one place."""

    rows: tuple[tuple[PlacedCell, ...], ...]
    place: Place | None


def placed_parts(result: PageResult) -> list[PlacedParagraph | PlacedTable]:
    """All lines and tables of a page; tables of which no place is told come last.

    Places are those of the upright page. A table of no place whose text the lines tell
    already is left to them.
    """
    upright = result.upright()
    rest = {
        index: normalize_for_match(line.text)
        for index, line in enumerate(upright.lines)
        if line.text
    }
    placed: list[tuple[Table, PlacedTable]] = []
    unplaced: list[PlacedTable] = []
    for table in outermost(upright.tables):
        taken = _printed(upright, table, rest)
        if table.box:
            inside = [index for index in rest if shows(table, upright.lines[index])]
            placed.append((table, _table(upright, table, taken)))
            for index in {*inside, *(index for found in taken.values() for index in found)}:
                del rest[index]
        elif not _is_told(table, rest.values()):
            unplaced.append(_table(upright, table, {}))
    boxes = [(table, table.box) for table, _ in placed if table.box]
    parts: list[PlacedParagraph | PlacedTable] = []
    for part in in_order(upright, tuple(rest), [*boxes]):
        if isinstance(part, Paragraph):
            parts.append(placed_paragraph(upright, part))
        else:
            parts.append(next(made for table, made in placed if table is part))
    return [*parts, *unplaced]


def _printed(upright: PageResult, table: Table, rest: dict[int, str]) -> dict[int, list[int]]:
    """For a cell's place in ``table.cells``, the lines that together say what it says."""
    found: dict[int, list[int]] = {}
    if table.box is None:
        return found
    free = [index for index in rest if holds(table.box, upright.lines[index])]
    for number, cell in enumerate(table.cells):
        wanted, taken = normalize_for_match(cell.text), list[int]()
        for index in free:
            text = rest[index]
            if text and wanted.startswith(text) and _may_hold(cell, upright, index):
                wanted = wanted.removeprefix(text)
                taken.append(index)
        if taken and not wanted:
            found[number] = taken
            free = [index for index in free if index not in taken]
    return found


def _may_hold(cell: Cell, upright: PageResult, index: int) -> bool:
    return cell.box is None or holds(cell.box, upright.lines[index])


def _is_told(table: Table, lines: Collection[str]) -> bool:
    everything = "".join(lines)
    return all(normalize_for_match(cell.text) in everything for cell in table.cells)


def _table(upright: PageResult, table: Table, printed: dict[int, list[int]]) -> PlacedTable:
    lines = {
        (table.cells[number].row, table.cells[number].column): indices
        for number, indices in printed.items()
    }
    rows = tuple(
        tuple(_cell(upright, cell, lines.get((cell.row, cell.column), [])) for cell in row)
        for row in table.grid()
    )
    places = [cell.place for row in rows for cell in row if cell.place]
    if table.box:
        places.append(place_of(table.box, upright))
    return PlacedTable(rows, around(places) if places else None)


def _cell(upright: PageResult, cell: Cell, indices: list[int]) -> PlacedCell:
    rows = tuple(placed_line(upright, upright.lines[index]) for index in indices)
    places = [row.place for row in rows]
    if cell.box:
        places.append(place_of(cell.box, upright))
    texts = () if rows else tuple(_rows(cell.text))
    return PlacedCell(cell, rows, texts, around(places) if places else None)


def _rows(text: str) -> Iterator[str]:
    return (row.strip() for row in text.splitlines() if row.strip())
