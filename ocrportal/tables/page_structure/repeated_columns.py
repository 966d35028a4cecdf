"""Columns of the page that have the same columns within them, such as commands and descriptions.

They look like one wide table: their gutters are as high as the page, and often they share a line
grid. But each is interrupted by its own headings and sentences.
"""

from __future__ import annotations

from itertools import pairwise

from ocrportal.tables.evidence import number_columns
from ocrportal.tables.text_table import TextTable

TOLERANCE = 1.0
"""Line heights by which a column may begin beside the place where it would be repeated."""
EVEN = 0.5
"""Line heights by which the distances of all columns differ at most in a table of equal columns."""
MIN_COLUMNS = 2
"""Columns within a column of the page."""
MIN_BREAKS, MIN_BROKEN = 2, 0.06
"""Rows, and share of the rows, with text in several columns of one set that is interrupted in the
set beside it, for each of both. Entries of a table that are missing are mostly in the same set."""


def repeated_gutter(table: TextTable) -> tuple[float, float] | None:
    """The gutter between the first two sets of columns, if they are columns of the page.

    The left and the right end of its white; None for a table, whose rows go through all columns.
    One with numbers may have sides that are independent, such as assets and liabilities.
    """
    if number_columns(table):
        return None
    for size in range(MIN_COLUMNS, len(table.columns) // 2 + 1):
        starts = _repeated(table, size)
        if starts and _are_independent(table, starts):
            return table.columns[size - 1].right, table.columns[size].left
    return None


def _repeated(table: TextTable, size: int) -> list[int]:
    """The first column of each set, if sets as wide as the first ``size`` columns fill the table.

    Empty otherwise, and if all columns begin at equal distances.
    """
    lefts = [column.left for column in table.columns]
    tolerance = TOLERANCE * table.line_height
    if _are_even(lefts, EVEN * table.line_height):
        return []
    width = lefts[size] - lefts[0]
    count = round((table.columns[-1].right - lefts[0]) / width)
    starts = []
    for number in range(count):
        place = lefts[0] + number * width
        nearest = min(range(len(lefts)), key=lambda index: abs(lefts[index] - place))
        if abs(lefts[nearest] - place) > tolerance:
            return []
        starts.append(nearest)
    widths = [end - start for start, end in pairwise([*starts, len(lefts)])]
    return starts if count > 1 and min(widths) >= MIN_COLUMNS else []


def _are_even(places: list[float], tolerance: float) -> bool:
    steps = [after - before for before, after in pairwise(places)]
    return max(steps) - min(steps) <= tolerance


def _are_independent(table: TextTable, starts: list[int]) -> bool:
    """Whether each set is interrupted where the one beside it is not."""
    filled = [table.cells(row).keys() for row in table.rows]
    sets = [range(start, end) for start, end in pairwise([*starts, len(table.columns)])]
    whole = [[len(row & set(columns)) > 1 for row in filled] for columns in sets]
    needed = max(MIN_BREAKS, MIN_BROKEN * len(filled))
    return all(
        min(
            sum(a and not b for a, b in zip(left, right, strict=True)),
            sum(b and not a for a, b in zip(left, right, strict=True)),
        )
        >= needed
        for left, right in pairwise(whole)
    )
