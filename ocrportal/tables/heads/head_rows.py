"""Head rows above the first ruling of a partly bordered table, which only separates them."""

from __future__ import annotations

from collections.abc import Sequence

from ocrportal.geometry import Rect
from ocrportal.tables.alignment import is_aligned_with
from ocrportal.tables.evidence import number_columns
from ocrportal.tables.numbers import is_number
from ocrportal.tables.segments import Segment
from ocrportal.tables.text_columns import Row, columns_of, nearest_column
from ocrportal.tables.text_table import TextTable

MAX_DISTANCE = 1.3
"""Line heights of white between the head and the ruling, or between two of its rows."""
MAX_ROWS = 3
MIN_FILLED = 0.6
"""Share of the columns that have text in the row above the ruling."""
MIN_ALIGNED = 0.5
"""Share of its texts that are aligned with the column below them."""


def with_head_rows(table: TextTable, page: Sequence[Row]) -> Rect:
    """The box of the table and of the head above it; ``page`` are the rows of the page."""
    columns: list[list[Rect]] = [[] for _ in table.columns]
    for row in table.rows:
        for number, segments in table.cells(row).items():
            columns[number] += [segment.box for segment in segments]
    top = table.box.top
    if _has_head(table):
        return table.box
    # Text beside the table belongs to another column of the page.
    beside = [[segment for segment in row if segment.box.overlaps_in_x(table.box)] for row in page]
    above = [row for row in beside if row and row[0].box.center_y < top]
    for row in above[: -MAX_ROWS - 1 : -1]:
        if not all(_is_over(s, table) for s in row) or not _is_head(row, table, columns, top):
            break
        top = min(segment.box.top for segment in row) - 1
    return table.box._replace(top=top)


def _has_head(table: TextTable) -> bool:
    """Whether the first row has words above columns of numbers, and no number."""
    cells = table.cells(table.rows[0])
    named = [number for number in number_columns(table) if number in cells]
    return bool(named) and not any(is_number(s.text) for number in named for s in cells[number])


def _is_over(segment: Segment, table: TextTable) -> bool:
    return table.box.left < segment.box.left and segment.box.right < table.box.right


def _is_head(row: Row, table: TextTable, columns: Sequence[Sequence[Rect]], bottom: float) -> bool:
    if bottom - max(segment.box.bottom for segment in row) > MAX_DISTANCE * table.line_height:
        return False
    if any(len(columns_of(s, table.columns, table.line_height)) > 1 for s in row):
        return False
    places = [nearest_column(segment, table.columns) for segment in row]
    aligned = sum(
        bool(columns[place]) and is_aligned_with(segment.box, columns[place], table.line_height)
        for segment, place in zip(row, places, strict=True)
    )
    return len(set(places)) >= MIN_FILLED * len(table.columns) and aligned >= MIN_ALIGNED * len(row)
