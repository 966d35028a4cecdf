"""Borderless tables: short segments of text, aligned in columns in row after row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocrportal.geometry import Rect
from ocrportal.tables.grid import Grid
from ocrportal.tables.rulings import Ruling
from ocrportal.tables.segments import Segment
from ocrportal.tables.text_columns import Row, columns_grid, segment_rows

MAX_SEGMENT = 0.5
"""A segment longer than this share of the text's width is a line of text, and ends a table."""
MAX_ROW_DISTANCE = 3.0
"""Rows further apart than this, in median distances of rows, are not in the same table."""
MIN_ROWS, MIN_COLUMNS = 4, 3
"""So many rows must have so many segments. Two columns may be a list or a form as well."""
MIN_FILLED = 0.6
"""At least this share of the rows have text in more than half of the columns."""


def borderless_grids(
    rulings: Sequence[Ruling], line_height: float, segments: Sequence[Segment]
) -> list[Grid]:
    """The grids that only columns of text indicate.

    ``rulings`` are horizontal ones; those inside a table may separate its rows.
    """
    grids = []
    for run in _runs(segment_rows(segments)):
        inside = [segment for row in run for segment in row]
        if sum(len(row) >= MIN_COLUMNS for row in run) < MIN_ROWS:
            continue
        text = Rect.union(segment.box for segment in inside)
        box = text._replace(left=text.left - line_height / 2, right=text.right + line_height / 2)
        crossing = [r for r in rulings if box.top < r.position < box.bottom]
        grid = columns_grid(box, crossing, line_height, inside, MIN_FILLED)
        if grid is not None and grid.columns >= MIN_COLUMNS:
            grids.append(grid)
    return grids


def _runs(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows that follow each other closely, without lines of text between them."""
    if len(rows) < MIN_ROWS:
        return []
    left = min(row[0].box.left for row in rows)
    right = max(segment.box.right for row in rows for segment in row)
    pitch = median(b[0].box.center_y - a[0].box.center_y for a, b in pairwise(rows))
    runs: list[list[Row]] = [[]]
    for row in rows:
        if any(segment.box.width > MAX_SEGMENT * (right - left) for segment in row):
            runs.append([])
            continue
        last = runs[-1]
        if last and row[0].box.center_y - last[-1][0].box.center_y > MAX_ROW_DISTANCE * pitch:
            runs.append([])
        runs[-1].append(row)
    return runs
