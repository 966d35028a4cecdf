"""Columns of the page: a gutter that goes on above or below a table is not one of the table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, takewhile

from ocrportal.tables.numbers import is_number
from ocrportal.tables.page_structure.repeated_columns import repeated_gutter
from ocrportal.tables.page_structure.text_beside import text_gutter
from ocrportal.tables.segments import Segment
from ocrportal.tables.text_columns import Row, phrases
from ocrportal.tables.text_table import TextTable

MIN_ROWS_BESIDE = 3
"""Rows above and below the table that each of two columns of the page has at least. The lines
above a table that are set in two parts, such as a sender and a date, are fewer."""


def page_columns(table: TextTable, page: Sequence[Row]) -> list[list[Segment]]:
    """The segments of the page left of a gutter, right of it, and above or below both.

    A gutter of a table ends at the table. One of the page goes on above or below, between more
    rows than the table has, or separates running text or columns that repeat. Empty if the table
    has none.
    """
    places = [number for number, row in enumerate(page) if _is_in(row, table)]
    first, end = places[0], places[-1] + 1
    for (_, left), (right, _) in pairwise(table.columns):
        above = _free_rows(reversed(page[:first]), left, right)
        below = _free_rows(page[end:], left, right)
        outside = [row for row in (*above, *below) if not _has_numbers(row)]
        beside = (
            sum(any(s.box.right <= right for s in row) for row in outside),
            sum(any(s.box.left >= left for s in row) for row in outside),
        )
        if min(beside) >= MIN_ROWS_BESIDE and len(outside) >= len(table.printed):
            rows = slice(first - len(above), end + len(below))
            return _parts(page, rows, (left + right) / 2)
    gutter = text_gutter(table) or repeated_gutter(table)
    return _parts(page, slice(first, end), sum(gutter) / 2) if gutter else []


def _parts(page: Sequence[Row], rows: slice, middle: float) -> list[list[Segment]]:
    """The segments of rows of the page left and right of a gutter, and those of other rows."""
    along = [segment for row in page[rows] for segment in row]
    parts = (
        [s for s in along if s.box.center_x < middle],
        [s for s in along if s.box.center_x >= middle],
        [s for row in (*page[: rows.start], *page[rows.stop :]) for s in row],
    )
    return [part for part in parts if part]


def _free_rows(rows: Iterable[Row], left: float, right: float) -> list[Row]:
    """The rows up to the first with text across the gutter from ``left`` to ``right``."""
    return list(
        takewhile(
            lambda row: not any(b.left < left and b.right > right for b in phrases(row)), rows
        )
    )


def _has_numbers(row: Row) -> bool:
    """Whether it may be a row of another table with a gutter at the same place."""
    return any(is_number(segment.text) for segment in row[1:])


def _is_in(row: Row, table: TextTable) -> bool:
    return any(table.box.contains(segment.box.center) for segment in row)
