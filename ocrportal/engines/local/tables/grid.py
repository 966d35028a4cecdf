"""The cells of a table as rectangles, before anything is written into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrportal.engines.local.tables.sheet import Rectangle


@dataclass(frozen=True, slots=True)
class Area:
    """The rectangle of one cell, its first row and column, and how many it covers."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Rectangle


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of ``rows`` x ``columns``; its areas cover all of it and do not overlap."""

    rows: int
    columns: int
    areas: tuple[Area, ...]
    box: Rectangle


def grid_of(xs: Sequence[float], ys: Sequence[float], spans: Sequence[tuple[int, ...]]) -> Grid:
    """The grid between the edges of columns and rows.

    ``spans`` are the areas that cover more than one place: row, column, and how many rows
    and columns. They must not overlap.
    """
    at = {(row, column): (down, across) for row, column, down, across in spans}
    covered = {
        (row + i, column + k)
        for (row, column), (down, across) in at.items()
        for i in range(down)
        for k in range(across)
    }
    areas = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            place = (row, column)
            if place in covered and place not in at:
                continue
            down, across = at.get(place, (1, 1))
            box = Rectangle(xs[column], ys[row], xs[column + across], ys[row + down])
            areas.append(Area(row, column, down, across, box))
    return Grid(len(ys) - 1, len(xs) - 1, tuple(areas), Rectangle(xs[0], ys[0], xs[-1], ys[-1]))
