"""Rows of a bordered table that no ruling separates: their numbers are below each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocrportal.tables.grid import Grid, build_grid
from ocrportal.tables.numbers import is_number
from ocrportal.tables.segments import Segment
from ocrportal.tables.text_columns import Column, Row, nearest_column, segment_rows
from ocrportal.tables.text_rows import table_rows

MIN_ROWS = 3
"""Rows between two rulings: two may be the lines of an entry."""
MIN_FILLED = 0.7
"""Share of them with text in more than half of the columns, and with a number in one column."""


def with_shared_rows(grid: Grid, segments: Sequence[Segment]) -> Grid:
    """The grid, with every row divided whose cells hold several rows of text."""
    xs, ys = _edges(grid)
    columns = [Column(left, right) for left, right in pairwise(xs)]
    if len(columns) < 2:
        return grid
    divisions = [_divisions(top, bottom, columns, segments) for top, bottom in pairwise(ys)]
    if not any(divisions):
        return grid
    edges: list[float] = []
    starts: list[int] = []
    for top, inner in zip(ys, divisions, strict=False):
        starts.append(len(edges))
        edges += [top, *inner]
    starts.append(len(edges))
    edges.append(ys[-1])
    spans: list[tuple[int, int, int, int]] = []
    for cell in grid.cells:
        first, end = starts[cell.row], starts[cell.row + cell.row_span]
        if cell.row_span > 1:
            spans.append((first, cell.column, end - first, cell.column_span))
        else:
            spans += [(row, cell.column, 1, cell.column_span) for row in range(first, end)]
    return build_grid(xs, edges, spans, grid.doubts)


def _edges(grid: Grid) -> tuple[list[float], list[float]]:
    """The edges of the columns and of the rows; every one is the edge of a cell."""
    xs, ys = dict[int, float](), dict[int, float]()
    for cell in grid.cells:
        xs[cell.column], xs[cell.column + cell.column_span] = cell.box.left, cell.box.right
        ys[cell.row], ys[cell.row + cell.row_span] = cell.box.top, cell.box.bottom
    return [xs[number] for number in sorted(xs)], [ys[number] for number in sorted(ys)]


def _divisions(
    top: float, bottom: float, columns: Sequence[Column], segments: Sequence[Segment]
) -> list[float]:
    """Where to divide a row of the grid; empty if it is one row of the table."""
    inside = [
        segment
        for segment in segments
        if top < segment.box.center_y < bottom
        and columns[0].left < segment.box.center_x < columns[-1].right
    ]
    printed = segment_rows(inside)
    if len(printed) < MIN_ROWS:
        return []
    rows = table_rows(printed, columns, [])
    if len(rows) < MIN_ROWS or not _are_rows(rows, columns):
        return []
    return [
        (max(s.box.bottom for s in above) + min(s.box.top for s in row)) / 2
        for above, row in pairwise(rows)
    ]


def _are_rows(rows: Sequence[Row], columns: Sequence[Column]) -> bool:
    needed = MIN_FILLED * len(rows)
    filled = [{nearest_column(segment, columns) for segment in row} for row in rows]
    if sum(len(places) * 2 > len(columns) for places in filled) < needed:
        return False
    numbers = [{nearest_column(s, columns) for s in row if is_number(s.text)} for row in rows]
    return any(
        sum(column in places for places in numbers) >= needed for column in range(len(columns))
    )
