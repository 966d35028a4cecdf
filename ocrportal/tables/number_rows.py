"""The rows of a table with numbers among rows above and below it that have other columns.

Addresses beside each other above the goods of an invoice, and its sums below them, are rows of
several texts too. They would close the gutters of the table, or belong to no column of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ocrportal.geometry import Rect
from ocrportal.tables.alignment import is_aligned_with
from ocrportal.tables.numbers import is_number
from ocrportal.tables.segments import Segment
from ocrportal.tables.text_columns import (
    Column,
    Row,
    columns_of,
    nearest_column,
    phrases,
    text_columns,
)

MIN_PHRASES = 3
"""Rows of fewer phrases have no columns of their own: they may be labels and values."""
MIN_ROWS = 3
MIN_HEAD, MAX_HEAD_ROWS = 0.6, 3
"""Share of the columns that have a text in the rows above the numbers, if they are their head, and
the number of these rows."""
MAX_BETWEEN = 1
"""Rows between the head and the numbers, such as the heading of a group of rows."""
MAX_OFF = 0.7
"""Line heights by which a head may be off the center of the columns that it is over."""


def number_rows(run: Sequence[Row], line_height: float) -> Sequence[Row]:
    """A run without the rows at its ends that do not have the columns of the other rows."""
    counts = [len(phrases(row)) if _has_numbers(row) else 0 for row in run]
    several = Counter(count for count in counts if count >= MIN_PHRASES)
    if not several:
        return run
    common, times = max(several.items(), key=lambda item: (item[1], item[0]))
    if times < MIN_ROWS:
        return run
    core = [number for number, count in enumerate(counts) if count >= common]
    columns = text_columns([run[number] for number in core], line_height)
    core_columns = _CoreColumns(columns, line_height)
    for number in core:
        core_columns.add(run[number])
    closes_gutters = len(columns) > len(text_columns(run, line_height))
    start, end = core[0], len(run)
    named, has_head = set[int](), False
    for number in range(core[0] - 1, -1, -1):
        row = run[number]
        if core_columns.is_crossed_by(row, is_head_allowed=not closes_gutters):
            break
        named |= core_columns.places_of(row)
        # The head may be aligned otherwise than the numbers below it, also in several rows.
        completes = len(named) >= MIN_HEAD * len(columns) and not has_head
        if core_columns.is_aligned_with(row) or (completes and number >= core[0] - MAX_HEAD_ROWS):
            start, has_head = number, has_head or completes
        elif start - number > MAX_BETWEEN:
            break
    for number in range(core[-1] + 1, len(run)):
        row = run[number]
        if core_columns.is_crossed_by(
            row, is_head_allowed=not closes_gutters
        ) or core_columns.is_beside_label_of(row):
            end = number
            break
    return run[start:end]


class _CoreColumns:
    """The columns of the rows that have most texts, with the boxes of their texts."""

    def __init__(self, columns: Sequence[Column], line_height: float) -> None:
        self._columns = columns
        self._line_height = line_height
        self._texts: list[list[Rect]] = [[] for _ in columns]

    def add(self, row: Row) -> None:
        for segment in row:
            self._texts[nearest_column(segment, self._columns)].append(segment.box)

    def is_crossed_by(self, row: Row, *, is_head_allowed: bool) -> bool:
        """Whether a text crosses a gutter; one that is centered over columns may be their head."""
        for segment in row:
            met = columns_of(segment, self._columns, self._line_height)
            if len(met) > 1 and not (is_head_allowed and self._is_centered(segment, met)):
                return True
        return False

    def places_of(self, row: Row) -> set[int]:
        """The columns that a row has a text in."""
        return {nearest_column(segment, self._columns) for segment in row}

    def is_aligned_with(self, row: Row) -> bool:
        """Whether half of the texts of a row are aligned with their columns."""
        aligned = sum(map(self._is_aligned, row))
        return aligned * 2 >= len(row)

    def is_beside_label_of(self, row: Row) -> bool:
        """Whether a row begins with a label beside the first column, aligned with no other."""
        label = row[0]
        place = nearest_column(label, self._columns)
        return (
            place > 0
            and not is_number(label.text)
            and bool(self._texts[place])
            and not is_aligned_with(label.box, self._texts[place], self._line_height)
        )

    def _is_aligned(self, segment: Segment) -> bool:
        met = columns_of(segment, self._columns, self._line_height)
        if self._is_over_gutter(segment):
            return True
        return (bool(met) and self._is_centered(segment, met)) or (
            len(met) == 1
            and bool(self._texts[met[0]])
            and is_aligned_with(segment.box, self._texts[met[0]], self._line_height)
        )

    def _is_over_gutter(self, segment: Segment) -> bool:
        """Whether a short head is centered over two columns."""
        return any(
            self._is_centered(segment, (number, number + 1))
            for number in range(1, len(self._columns) - 1)
        )

    def _is_centered(self, segment: Segment, met: Sequence[int]) -> bool:
        center = (self._columns[met[0]].left + self._columns[met[-1]].right) / 2
        return abs(segment.box.center_x - center) <= MAX_OFF * self._line_height


def _has_numbers(row: Row) -> bool:
    return any(is_number(segment.text) for segment in row[1:])
