"""Columns of text: separated by white that runs down the rows, except through headings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np

from ocrportal.geometry import Rect, group_rows
from ocrportal.tables.segments import Segment

MIN_GUTTER = 0.45
"""White that separates two columns, in line heights."""
MIN_TYPICAL_GUTTER = 0.8
"""White that it has in half of the rows at least: more than a wide space."""
MAX_CROSSING = 0.15
"""Share of the rows that may cross a gutter, or one of them: headings over several columns."""
MIN_OVERLAP = 0.15
"""A segment is in a column if it overlaps it by more than this, in line heights."""

Row = list[Segment]


class Column(NamedTuple):
    """The left and right edge of the text of a column."""

    left: float
    right: float


def segment_rows(segments: Sequence[Segment]) -> list[Row]:
    """Segments in rows from the top, each row from the left."""
    return group_rows(segments, lambda segment: segment.box, _is_level)


def _is_level(row: Sequence[Rect], box: Rect) -> bool:
    # Judged by the box itself: the row may begin with the larger type of a heading beside it.
    return box.center_y - row[0].center_y < 0.45 * box.height


def phrases(row: Row) -> list[Rect]:
    """The boxes of segments that are further apart than words."""
    boxes: list[Rect] = []
    for segment in row:
        gap = MIN_TYPICAL_GUTTER * segment.box.height
        if boxes and segment.box.left - boxes[-1].right < gap:
            boxes[-1] = Rect.union((boxes[-1], segment.box))
        else:
            boxes.append(segment.box)
    return boxes


def text_columns(printed: Sequence[Row], line_height: float) -> list[Column]:
    """The columns of text, from the left."""
    cores = _uncrossed([row for row in printed if len(row) > 1], line_height)
    if len(cores) < 2:
        return cores
    extents = list(cores)
    sparse: list[Column] = []
    for row in printed:
        places = [columns_of(segment, cores, line_height) for segment in row]
        # A head may begin at the left of its column, with numbers at the right below it.
        if len(row) == len(cores) and all(met in ([], [n]) for n, met in enumerate(places)):
            places = [[n] for n in range(len(cores))]
        for number, (segment, met) in enumerate(zip(row, places, strict=True)):
            if len(met) == 1:
                extents[met[0]] = _with(extents[met[0]], segment)
            elif not met and _is_apart(row, number, line_height):
                sparse.append(Column(segment.box.left, segment.box.right))
    columns = extents + _between(sparse, cores, line_height)
    return _disjoint(sorted(columns, key=sum))


def columns_of(segment: Segment, columns: Sequence[Column], line_height: float) -> list[int]:
    """The indices of the columns that a segment overlaps."""
    left, _, right, _ = segment.box
    # A segment narrower than the tolerance is in the column that contains its center.
    needed = min(MIN_OVERLAP * line_height, (right - left) / 2)
    return [
        index
        for index, column in enumerate(columns)
        if min(right, column.right) - max(left, column.left) >= needed
    ]


def nearest_column(segment: Segment, columns: Sequence[Column]) -> int:
    """The index of the column nearest to the segment's center."""
    x = segment.box.center_x
    return min(range(len(columns)), key=lambda k: max(columns[k].left - x, x - columns[k].right))


def _uncrossed(rows: Sequence[Row], line_height: float) -> list[Column]:
    """The extents between which at most a few rows cross a gutter."""
    if not rows:
        return []
    start = min(row[0].box.left for row in rows)
    width = int(max(segment.box.right for row in rows for segment in row) - start) + 2
    coverage = np.zeros(width, np.int32)
    for row in rows:
        for segment in row:
            coverage[int(segment.box.left - start) : int(segment.box.right - start) + 1] += 1
    crossing = max(MAX_CROSSING * len(rows), 1 if len(rows) > 2 else 0)
    filled = np.flatnonzero(coverage > crossing)
    if not len(filled):
        return []
    breaks = np.flatnonzero(np.diff(filled) > MIN_GUTTER * line_height)
    edges = [(start + float(filled[k]) + 1, start + float(filled[k + 1])) for k in breaks]
    gutters = [
        edge for edge in edges if _typical_gap(rows, *edge) >= MIN_TYPICAL_GUTTER * line_height
    ]
    firsts = [start + float(filled[0]), *(right for _, right in gutters)]
    lasts = [*(left for left, _ in gutters), start + float(filled[-1]) + 1]
    return [Column(left, right) for left, right in zip(firsts, lasts, strict=True)]


def _typical_gap(rows: Sequence[Row], left: float, right: float) -> float:
    """The median white, over a gutter from ``left`` to ``right``, of rows with text beside it."""
    middle = (left + right) / 2
    gaps = [
        b.box.left - a.box.right
        for row in rows
        for a, b in pairwise(row)
        if a.box.right <= middle <= b.box.left
    ]
    return median(gaps) if gaps else 0.0


def _is_apart(row: Row, number: int, line_height: float) -> bool:
    """Whether white separates a segment from those beside it, more than words of one text."""
    return all(
        b.box.left - a.box.right >= MIN_TYPICAL_GUTTER * line_height
        for a, b in pairwise(row[max(0, number - 1) : number + 2])
    )


def _with(column: Column, segment: Segment) -> Column:
    return Column(min(column.left, segment.box.left), max(column.right, segment.box.right))


def _between(sparse: Sequence[Column], cores: Sequence[Column], line_height: float) -> list[Column]:
    """Columns with text in a few rows only, which therefore are no cores."""
    found: list[Column] = []
    counts: list[int] = []
    for left, right in sorted(sparse):
        if found and left < found[-1].right + MIN_GUTTER * line_height:
            found[-1] = Column(found[-1].left, max(found[-1].right, right))
            counts[-1] += 1
        else:
            found.append(Column(left, right))
            counts.append(1)
    return [
        column
        for column, count in zip(found, counts, strict=True)
        if count > 1
        and all(
            column.left > core.right + MIN_TYPICAL_GUTTER * line_height
            or column.right < core.left - MIN_TYPICAL_GUTTER * line_height
            for core in cores
        )
    ]


def _disjoint(columns: Sequence[Column]) -> list[Column]:
    """The columns, with two that long entries make overlap divided in the middle."""
    edges = [list(column) for column in columns]
    for before, after in pairwise(edges):
        if before[1] > after[0]:
            before[1] = after[0] = (before[1] + after[0]) / 2
    return [Column(left, right) for left, right in edges]
