"""Partly bordered tables: rulings above and below, and columns of text between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from ocrportal.geometry import Rect
from ocrportal.tables.evidence import (
    filled_share,
    has_few_numbers,
    has_lines_of_text,
    has_sparse_columns,
    is_running_text,
    number_columns,
    spans_too_much,
)
from ocrportal.tables.grid import Grid
from ocrportal.tables.heads.head_rows import with_head_rows
from ocrportal.tables.page_structure.text_beside import text_gutter
from ocrportal.tables.page_structure.underlined_headings import are_below_headings
from ocrportal.tables.rulings import Ruling
from ocrportal.tables.segment_table import text_table
from ocrportal.tables.segments import Segment
from ocrportal.tables.text_columns import segment_rows
from ocrportal.tables.text_table import TextTable

MAX_END_DIFFERENCE = 1.0
"""Line heights by which the ends of the rulings of one table may differ."""
MIN_RULING = 8.0
"""A ruling above or below a table is at least this long, in line heights."""
MIN_FILLED, MIN_NUMBERS_FILLED = 0.4, 0.5
"""Share of the rows with text in more than half of the columns, without and with columns of
numbers. Numbers beside a column of running text fill fewer."""
MAX_LINES = 6.0
"""Lines that a row of a table of words has on average; more are lists between headings."""
MAX_RULINGS = 24
"""A page with more rulings of the same ends is lined paper: only all of them may form a table."""


def partly_bordered_grids(
    rulings: Sequence[Ruling], line_height: float, segments: Sequence[Segment]
) -> list[Grid]:
    """The grids between horizontal rulings that start and end at the same places."""
    grids: list[Grid] = []
    taken: list[Rect] = []
    page = segment_rows(segments)
    long = [ruling for ruling in rulings if ruling.length > MIN_RULING * line_height]
    for group in _by_ends(long, line_height):
        if are_below_headings(group, page):
            continue
        ends = group if len(group) <= MAX_RULINGS else [group[0], group[-1]]
        spans = sorted(combinations(ends, 2), key=lambda pair: pair[0].position - pair[1].position)
        for top, bottom in spans:
            # The next column of the page may be one line height away.
            left, right = top.start - line_height / 2, top.end + line_height / 2
            box = Rect(left, top.position, right, bottom.position)
            if any(box.overlaps(other) for other in taken):
                continue
            if are_below_headings(ends[ends.index(top) : ends.index(bottom) + 1], page):
                continue
            inside = [ruling for ruling in rulings if _is_within(ruling, box)]
            table = text_table(box, inside, line_height, segments)
            if table is not None and _is_table(table) and text_gutter(table) is None:
                with_head = with_head_rows(table, page)
                if with_head != box:
                    separating = [ruling for ruling in rulings if _is_within(ruling, with_head)]
                    table = text_table(with_head, separating, line_height, segments) or table
                grids.append(table.grid(("weak-columns",) if _is_weak(table) else ()))
                taken.append(box)
    return grids


def _is_table(table: TextTable) -> bool:
    several = sum(len(table.cells(row)) > 1 for row in table.rows)
    if several < 2 or spans_too_much(table) or has_lines_of_text(table):
        return False
    filled = filled_share(table)
    if number_columns(table):
        return filled >= MIN_NUMBERS_FILLED
    has_rows = len(table.printed) <= MAX_LINES * len(table.rows)
    return filled >= MIN_FILLED and has_rows and not is_running_text(table)


def _is_weak(table: TextTable) -> bool:
    has_numbers = bool(number_columns(table))
    return has_sparse_columns(table) or (has_numbers and has_few_numbers(table))


def _by_ends(rulings: Sequence[Ruling], line_height: float) -> list[list[Ruling]]:
    """Groups of two or more rulings with the same ends, each group from the top."""
    groups: list[list[Ruling]] = []
    for ruling in sorted(rulings, key=lambda ruling: ruling.position):
        for group in groups:
            first = group[0]
            difference = max(abs(first.start - ruling.start), abs(first.end - ruling.end))
            if difference < MAX_END_DIFFERENCE * line_height:
                group.append(ruling)
                break
        else:
            groups.append([ruling])
    return [group for group in groups if len(group) > 1]


def _is_within(ruling: Ruling, box: Rect) -> bool:
    return (
        box.top < ruling.position < box.bottom
        and box.left < ruling.start
        and ruling.end < box.right
    )
