"""The cells of a grid with their text: lines, split at the sides of the cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ocrportal.geometry import Rect, group_rows
from ocrportal.results import Cell, Char, Line, Table
from ocrportal.tables.grid import Grid, GridCell
from ocrportal.tables.heads.head_end import head_rows
from ocrportal.tables.heads.row_looks import row_looks
from ocrportal.tables.line_ends import cell_text
from ocrportal.tables.page_picture.deskewed_page import DeskewedPage
from ocrportal.tables.rulings import Ruling
from ocrportal.tables.segments import is_vertical
from ocrportal.text import join_lines

MAX_SHIFT = 0.8
"""Line heights by which a split may be moved to a space rather than between two letters."""
MIN_OVERHANG = 0.8
"""Text that extends beyond its cell by less than this, in line heights, without a space before
it, is not text of the next cell."""
MAX_OVER_SIDE = 1.0
"""Text that ends outside of its cell by less than this, in line heights, is the end of a letter or
of a box."""
RULING_LIKE = "|丨｜"
"""Characters that a recogniser reads in place of a ruling."""


def fill_grid(
    grid: Grid, page: DeskewedPage, lines: Sequence[Line], rulings: Sequence[Ruling]
) -> tuple[Table | None, list[Line]]:
    """The table with its text, and all lines, with those in the table split at its cells.

    ``rulings`` are the horizontal ones of the page. The table is None if it contains no line.
    """
    rest: list[Line] = []
    by_cell: dict[GridCell, list[Line]] = {cell: [] for cell in grid.cells}
    for line in lines:
        box = page.rect(line.box)
        if not grid.box.contains(box.center):
            rest.append(line)
            continue
        parts = _parts(grid, box, line)
        # A vertical line beside several rows, such as the header of a turned page, is in none.
        if is_vertical(box, page.line_height) and box.height > parts[0][0].box.height:
            rest.append(line)
            continue
        for cell, part in parts:
            # The part of a line beside the table belongs to no cell.
            if grid.box.contains(page.rect(part.box).center):
                by_cell[cell].append(part)
            rest.append(part)
    if not any(by_cell.values()):
        return None, list(lines)
    margin = _margin(page, by_cell)
    cells = tuple(_cell(page, cell, parts, margin) for cell, parts in by_cell.items())
    doubts = grid.doubts
    if _runs_over_sides(page, by_cell):
        doubts = (*doubts, "text-over-sides")
    table = Table(
        grid.rows,
        grid.columns,
        cells,
        box=page.quad(grid.box),
        doubts=doubts,
        ruled_edges=grid.ruled_edges,
    )
    head = head_rows(table, row_looks(grid, page, by_cell, rulings))
    return replace(table, head_rows=head), rest


def _runs_over_sides(page: DeskewedPage, by_cell: Mapping[GridCell, Sequence[Line]]) -> bool:
    """Whether text of a cell ends in another cell or beside the table."""
    return any(
        max(cell.box.left - box.left, box.right - cell.box.right) > MAX_OVER_SIDE * box.height
        for cell, lines in by_cell.items()
        for box in (page.rect(line.box) for line in lines)
    )


def _parts(grid: Grid, box: Rect, line: Line) -> list[tuple[GridCell, Line]]:
    """A line split at the sides of the cells that it crosses."""
    beside = [cell for cell in grid.cells if cell.box.top <= box.center_y < cell.box.bottom]
    beside.sort(key=lambda cell: cell.box.left)
    if not beside:
        beside = [min(grid.cells, key=lambda cell: abs(cell.box.center_y - box.center_y))]
    edges = [cell.box.right for cell in beside[:-1] if box.left < cell.box.right < box.right]
    parts = []
    for part in _split(line, box, edges):
        x = box.left + (part[0].start + part[-1].end) / 2 * box.width if part else box.center_x
        cell = min(beside, key=lambda cell: max(cell.box.left - x, x - cell.box.right))
        parts.append((cell, line.part(part)))
    return parts


def _split(line: Line, box: Rect, edges: Sequence[float]) -> list[list[Char]]:
    """The characters between the edges, without the spaces at the ends of each part."""
    chars = list(line.chars)
    splits = [0]
    for edge in edges:
        index = _best_split(chars, (edge - box.left) / box.width, box.height / box.width)
        if index is not None and index > splits[-1]:
            splits.append(index)
    splits.append(len(chars))
    parts = [_stripped(chars[start:end]) for start, end in pairwise(splits)]
    return [part for part in parts if part] or [chars]


def _best_split(chars: Sequence[Char], edge: float, height: float) -> int | None:
    """The index of the character before which to split at an edge; None if not to split there.

    ``edge`` and the ``height`` of the line are shares of the line's length.
    """

    def cost(index: int) -> float:
        before, after = chars[index - 1], chars[index]
        off = abs((before.end + after.start) / 2 - edge)
        apart = before.text.isspace() or after.text.isspace() or after.start - before.end > height
        return off - (MAX_SHIFT * height if apart else 0.0)

    if len(chars) < 2:
        return None
    index = min(range(1, len(chars)), key=cost)
    if index > 1 and chars[index - 1].text.isspace():
        index -= 1
    before, after = chars[index - 1], chars[index]
    if after.text.isspace() or after.start - before.end > height / 4:
        return index
    overhang = min(chars[-1].end - edge, edge - chars[0].start)
    return index if overhang > MIN_OVERHANG * height else None


def _stripped(chars: Sequence[Char]) -> list[Char]:
    kept = list(chars)
    while kept and (kept[0].text.isspace() or (len(kept) > 1 and kept[0].text in RULING_LIKE)):
        del kept[0]
    while kept and (kept[-1].text.isspace() or (len(kept) > 1 and kept[-1].text in RULING_LIKE)):
        del kept[-1]
    return kept


def _cell(page: DeskewedPage, cell: GridCell, lines: Sequence[Line], margin: float) -> Cell:
    """``margin`` is the white between the sides of a cell and its text."""
    rows = group_rows([(page.rect(line.box), line) for line in lines], lambda placed: placed[0])
    weight = sum(len(line.text) for line in lines)
    return Cell(
        text=cell_text(
            [join_lines([line.text for _, line in row]) for row in rows],
            [row[-1][0].right - row[0][0].left for row in rows],
            cell.box.width - 2 * margin,
        ),
        row=cell.row,
        column=cell.column,
        row_span=cell.row_span,
        column_span=cell.column_span,
        confidence=sum(len(line.text) * line.confidence for line in lines) / weight
        if weight
        else None,
        box=page.quad(cell.box),
    )


def _margin(page: DeskewedPage, by_cell: Mapping[GridCell, Sequence[Line]]) -> float:
    """The white between the sides of cells and their text: the least in the whole table."""
    distances = [
        distance
        for cell, lines in by_cell.items()
        for box in (page.rect(line.box) for line in lines)
        for distance in (box.left - cell.box.left, cell.box.right - box.right)
    ]
    return max(0.0, min(distances))
