"""The grid of a table: the rectangles of its cells, before their text is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrportal.geometry import Rect
from ocrportal.results import TableDoubt
from ocrportal.tables.rulings import Ruling

MAX_DISTANCE = 1.0
"""Line heights between a ruling and the edge of the row along which it is drawn."""
MIN_DRAWN = 0.6
"""Share of the table's width that rulings at an edge cover."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """The rectangle of one cell, its first row and column, and the number of both it covers."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Rect


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of ``rows`` x ``columns``; its cells cover all of it and do not overlap."""

    rows: int
    columns: int
    cells: tuple[GridCell, ...]
    box: Rect
    doubts: tuple[TableDoubt, ...] = ()
    ruled_edges: tuple[int, ...] | None = None
    """As in :class:`ocrportal.results.Table`."""


def build_grid(
    xs: Sequence[float],
    ys: Sequence[float],
    spans: Sequence[tuple[int, ...]],
    doubts: tuple[TableDoubt, ...] = (),
) -> Grid:
    """The grid between the edges of columns (``xs``) and of rows (``ys``).

    ``spans`` are the merged cells: row, column, number of rows and of columns. They must not
    overlap.
    """
    merged = {(row, column): (down, across) for row, column, down, across in spans}
    covered = {
        (row + i, column + k)
        for (row, column), (down, across) in merged.items()
        for i in range(down)
        for k in range(across)
    }
    cells = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            place = (row, column)
            if place in covered and place not in merged:
                continue
            down, across = merged.get(place, (1, 1))
            box = Rect(xs[column], ys[row], xs[column + across], ys[row + down])
            cells.append(GridCell(row, column, down, across, box))
    around = Rect(xs[0], ys[0], xs[-1], ys[-1])
    return Grid(len(ys) - 1, len(xs) - 1, tuple(cells), around, doubts)


def ruled_edges(grid: Grid, rulings: Sequence[Ruling], line_height: float) -> tuple[int, ...]:
    """The edges with a ruling, counted from 0 above the first row; ``rulings`` are horizontal."""
    ys = _edges(grid)
    drawn = [0.0] * len(ys)
    for ruling in rulings:
        covered = min(ruling.end, grid.box.right) - max(ruling.start, grid.box.left)
        nearest = min(range(len(ys)), key=lambda edge: abs(ys[edge] - ruling.position))
        if covered > 0 and abs(ys[nearest] - ruling.position) <= MAX_DISTANCE * line_height:
            drawn[nearest] += covered
    return tuple(edge for edge, length in enumerate(drawn) if length >= MIN_DRAWN * grid.box.width)


def _edges(grid: Grid) -> list[float]:
    ys = [grid.box.top] * (grid.rows + 1)
    for cell in grid.cells:
        ys[cell.row + cell.row_span] = cell.box.bottom
    return ys
